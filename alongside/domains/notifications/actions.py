"""Choose, subscribe, consider what is new, tell it, look for who waits."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.conversations.queries import conversation
from alongside.domains.mail import actions as mail
from alongside.domains.notifications import logic, pushing, queries
from alongside.domains.notifications.events import Mentioned, WaitsTooLong
from alongside.domains.notifications.logic import Push
from alongside.domains.notifications.pushing import Device, Outcome
from alongside.domains.notifications.queries import About, Target
from alongside.domains.notifications.schemas import Choices, NewPushDevice, NotificationSettings, Tested
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Row, Work
from alongside.platform.egress import Egress, NotSent
from alongside.platform.errors import Conflict, Invalid, NotFound
from alongside.platform.jobs import enqueue
from alongside.platform.limits import Budget

PUSH = "notifications.push"
DIGEST = "digest"
MOST_DEVICES = 20
TESTS_PER_HOUR = 30
# Who looks at the conversation has seen the message by then, and is not told.
GRACE_SECONDS = 5
LEASE_SECONDS = 60
RETRY_SECONDS = 30
AT_ONCE = 100
KEEP = "30 days"
DEFAULTS = msgspec.to_builtins(Choices())

# Whom a note names now, and did not before it was edited; never who wrote it.
NAMED = f"""
(w.agent_id <> c.author_id AND {queries.NAMED.format("c.mentions")} AND NOT {queries.NAMED.format("c.before")})
"""

CONSIDER = f"""
WITH wish AS ({queries.WISHES}), news AS (
    SELECT DISTINCT ON (c.id, event, mention) c.id, c.assignee_id, c.team_id, c.holder_id, e.seq, e.author_id, x.event,
           s.data -> 'mentions' AS mentions, e.data -> 'before' AS before,
           CASE event WHEN 'mention' THEN e.seq END AS mention
    FROM conversation c JOIN entry e ON e.conversation_id = c.id AND e.seq > c.last_seq - 50
    JOIN entry s ON s.conversation_id = e.conversation_id AND s.seq = {queries.SAID}
    CROSS JOIN LATERAL (SELECT CASE
        WHEN e.kind = 'assignment' THEN 'assigned'
        WHEN e.kind IN ('note', 'edited') AND s.data ? 'mentions' THEN 'mention'
        WHEN e.kind <> 'message' OR e.author_kind <> 'visitor' OR c.status <> 'unread' THEN NULL
        WHEN EXISTS (SELECT FROM episode p WHERE p.conversation_id = c.id AND p.first_seq = e.seq)
            THEN 'new_conversation'
        ELSE 'new_message' END AS event) x
    WHERE c.id = ANY($2) AND e.at > now() - interval '5 minutes' AND x.event IS NOT NULL
    ORDER BY c.id, event, mention, e.seq DESC
)
INSERT INTO notification (agent_id, conversation_id, event, way, seq, due_at, state, done_at)
SELECT w.agent_id, c.id, c.event, way, c.seq,
       now() + CASE way WHEN 'page' THEN interval '0'
                        WHEN 'push' THEN make_interval(secs => {GRACE_SECONDS})
                        ELSE make_interval(mins => w.digest_minutes) END,
       CASE way WHEN 'page' THEN 'sent' ELSE 'waiting' END, CASE way WHEN 'page' THEN now() END
FROM news c JOIN wish w ON CASE c.event WHEN 'mention' THEN {NAMED} AND {queries.SEES} ELSE {queries.CONCERNS} END
CROSS JOIN unnest(ARRAY['page', 'push', 'mail']) AS way
WHERE CASE way WHEN 'page' THEN c.event = 'mention' AND w.choices -> 'mention' @? '$.* ? (@ == true)'
               ELSE (w.choices -> c.event ->> way)::boolean END
  AND (c.event <> 'assigned' OR (c.author_id IS DISTINCT FROM w.agent_id
                                 AND (c.assignee_id IS NOT NULL OR c.team_id IS NOT NULL)))
  AND (way <> 'push' OR EXISTS (SELECT FROM push_device d WHERE d.agent_id = w.agent_id))
  AND NOT EXISTS (SELECT FROM notification o
                  WHERE o.agent_id = w.agent_id AND o.conversation_id = c.id AND o.event = c.event AND o.way = way
                    AND o.state = 'waiting')
ON CONFLICT DO NOTHING
RETURNING agent_id, conversation_id, way
"""

# Once a waiting: it is named by its first entry.
LOOK_FOR_WAITING = f"""
WITH wish AS ({queries.WISHES})
INSERT INTO notification (agent_id, conversation_id, event, way, seq, due_at, state, done_at)
SELECT w.agent_id, c.id, 'waiting', way,
       (SELECT min(e.seq) FROM entry e WHERE e.conversation_id = c.id AND e.at >= c.waiting_since),
       now() + CASE way WHEN 'mail' THEN make_interval(mins => w.digest_minutes) ELSE interval '0' END,
       CASE way WHEN 'page' THEN 'sent' ELSE 'waiting' END, CASE way WHEN 'page' THEN now() END
FROM conversation c JOIN wish w ON {queries.CONCERNS} CROSS JOIN unnest(ARRAY['page', 'push', 'mail']) AS way
WHERE c.status = 'unread' AND c.last_seq > 0
  AND c.waiting_since BETWEEN now() - interval '1 day' AND now() - make_interval(mins => w.waiting_minutes)
  AND CASE way
      WHEN 'page' THEN w.choices -> 'waiting' @? '$.* ? (@ == true)'
      WHEN 'push' THEN (w.choices -> 'waiting' ->> 'push')::boolean
                       AND EXISTS (SELECT FROM push_device d WHERE d.agent_id = w.agent_id)
      ELSE (w.choices -> 'waiting' ->> 'mail')::boolean END
ON CONFLICT DO NOTHING
RETURNING agent_id, conversation_id, way
"""

TAKE = f"""
UPDATE notification SET due_at = now() + interval '{LEASE_SECONDS} seconds'
WHERE id IN (SELECT id FROM notification WHERE way = 'push' AND state = 'waiting' AND due_at <= now()
             ORDER BY due_at LIMIT {AT_ONCE} FOR UPDATE SKIP LOCKED)
RETURNING id
"""

SETTLE = "UPDATE notification SET state = $2, reason = $3, done_at = now() WHERE id = $1 AND state = 'waiting'"

LATER = f"""
UPDATE notification SET reason = $2, due_at = now() + interval '{RETRY_SECONDS} seconds'
WHERE id = $1 AND state = 'waiting'
"""


async def choose(work: Work, actor: AgentActor, settings: NotificationSettings) -> None:
    """What one wants to be told from now on."""
    await work.run(
        """
        INSERT INTO notification_settings
            (agent_id, choices, repeat_sound, when_offline, waiting_minutes, digest_minutes)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (agent_id) DO UPDATE SET choices = excluded.choices, repeat_sound = excluded.repeat_sound,
            when_offline = excluded.when_offline, waiting_minutes = excluded.waiting_minutes,
            digest_minutes = excluded.digest_minutes
        """,
        actor.id,
        settings.choices,
        settings.repeat_sound,
        settings.when_offline,
        settings.waiting_minutes,
        settings.digest_minutes,
    )


async def push_key(database: Database) -> str:
    """What browsers subscribe with. The key is made when it is first asked for; of two, the first stays."""
    async with database.reading() as reading:
        found = await queries.key(reading)
    if found is None:
        async with database.work() as work:
            await work.run("INSERT INTO push_key (private_pem) VALUES ($1) ON CONFLICT DO NOTHING", pushing.new_key())
            found = await queries.key(work)
    assert found is not None
    return pushing.public_key(found)


async def subscribe(work: Work, egress: Egress, actor: AgentActor, new: NewPushDevice, user_agent: str) -> None:
    """This browser takes pushes for the agent. One that did for somebody else now does for this one."""
    try:
        egress.checked(new.endpoint)
    except NotSent as problem:
        raise Invalid(problem.code, problem.message) from None
    if not pushing.is_subscription(new.p256dh, new.auth):
        raise Invalid("subscription-malformed", "These are no keys of a browser's subscription. Subscribe again.")
    await work.run("SELECT FROM agent WHERE id = $1 FOR UPDATE", actor.id)
    held = await work.value(
        "SELECT count(*) FROM push_device WHERE agent_id = $1 AND endpoint <> $2", actor.id, new.endpoint
    )
    if held >= MOST_DEVICES:
        raise Conflict("too-many-devices", f"At most {MOST_DEVICES} browsers take pushes. Remove one that is not used.")
    await work.run(
        """
        INSERT INTO push_device (agent_id, session_id, endpoint, p256dh, auth, user_agent)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (endpoint) DO UPDATE SET agent_id = excluded.agent_id, session_id = excluded.session_id,
            p256dh = excluded.p256dh, auth = excluded.auth, user_agent = excluded.user_agent, created_at = now()
        """,
        actor.id,
        actor.session_id,
        new.endpoint,
        new.p256dh,
        new.auth,
        user_agent[:300],
    )


async def unsubscribe(work: Work, actor: AgentActor, device_id: UUID) -> None:
    """One of one's browsers takes no pushes any more."""
    if not await work.run("DELETE FROM push_device WHERE id = $1 AND agent_id = $2", device_id, actor.id):
        raise NotFound("no-such-device", "This browser takes no pushes (any more).")


async def consider(database: Database, conversation_ids: Sequence[UUID]) -> int:
    """Tell whom it concerns what is new in these conversations. Considering twice tells nothing twice."""
    async with database.work() as work:
        rows = await work.rows(CONSIDER, DEFAULTS, list(conversation_ids))
        for conversation_id, agent_ids in _in_page(rows).items():
            if naming := await conversation(work, conversation_id):
                work.announce(Mentioned(row=naming, agent_ids=agent_ids))
        if any(row["way"] != "page" for row in rows):
            await enqueue(work, PUSH, after_seconds=GRACE_SECONDS + 0.5)
    return len(rows)


async def look_again(database: Database) -> None:
    """Consider what a process that died may have left, and look for visitors who wait too long."""
    async with database.reading() as reading:
        left = await queries.mentioning(reading)
        if await queries.anybody(reading):
            left += await queries.recent(reading)
    if left:
        await consider(database, left)
    async with database.work() as work:
        rows = await work.rows(LOOK_FOR_WAITING, DEFAULTS)
        for conversation_id, agent_ids in _in_page(rows).items():
            if waiting := await conversation(work, conversation_id):
                work.announce(WaitsTooLong(row=waiting, agent_ids=agent_ids))
        if rows:
            await enqueue(work, PUSH)


def _in_page(rows: Sequence[Row]) -> dict[UUID, list[UUID]]:
    """Which agents the console tells of which conversation."""
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        if row["way"] == "page":
            found.setdefault(row["conversation_id"], []).append(row["agent_id"])
    return found


async def deliver_pushes(database: Database, config: Config, egress: Egress) -> int:
    """Push what is due. Returns how many notifications were taken in hand."""
    async with database.work() as work:
        taken = [row["id"] for row in await work.rows(TAKE)]
    if not taken:
        return 0
    async with database.reading() as reading:
        pem, told = await queries.key(reading), await queries.push_text(reading)
        abouts = await queries.about(reading, taken)
        targets = {each.agent_id: await queries.targets(reading, each.agent_id) for each in abouts}
    for each in abouts:
        await _deliver(database, Sending(config, egress, pem), each, targets[each.agent_id], told=told)
    return len(taken)


class Sending(msgspec.Struct, frozen=True):
    """With what pushes are sent."""

    config: Config
    egress: Egress
    pem: str | None


async def _deliver(database: Database, sending: Sending, about: About, targets: list[Target], *, told: bool) -> None:
    if about.settled is not None or not targets:
        async with database.work() as work:
            reason = about.settled or "no-device"
            await work.run(SETTLE, about.id, "dropped", reason)
        return
    push = logic.push(
        about.event,
        about.locale,
        logic.body_of(about.channel, about.name, about.preview, told=told),
        f"/console/inbox/{about.conversation_id}",
        about.conversation_id.hex,
    )
    sent, reason, again = await _push_to_all(database, sending, targets, push)
    async with database.work() as work:
        if sent:
            await work.run(SETTLE, about.id, "sent", reason)
        elif again and not about.stale:
            await work.run(LATER, about.id, reason)
        else:
            await work.run(SETTLE, about.id, "failed", reason)


async def _push_to_all(
    database: Database, sending: Sending, targets: Sequence[Target], push: Push
) -> tuple[int, str, bool]:
    """How many browsers got it, why another did not, and whether that may change."""
    if sending.pem is None:
        return 0, "no-key", False
    # Push services want to know whom to ask about the pushes: an address of mail or of the web.
    subject = sending.config.public_url if sending.config.public_url.startswith("https://") else "mailto:root@localhost"
    outcomes: list[Outcome] = await asyncio.gather(
        *(
            pushing.send(
                sending.egress, sending.pem, subject, Device(endpoint=t.endpoint, p256dh=t.p256dh, auth=t.auth), push
            )
            for t in targets
        )
    )
    pairs = list(zip(targets, outcomes, strict=True))
    async with database.work() as work:
        await work.run(
            "DELETE FROM push_device WHERE id = ANY($1)", [target.id for target, outcome in pairs if outcome.gone]
        )
        await work.run(
            "UPDATE push_device SET last_push_at = now() WHERE id = ANY($1)",
            [target.id for target, outcome in pairs if not outcome.reason],
        )
    reasons = [outcome.reason for outcome in outcomes if outcome.reason]
    return len(outcomes) - len(reasons), (reasons or [""])[0], any(outcome.again for outcome in outcomes)


async def test_push(database: Database, config: Config, egress: Egress, actor: AgentActor) -> Tested:
    """Push to all of one's browsers, at once."""
    tries = Budget("push-test", str(actor.id), "", TESTS_PER_HOUR, 3_600)
    await limits.spend(database, [tries], "Too many tests. Wait a while.")
    async with database.reading() as reading:
        targets, pem = await queries.targets(reading, actor.id), await queries.key(reading)
        found = await queries.agent(reading, actor.id)
    if not targets or found is None:
        raise Conflict("no-device", "No browser of yours takes pushes yet. Switch them on in one first.")
    push = logic.push("test", found[1], "", "/console/settings/notifications", "test")
    sent, reason, _ = await _push_to_all(database, Sending(config, egress, pem), targets, push)
    await _log_test(database, actor, "push", sent, reason)
    return Tested(sent, reason)


async def test_mail(database: Database, config: Config, actor: AgentActor) -> Tested:
    """Mail oneself, at once."""
    tested = await mail.send_test(database, config, actor)
    await _log_test(database, actor, "mail", int(tested.sent), tested.reason)
    return Tested(int(tested.sent), tested.reason)


async def queue_digests(database: Database) -> int:
    """Put a letter on its way to each agent for whom enough time has gathered. Returns how many."""
    async with database.reading() as reading:
        due = await queries.digests_due(reading)
    for agent_id, address in due:
        async with database.work() as work:
            await mail.post(work, mail.Post(kind=DIGEST, address=address, agent_id=agent_id))
    return len(due)


async def sweep(work: Work) -> None:
    """Forget the log of a month ago, and browsers whose session has ended."""
    await work.run(f"DELETE FROM notification WHERE created_at < now() - interval '{KEEP}'")
    await work.run(f"DELETE FROM push_device WHERE id NOT IN (SELECT d.id FROM {queries.LIVE_DEVICE})")


async def _log_test(database: Database, actor: AgentActor, way: str, sent: int, reason: str) -> None:
    async with database.work() as work:
        await work.run(
            """
            INSERT INTO notification (agent_id, event, way, state, reason, done_at)
            VALUES ($1, 'test', $2, $3, $4, now())
            """,
            actor.id,
            way,
            "sent" if sent else "failed",
            reason,
        )
