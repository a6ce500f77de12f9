"""What is due goes out by push and mail, and what became of it is kept for a month."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from alongside.domains.mail import actions as mail
from alongside.domains.notifications import logic, pushing, queries
from alongside.domains.notifications.logic import Push
from alongside.domains.notifications.pushing import Device, Outcome
from alongside.domains.notifications.queries import About, Target
from alongside.domains.notifications.schemas import Tested
from alongside.platform import limits
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.egress import Egress
from alongside.platform.errors import Conflict
from alongside.platform.limits import Budget

DIGEST = "digest"
TESTS_PER_HOUR = 30
LEASE_SECONDS = 60
RETRY_SECONDS = 30
AT_ONCE = 100
KEEP = "30 days"

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


class Sending(msgspec.Struct, frozen=True):
    """With what pushes are sent."""

    config: Config
    egress: Egress
    pem: str | None


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
