"""Put letters on their way, send those that are due, test the server."""

from __future__ import annotations

import time
from collections.abc import Mapping
from uuid import UUID

import msgspec
import structlog

from alongside.domains.mail import policy, queries
from alongside.domains.mail.letters import Item, Kind, Parts, Unwanted, letter, words
from alongside.domains.mail.schemas import MailState, MailTested
from alongside.domains.workspace.events import SettingsChanged
from alongside.domains.workspace.queries import workspace
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, NotFound, Unavailable
from alongside.platform.jobs import enqueue
from alongside.platform.limits import Budget
from alongside.platform.mail import Letter, MailServer, NotSent, send, server_of

log = structlog.get_logger()

DELIVER = "mail.deliver"
# Longer than the mail server may take: a letter that is being sent is not taken twice.
LEASE_SECONDS = 120.0
# Jobs are done one after the other; the next letters are another job's.
AT_ONCE = 20
AT_MOST_SECONDS = 30.0
FIRST_RETRY_SECONDS = 60.0
LONGEST_RETRY_SECONDS = 6 * 3_600.0
GIVE_UP = "3 days"
KEEP = "30 days"
TESTS_PER_HOUR = 20

# Whoever takes it holds it for a while: a process that dies in between gives it back by that.
TAKE = """
UPDATE mail SET tries = tries + 1, next_try_at = now() + make_interval(secs => $1)
WHERE id = (SELECT id FROM mail WHERE state = 'waiting' AND next_try_at <= now()
            ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id, kind, address, agent_id, invitation_id, contact_id, conversation_id, episode, watchdog_id, tries
"""

SETTLE = "UPDATE mail SET state = $2, reason = $3, done_at = now() WHERE id = $1 AND state = 'waiting'"

LATER = """
UPDATE mail SET reason = $2, next_try_at = now() + make_interval(secs => $3) WHERE id = $1 AND state = 'waiting'
"""

GIVEN_UP = f"""
UPDATE mail SET state = 'failed', done_at = now(), reason = coalesce(nullif(reason, ''), $1)
WHERE state = 'waiting' AND created_at < now() - interval '{GIVE_UP}'
RETURNING id, kind, address, agent_id, invitation_id, contact_id, conversation_id, episode, watchdog_id, tries
"""


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A letter to be: its kind, its reader, and what it is about."""

    kind: str
    address: str
    agent_id: UUID | None = None
    invitation_id: UUID | None = None
    contact_id: UUID | None = None
    conversation_id: UUID | None = None
    episode: int | None = None
    watchdog_id: UUID | None = None


async def post(work: Work, new: Post) -> UUID:
    """Put a letter on its way. It goes out once this work is committed, or as soon as there is a mail server."""
    mail_id: UUID = await work.value(
        """
        INSERT INTO mail (kind, address, agent_id, invitation_id, contact_id, conversation_id, episode, watchdog_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
        """,
        new.kind,
        new.address,
        new.agent_id,
        new.invitation_id,
        new.contact_id,
        new.conversation_id,
        new.episode,
        new.watchdog_id,
    )
    await enqueue(work, DELIVER)
    return mail_id


async def post_if(work: Work, wanted: bool, new: Post) -> None:
    """As `post`, or nothing by the same steps: how long it takes must not tell which."""
    await work.run(
        "INSERT INTO mail (kind, address, agent_id) SELECT $1, $2, $3 WHERE $4",
        new.kind,
        new.address,
        new.agent_id,
        wanted,
    )
    await enqueue(work, DELIVER)


async def deliver(database: Database, config: Config, kinds: Mapping[str, Kind]) -> int:
    """Send what is due. Returns how many letters were taken in hand; without a mail server none."""
    if config.mail_url is None:
        return 0
    server, until = server_of(config.mail_url), time.monotonic() + AT_MOST_SECONDS
    for done in range(AT_ONCE):
        if time.monotonic() > until or not await _deliver_one(database, config, server, kinds):
            return done
    async with database.work() as work:
        await enqueue(work, DELIVER)
    return AT_ONCE


async def sweep(database: Database, kinds: Mapping[str, Kind]) -> None:
    """Give up on letters that could not go out for days, and forget the log of a month ago."""
    async with database.work() as work:
        for row in await work.rows(GIVEN_UP, "no-server"):
            item = Item(**dict(row))
            if item.kind in kinds:
                await kinds[item.kind].settled(work, item, "gave-up")
        await work.run(f"DELETE FROM mail WHERE created_at < now() - interval '{KEEP}' AND state <> 'waiting'")


async def try_again(work: Work, actor: AgentActor, mail_id: UUID) -> None:
    """A letter that waits or failed goes out now. Raises `Conflict` for one that was sent."""
    _require_manage(actor)
    state = await work.value("SELECT state FROM mail WHERE id = $1 FOR UPDATE", mail_id)
    if state is None:
        raise NotFound("no-such-mail", "This mail is not in the log any more.")
    if state not in ("waiting", "failed"):
        raise Conflict("mail-settled", "This mail went out, or is not needed any more.")
    await work.run(
        """
        UPDATE mail SET state = 'waiting', tries = 0, reason = '', next_try_at = now(), done_at = NULL,
            created_at = now()
        WHERE id = $1
        """,
        mail_id,
    )
    await enqueue(work, DELIVER)


async def set_push_text(work: Work, actor: AgentActor, on: bool) -> None:
    """Whether pushes and digests may say who wrote and what."""
    _require_manage(actor)
    if await work.run("UPDATE workspace SET push_text = $1 WHERE push_text <> $1", on):
        work.announce(SettingsChanged(actor_id=actor.id, area="mail", values={"push_text": on}))


async def state(database: Database, config: Config) -> MailState:
    """Whether mail goes out."""
    async with database.reading() as reading:
        counts = await queries.counts(reading)
    server = server_of(config.mail_url) if config.mail_url else None
    return MailState(
        configured=server is not None,
        server=server.shown if server else None,
        sender=server.sender if server else None,
        waiting=counts.waiting,
        failed_lately=counts.failed_lately,
        push_text=counts.push_text,
    )


async def test(database: Database, config: Config, actor: AgentActor) -> MailTested:
    """Test the server: as `send_test`, for who manages mail."""
    _require_manage(actor)
    return await send_test(database, config, actor)


async def send_test(database: Database, config: Config, actor: AgentActor) -> MailTested:
    """Send the agent who asks a letter at once, and tell what the mail server said. Raises `Conflict` without one."""
    if config.mail_url is None:
        raise Conflict("no-mail-server", "No mail server is configured. Set mail_url, then start Alongside again.")
    tries = Budget("mail-test", str(actor.id), "", TESTS_PER_HOUR, 3_600)
    await limits.spend(database, [tries], "Too many tests. Wait a while.")
    async with database.reading() as reading:
        reader = await queries.reader(reading, actor.id)
        company = (await workspace(reading)).name or "Alongside"
    assert reader is not None
    said = words(reader.locale)
    parts = Parts(
        to=reader.email,
        locale=reader.locale,
        subject=said["test.subject"].format(company=company),
        lines=[said["test.line"]],
        footer=said["test.footer"],
        from_name=company,
    )
    reason = ""
    try:
        await send(server_of(config.mail_url), letter(parts))
    except NotSent as problem:
        reason = problem.reason
    async with database.work() as work:
        await work.run(
            """
            INSERT INTO mail (kind, address, agent_id, state, tries, reason, done_at)
            VALUES ('test', $1, $2, $3, 1, $4, now())
            """,
            reader.email,
            actor.id,
            "failed" if reason else "sent",
            reason,
        )
    return MailTested(sent=not reason, address=reader.email, reason=reason)


async def _deliver_one(database: Database, config: Config, server: MailServer, kinds: Mapping[str, Kind]) -> bool:
    """Write, send and settle the letter that is due the longest; False where none is."""
    async with database.work() as work:
        row = await work.row(TAKE, LEASE_SECONDS)
    if row is None:
        return False
    item = Item(**dict(row))
    kind = kinds.get(item.kind)
    if kind is None:  # of a newer version, or one that cannot be sent again
        async with database.work() as work:
            await work.run(SETTLE, item.id, "dropped", "not-again")
        return True
    try:
        written = await _write(database, config, kind, item)
        if written is None:
            return True
        await send(server, written)
    except NotSent as problem:
        await _not_sent(database, kind, item, problem)
        return True
    async with database.work() as work:
        # Whoever was erased meanwhile has no row any more, and nothing to be told of.
        if await work.run(SETTLE, item.id, "sent", ""):
            await kind.settled(work, item, None)
    return True


async def _write(database: Database, config: Config, kind: Kind, item: Item) -> Letter | None:
    """The letter, or None where nobody needs it any more. Raises `NotSent` where we fail: the others still go out."""
    try:
        async with database.work() as work:
            written = await kind.write(work, config, item)
            if not isinstance(written, Unwanted):
                return written
            await work.run(SETTLE, item.id, "dropped", written.reason)
            return None
    except Unavailable:
        raise
    except Exception as error:
        log.exception("mail.not_written", kind=item.kind)
        reason = f"Alongside could not write it ({type(error).__name__}). The server's log tells more."
        raise NotSent(reason, for_good=False) from error


async def _not_sent(database: Database, kind: Kind, item: Item, problem: NotSent) -> None:
    async with database.work() as work:
        if not problem.for_good:
            wait = min(FIRST_RETRY_SECONDS * 2 ** (item.tries - 1), LONGEST_RETRY_SECONDS)
            await work.run(LATER, item.id, problem.reason, wait)
        elif await work.run(SETTLE, item.id, "failed", problem.reason):
            await kind.settled(work, item, problem.reason)


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing mail. Ask an admin for it.")
