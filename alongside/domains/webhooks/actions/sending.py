"""From facts to deliveries to tries. Each step is one transaction: whoever dies in the middle leaves it to others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from alongside.domains.webhooks import logic, queries, telling
from alongside.domains.webhooks.letters import tell_managers
from alongside.domains.webhooks.logic import Said
from alongside.domains.webhooks.schemas import OffReason
from alongside.platform.db import Row, Work

FACTS_AT_ONCE = 200
# Longer than a try can last; then it is another process's turn.
LEASE_SECONDS = 60
# So long without any success, and it is switched off.
FAILING_DAYS = 3
KEPT_DAYS = 14

# One process at a time, so that events of a conversation come into line in the order of its log.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('alongside.webhooks'))"

PUT = """
INSERT INTO webhook_delivery (webhook_id, event_id, type, conversation_id, body, seq, contact_id)
SELECT w.id, g.event_id, g.type, g.conversation_id, g.body, g.seq, g.contact_id
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $7::bigint[], $8::uuid[])
    WITH ORDINALITY AS g (webhook_id, event_id, type, conversation_id, body, seq, contact_id, place)
JOIN webhook w ON w.id = g.webhook_id
WHERE (g.conversation_id IS NULL OR EXISTS (SELECT FROM conversation c WHERE c.id = g.conversation_id))
  AND (g.contact_id IS NULL OR EXISTS (SELECT FROM contact p WHERE p.id = g.contact_id))
ORDER BY g.place
ON CONFLICT (webhook_id, event_id) DO UPDATE SET state = 'waiting', attempts = 0, due_at = now()
WHERE excluded.event_id = ANY($6::text[])
"""

DONE_WITH = "DELETE FROM webhook_fact WHERE id = ANY($1)"

CLAIM = f"""
WITH due AS (
    SELECT d.id FROM webhook_delivery d
    WHERE d.webhook_id = $1 AND d.state = 'waiting' AND d.due_at <= now()
      AND NOT EXISTS (
        SELECT FROM webhook_delivery e
        WHERE e.conversation_id = d.conversation_id AND e.webhook_id = d.webhook_id AND e.state = 'waiting'
          AND e.position < d.position AND e.attempts < {logic.PATIENT_ATTEMPTS})
    ORDER BY d.due_at, d.position LIMIT $2 FOR UPDATE SKIP LOCKED
)
UPDATE webhook_delivery d
SET attempts = d.attempts + 1, due_at = now() + make_interval(secs => {LEASE_SECONDS}), tried_at = NULL
FROM due, webhook w
WHERE d.id = due.id AND w.id = d.webhook_id AND w.active
RETURNING d.id, d.webhook_id, d.event_id, d.body, d.attempts, w.url, w.secret,
          CASE WHEN w.previous_until > now() THEN w.previous_secret END AS previous_secret
"""

# `attempts` is the claim's number: who was too slow finds another's there, and changes nothing.
FINISH = """
UPDATE webhook_delivery SET state = $3, due_at = now() + make_interval(secs => $4), tried_at = now(), status = $5,
    error = $6, answer = $7, milliseconds = $8
WHERE id = $1 AND attempts = $2 AND state = 'waiting'
"""

WORKED = "UPDATE webhook SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL"

FAILED = f"""
UPDATE webhook SET failing_since = coalesce(failing_since, now()),
    active = active AND NOT $2 AND NOT failing,
    off_reason = CASE WHEN NOT active THEN off_reason WHEN $2 THEN 'gone' WHEN failing THEN 'failing' END
FROM (SELECT coalesce(failing_since < now() - interval '{FAILING_DAYS} days', false) AS failing
      FROM webhook WHERE id = $1 FOR UPDATE) AS standing
WHERE id = $1
RETURNING off_reason
"""

SWEEP = f"""
DELETE FROM webhook_delivery WHERE created_at < now() - interval '{KEPT_DAYS} days'
"""


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A try that somebody has taken on. `keys` sign it."""

    id: UUID
    webhook_id: UUID
    event_id: str
    body: str
    number: int
    url: str
    keys: Sequence[str]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """How a try went. `status` None: nothing was answered. `error` says why it does not count, as a code."""

    status: int | None
    error: str | None
    answer: str | None
    milliseconds: int

    @property
    def ok(self) -> bool:
        """Whether the receiver took it."""
        return self.error is None

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing any more."""
        return self.status == 410


async def put_in_line(work: Work, console: str) -> bool:
    """Turn facts into deliveries for whoever listens. True where there may be more facts."""
    await work.value(ONE_AT_A_TIME)
    facts = await queries.facts(work, FACTS_AT_ONCE)
    if not facts:
        return False
    listeners = await queries.listeners(work)
    # By webhook and event: what happens and is told again at the same time is told once.
    lines = {
        (listener.id, said.event_id): (said, fact)
        for fact in facts
        for listener in listeners
        if fact["webhook_id"] in (None, listener.id)
        for said in _said(fact, listener.events, console)
    }
    if lines:
        again = [said.event_id for said, fact in lines.values() if fact["webhook_id"]]
        await work.run(
            PUT,
            [webhook_id for webhook_id, _ in lines],
            [event_id for _, event_id in lines],
            [said.type for said, _ in lines.values()],
            [fact["conversation_id"] for _, fact in lines.values()],
            [said.body for said, _ in lines.values()],
            again,
            [fact["seq"] if fact["conversation_id"] else None for _, fact in lines.values()],
            [fact["of_id"] for _, fact in lines.values()],
        )
    await work.run(DONE_WITH, [fact["fact_id"] for fact in facts])
    return len(facts) == FACTS_AT_ONCE


async def claim(work: Work, webhook_id: UUID, most: int) -> list[Attempt]:
    """Take on what is due for a webhook, of each conversation the oldest only."""
    return [
        Attempt(
            id=row["id"],
            webhook_id=row["webhook_id"],
            event_id=row["event_id"],
            body=row["body"],
            number=row["attempts"],
            url=row["url"],
            keys=[key for key in (row["secret"], row["previous_secret"]) if key],
        )
        for row in await work.rows(CLAIM, webhook_id, most)
    ]


async def finish(work: Work, attempt: Attempt, outcome: Outcome, jitter: float) -> OffReason | None:
    """Note how a try went. Returns why the webhook was switched off, where this did it."""
    wait = None if outcome.ok else logic.next_try(attempt.number, jitter)
    state: Literal["delivered", "failed", "waiting"] = (
        "delivered" if outcome.ok else "failed" if wait is None else "waiting"
    )
    noted = await work.run(
        FINISH,
        attempt.id,
        attempt.number,
        state,
        wait or 0.0,
        outcome.status,
        outcome.error,
        outcome.answer,
        outcome.milliseconds,
    )
    if not noted:
        return None
    if outcome.ok:
        await work.run(WORKED, attempt.webhook_id)
        return None
    reason: OffReason | None = await work.value(FAILED, attempt.webhook_id, outcome.gone)
    if reason:
        await tell_managers(work)
    return reason


async def sweep(work: Work) -> int:
    """Forget deliveries of more than two weeks ago. Returns how many."""
    return await work.run(SWEEP)


def _said(fact: Row, wanted: Sequence[str], console: str) -> list[Said]:
    if fact["erased_contact_id"] is not None:
        if "contact.erased" not in wanted or fact["erased_at"] is None:
            return []
        return [logic.erased(fact["erased_contact_id"], fact["erased_at"])]
    if fact["of_id"] is not None:
        return telling.of_contact(dict(fact), wanted, console)
    if fact["ticket_kind"] is not None:
        return telling.of_ticket(dict(fact), wanted, console)
    return logic.events_of(dict(fact), wanted, console) if fact["kind"] is not None else []
