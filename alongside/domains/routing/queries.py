"""Everything that is asked of routing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.agents.queries.people import LIVE
from alongside.domains.conversations.rows import OPEN_HELD, ROW_COLUMNS, row_from
from alongside.domains.routing.logic import queueing
from alongside.domains.routing.logic.replaying import Past
from alongside.domains.routing.schemas import Candidate, QueueEntry, RoutingDecision, Waiting, Wanted
from alongside.kit.time import now
from alongside.platform.db import Reading, Row

CANDIDATES = f"""
SELECT a.id, a.active, ({LIVE}) AND a.wants_online AS online, a.area, a.chat_limit,
    {OPEN_HELD}::int AS open,
    r.permissions && ARRAY['*', 'conversations.reply'] AS may_reply,
    ARRAY(SELECT m.team_id FROM team_member m WHERE m.agent_id = a.id ORDER BY m.team_id) AS team_ids,
    a.tags || ARRAY(SELECT unnest(t.tags) FROM team_member m JOIN team t ON t.id = m.team_id
                    WHERE m.agent_id = a.id) AS tags,
    (SELECT e.at FROM entry e WHERE e.kind = 'assignment' AND e.data ->> 'agent_id' = a.id::text
     ORDER BY e.at DESC LIMIT 1) AS last_given_at
FROM agent a JOIN role r ON r.id = a.role_id WHERE a.kind = 'person' ORDER BY a.id
"""

# Who may be answered for by nobody else: a colleague who takes a conversation at this moment holds the row.
HOLD_AGENT = "SELECT chat_limit FROM agent WHERE id = $1 AND active FOR UPDATE SKIP LOCKED"
OPEN = f"SELECT {OPEN_HELD} FROM agent a WHERE a.id = $1"

FINGERPRINT = """
SELECT coalesce(md5(string_agg(id::text || ':' || version, ',' ORDER BY position, id)), '') FROM rule
WHERE kind = 'routing' AND state = 'on'
"""

# Who has had it since an earlier episode is offline, and the customer is not theirs for good.
LEFT_BEHIND = f"""
SELECT true FROM conversation c JOIN agent a ON a.id = c.assignee_id JOIN contact m ON m.id = c.contact_id
JOIN contact p ON p.id = m.person_id
WHERE c.id = $1 AND p.agent_id IS NULL AND p.team_id IS NULL AND NOT (({LIVE}) AND a.wants_online)
  AND NOT EXISTS (
      SELECT FROM entry e WHERE e.conversation_id = c.id AND e.episode = c.episode AND e.kind = 'assignment')
"""

WAITING_COLUMNS = """
q.conversation_id, q.episode, q.agent_id, q.team_id, q.tag, q.priority, q.since, q.until, q.rule_id, q.rules,
q.passed_over
"""
WAITING = f"SELECT {WAITING_COLUMNS} FROM routing_queue q ORDER BY q.priority DESC, q.since, q.conversation_id"
OVERDUE = f"""
SELECT {WAITING_COLUMNS} FROM routing_queue q WHERE q.until <= now() AND q.conversation_id <> ALL ($1)
ORDER BY q.until LIMIT 1
"""
STALE = f"""
SELECT {WAITING_COLUMNS} FROM routing_queue q WHERE q.rules <> ({FINGERPRINT}) AND q.conversation_id <> ALL ($1)
ORDER BY q.priority DESC, q.since, q.conversation_id LIMIT 1
"""

PENDING = """
SELECT p.conversation_id FROM routing_pending p JOIN conversation c ON c.id = p.conversation_id
WHERE c.last_seq > 0 ORDER BY coalesce(c.waiting_since, c.created_at) LIMIT 200
"""
# What there is to do at all, in one round trip.
TO_DO = """
SELECT EXISTS (SELECT FROM routing_pending) AS pending, EXISTS (SELECT FROM routing_queue) AS queue,
       EXISTS (SELECT FROM routing_watch) AS watch
"""

# `answered`: nothing to watch over any more. A message by anybody of the team counts, not the status: that is Unread
# again as soon as the customer writes on, and may be set by hand without a word to them.
# `silent` (they have not opened it either) and `gone`: another is to get it.
WATCHED = f"""
SELECT w.conversation_id, w.agent_id, w.since, w.rule_id, w.passed_over, w.must_stay,
    c.assignee_id IS DISTINCT FROM w.agent_id OR c.status = 'done' OR c.episode <> w.episode
        OR EXISTS (SELECT FROM entry e WHERE e.conversation_id = w.conversation_id AND e.seq > w.seq
                   AND e.kind = 'message' AND e.author_kind = 'agent') AS answered,
    w.must_stay AND NOT (({LIVE}) AND a.wants_online) AS gone,
    w.react_until <= now() AND NOT EXISTS (
        SELECT FROM conversation_seen s
        WHERE s.conversation_id = w.conversation_id AND s.agent_id = w.agent_id AND s.seq >= w.seq) AS silent
FROM routing_watch w JOIN conversation c ON c.id = w.conversation_id JOIN agent a ON a.id = w.agent_id
"""
WATCHED_DUE = f"SELECT conversation_id FROM ({WATCHED}) w WHERE answered OR gone OR silent ORDER BY since LIMIT 200"
WATCHED_ONE = f"SELECT * FROM ({WATCHED}) w WHERE conversation_id = $1"

DECISIONS = """
SELECT id, episode, at, cause, outcome, rule_id, rule_name, rule_version, agent_id, steps, facts
FROM routing_decision WHERE conversation_id = $1 ORDER BY at DESC LIMIT 100
"""

PAST = """
SELECT d.conversation_id, p.number AS contact_number, coalesce(p.name, p.claims ->> 'name') AS contact_name,
    c.holder_id, d.at, d.outcome, d.agent_id, d.rule_name, d.facts, d.agents, g.agent_id AS given_to,
    g.at AS given_at, e.done_at AS ended_at
FROM routing_decision d JOIN conversation c ON c.id = d.conversation_id JOIN contact p ON p.id = c.contact_id
LEFT JOIN episode e ON e.conversation_id = d.conversation_id AND e.number = d.episode
LEFT JOIN LATERAL (
    SELECT x.agent_id, x.at FROM routing_decision x
    WHERE x.conversation_id = d.conversation_id AND x.episode = d.episode AND x.outcome = 'agent'
    ORDER BY x.at LIMIT 1) g ON true
WHERE d.cause = 'begun' AND d.agents IS NOT NULL AND ($1::timestamptz IS NULL OR d.at >= $1 AND d.at < $2)
ORDER BY d.at DESC LIMIT $3
"""

SERVED = f"""
SELECT t.target, ARRAY(
    SELECT d.at FROM routing_decision d WHERE d.target = t.target AND d.at > now() - interval '2 hours'
    ORDER BY d.at DESC LIMIT {queueing.PACE_OF}) AS served
FROM unnest($1::text[]) AS t (target)
"""

# The conversation's row has a team of its own.
RENAMED = WAITING_COLUMNS.replace("q.agent_id, q.team_id", "q.agent_id AS for_agent, q.team_id AS for_team")
QUEUE_ROWS = f"""
SELECT {ROW_COLUMNS}, {RENAMED}, u.name AS rule_name
FROM routing_queue q JOIN conversation c ON c.id = q.conversation_id
JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id LEFT JOIN rule u ON u.id = q.rule_id
"""

PLACE = """
SELECT q.told_place AS place, q.told_minutes AS minutes FROM routing_queue q
JOIN conversation c ON c.id = q.conversation_id WHERE q.conversation_id = $1 AND c.episode = q.episode
"""

CUSTOMER_NAME = """
SELECT coalesce(p.name, p.claims ->> 'name') FROM conversation c JOIN contact p ON p.id = c.contact_id WHERE c.id = $1
"""
AGENT_NAME = "SELECT display_name FROM agent WHERE id = $1"


class ToDo(msgspec.Struct, frozen=True):
    """Whether there is anything to do, by what."""

    pending: bool
    queue: bool
    watch: bool


class Watched(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who was chosen, and how they stand to it."""

    conversation_id: UUID
    agent_id: UUID
    since: datetime
    rule_id: UUID | None
    passed_over: list[UUID]
    must_stay: bool
    answered: bool
    gone: bool
    silent: bool | None


async def candidates(reading: Reading) -> list[Candidate]:
    """All agents who are people, as they are now."""
    return [Candidate(**dict(row)) for row in await reading.rows(CANDIDATES)]


async def room(reading: Reading, agent_id: UUID) -> int | None:
    """How many more an agent may be given, with their row held. None where a colleague's deed holds it just now."""
    limit: int | None = await reading.value(HOLD_AGENT, agent_id)
    return None if limit is None else limit - await reading.value(OPEN, agent_id)


async def fingerprint(reading: Reading) -> str:
    """The same as long as the acting rules and their order are."""
    found: str = await reading.value(FINGERPRINT)
    return found


async def waiting(reading: Reading) -> list[Waiting]:
    """The whole queue in order."""
    return [waiting_from(row) for row in await reading.rows(WAITING)]


async def overdue(reading: Reading, aside: Collection[UUID]) -> Waiting | None:
    """Somebody, none of these, who has waited as long as anybody should."""
    row = await reading.row(OVERDUE, list(aside))
    return waiting_from(row) if row else None


async def stale(reading: Reading, aside: Collection[UUID]) -> Waiting | None:
    """Somebody, none of these, who waits by rules that are not these any more."""
    row = await reading.row(STALE, list(aside))
    return waiting_from(row) if row else None


async def pending(reading: Reading) -> list[UUID]:
    """Conversations that no rule was asked about."""
    return [row["conversation_id"] for row in await reading.rows(PENDING)]


async def to_do(reading: Reading) -> ToDo:
    """Whether there is anything to do."""
    row = await reading.row(TO_DO)
    assert row is not None
    return ToDo(**dict(row))


async def watched_due(reading: Reading) -> list[UUID]:
    """Conversations that were answered, or whose agent went or does not react."""
    return [row["conversation_id"] for row in await reading.rows(WATCHED_DUE)]


async def watched(reading: Reading, conversation_id: UUID) -> Watched | None:
    """How the agent who was chosen for a conversation stands to it."""
    row = await reading.row(WATCHED_ONE, conversation_id)
    return Watched(**dict(row)) if row else None


async def left_behind(reading: Reading, conversation_id: UUID) -> bool:
    """Whether a conversation was left with an agent who is not there now, and belongs to nobody for good."""
    return bool(await reading.value(LEFT_BEHIND, conversation_id))


async def customer_name(reading: Reading, conversation_id: UUID) -> str | None:
    """What a conversation's customer is called."""
    found: str | None = await reading.value(CUSTOMER_NAME, conversation_id)
    return found


async def agent_name(reading: Reading, agent_id: UUID) -> str | None:
    """What visitors call an agent."""
    found: str | None = await reading.value(AGENT_NAME, agent_id)
    return found


async def decisions(reading: Reading, conversation_id: UUID) -> list[RoutingDecision]:
    """What was decided about a conversation, the newest first."""
    found = await reading.rows(DECISIONS, conversation_id)
    return [msgspec.convert(dict(row), RoutingDecision) for row in found]


async def past(reading: Reading, period: tuple[datetime, datetime] | None, limit: int) -> list[Past]:
    """Decisions about conversations that began, the newest first, with all that they rested on."""
    rows = await reading.rows(PAST, *(period or (None, None)), limit)
    return [msgspec.convert(dict(row), Past) for row in rows]


async def served(reading: Reading, targets: Sequence[str]) -> dict[str, list[datetime]]:
    """When the last of those who waited for these were served, the newest first."""
    return {row["target"]: row["served"] for row in await reading.rows(SERVED, list(targets))}


async def queue(reading: Reading) -> list[QueueEntry]:
    """Who waits, with places and estimates, in the order in which they are served."""
    rows = {row["conversation_id"]: row for row in await reading.rows(QUEUE_ROWS)}
    placed = list(queueing.places(waiting_from(row, prefix="for_") for row in rows.values()))
    pace = await served(reading, list({target_of(each.wanted) for each, _ in placed}))
    return [_entry(rows[each.conversation_id], each, place, pace) for each, place in placed]


async def place(reading: Reading, conversation_id: UUID) -> tuple[int | None, int | None] | None:
    """The place that a customer was told last, and the minutes; None where they do not wait."""
    row = await reading.row(PLACE, conversation_id)
    return (row["place"], row["minutes"]) if row else None


def target_of(wanted: Wanted) -> str:
    """For whom somebody waits, as one text."""
    for name, value in (("agent", wanted.agent_id), ("team", wanted.team_id), ("tag", wanted.tag)):
        if value:
            return f"{name}:{value}"
    return "anybody"


def waiting_from(row: Row, prefix: str = "") -> Waiting:
    """An entry of the queue from `WAITING_COLUMNS`."""
    agent, team = ("for_agent", "for_team") if prefix else ("agent_id", "team_id")
    return Waiting(
        conversation_id=row["conversation_id"],
        episode=row["episode"],
        wanted=Wanted(agent_id=row[agent], team_id=row[team], tag=row["tag"]),
        priority=row["priority"],
        since=row["since"],
        until=row["until"],
        rule_id=row["rule_id"],
        rules=row["rules"],
        passed_over=row["passed_over"],
    )


def _entry(row: Row, each: Waiting, place: int, pace: dict[str, list[datetime]]) -> QueueEntry:
    wanted: dict[str, Any] = {"agent_id": each.wanted.agent_id, "team_id": each.wanted.team_id, "tag": each.wanted.tag}
    return QueueEntry(
        row=row_from(row),
        place=place,
        minutes=queueing.minutes_until(place, pace.get(target_of(each.wanted), []), now()),
        since=each.since,
        until=each.until,
        priority=each.priority,
        rule_id=each.rule_id,
        rule_name=row["rule_name"],
        **wanted,
    )
