"""Everything that is asked of clocks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conversations.rows import ROW_COLUMNS, row_from
from alongside.domains.conversations.schemas import RowTarget, TargetKind
from alongside.domains.sla.logic import Clock, Course, Step
from alongside.domains.sla.schemas import (
    RuleStatistics,
    SlaStatistics,
    TargetCount,
    TargetItem,
    TargetList,
    TargetOutcome,
)
from alongside.kit.paging import write_place
from alongside.platform.db import Reading, Row

ANY_RULE = "SELECT EXISTS (SELECT FROM rule WHERE kind = 'sla' AND state = 'on')"

# The clocks of the running episode, and those of an earlier one that still wait.
CLOCKS = """
SELECT k.conversation_id, k.kind, k.seq, k.episode, k.started_at, k.pauses, k.over_at, k.met, k.rule_id
FROM sla_clock k JOIN sla_course s USING (conversation_id)
WHERE k.conversation_id = ANY($1) AND (k.over_at IS NULL OR (k.kind = 'resolution' AND k.episode = s.episode))
ORDER BY k.seq, k.kind
"""

# Where nothing was followed yet, one begins with the running episode.
HEADS = """
SELECT c.id, c.last_seq, c.sla, s.episode, s.answered,
       coalesce(s.seq, (SELECT p.first_seq - 1 FROM episode p WHERE p.conversation_id = c.id AND p.number = c.episode))
           AS seq
FROM conversation c LEFT JOIN sla_course s ON s.conversation_id = c.id
WHERE c.id = ANY($1) AND c.last_seq > 0
"""

STEPS = """
SELECT e.conversation_id, e.seq, e.episode, e.at, e.status,
       CASE WHEN e.kind = 'message' AND e.author_kind IN ('visitor', 'agent') THEN e.author_kind END AS says
FROM unnest($1::uuid[], $2::bigint[]) AS known (id, seq)
JOIN entry e ON e.conversation_id = known.id AND e.seq > known.seq
WHERE e.kind = 'message' OR e.status IS NOT NULL
ORDER BY e.conversation_id, e.seq
"""

# A sum that differs as soon as a rule, opening hours or the history (by a restored backup) are others.
SET_BY = """
md5(concat_ws(' ',
    (SELECT epoch FROM workspace),
    (SELECT string_agg(concat_ws(' ', id, version, state, position), ',' ORDER BY id) FROM rule WHERE kind = 'sla'),
    (SELECT string_agg(concat_ws(' ', id, version, is_default), ',' ORDER BY id) FROM opening_hours)))
"""

ROUND = f"""
SELECT set_by, changed_in, {SET_BY}, pg_snapshot_xmin(pg_current_snapshot())::text::bigint, ({ANY_RULE})
FROM sla_round
"""

# Who is not Done (where $3, as there are rules), or still has a clock that waits; in the order of ids.
OPEN_AFTER = """
SELECT id FROM (
    (SELECT id FROM conversation WHERE $3 AND last_seq > 0 AND status <> 'done' AND id > $1 ORDER BY id LIMIT $2)
    UNION
    (SELECT DISTINCT conversation_id FROM sla_clock WHERE over_at IS NULL AND conversation_id > $1
     ORDER BY conversation_id LIMIT $2)
) AS found (id) ORDER BY id LIMIT $2
"""

# What a process that died has left: its log grew, and nobody followed.
LEFT_BEHIND = """
SELECT c.id FROM conversation c LEFT JOIN sla_course s ON s.conversation_id = c.id
WHERE c.last_seq > 0 AND c.changed_in >= $1 AND c.last_seq > coalesce(s.seq, 0) ORDER BY c.changed_in, c.id
"""

# The time of a clock that nobody was told of is up, or nearly.
NEAR = """
(SELECT conversation_id AS id FROM sla_clock
 WHERE over_at IS NULL AND warned_at IS NULL AND warn_at <= now() ORDER BY warn_at LIMIT 100)
UNION
(SELECT conversation_id FROM sla_clock
 WHERE over_at IS NULL AND missed_at IS NULL AND due_at <= now() ORDER BY due_at LIMIT 100)
"""

OF_CONTACTS = """
SELECT c.id FROM conversation c JOIN contact m ON m.id = c.contact_id
WHERE m.person_id IN (SELECT person_id FROM contact WHERE id = ANY($1)) AND c.last_seq > 0
"""

SHOWN = f"""
SELECT {ROW_COLUMNS} FROM conversation c JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
WHERE c.id = ANY($1)
"""

COUNTS = """
SELECT rule_id, kind, count(*) AS matched,
       count(*) FILTER (WHERE met AND missed_at IS NULL) AS met,
       count(*) FILTER (WHERE missed_at IS NOT NULL) AS missed,
       count(*) FILTER (WHERE over_at IS NULL AND missed_at IS NULL) AS running
FROM sla_clock
WHERE rule_id IS NOT NULL AND started_at >= $1 AND started_at < $2
GROUP BY rule_id, kind ORDER BY rule_id, kind
"""

OUTCOMES: dict[TargetOutcome, str] = {
    "all": "true",
    "met": "k.met AND k.missed_at IS NULL",
    "missed": "k.missed_at IS NOT NULL",
    "running": "k.over_at IS NULL AND k.missed_at IS NULL",
}

ITEMS = f"""
SELECT {ROW_COLUMNS}, k.kind AS target_kind, k.started_at, k.due_at, k.over_at, k.met, k.missed_at
FROM sla_clock k JOIN conversation c ON c.id = k.conversation_id
JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
WHERE k.rule_id = $1 AND k.started_at >= $2 AND k.started_at < $3 AND {{outcome}}
  AND ($4::text IS NULL OR k.kind = $4) AND ($5::uuid[] IS NULL OR c.holder_id = ANY($5))
  AND (k.started_at, k.conversation_id, k.kind) < ($6, $7, $8)
ORDER BY k.started_at DESC, k.conversation_id DESC, k.kind DESC LIMIT $9
"""

# Of `notification n`: its clock does not wait any more. It was named when the notification was written.
IS_OVER = """
NOT EXISTS (SELECT FROM sla_clock k WHERE k.conversation_id = n.conversation_id AND k.seq = n.seq
    AND k.kind = split_part(n.about, ' ', 1) AND k.over_at IS NULL AND cardinality(k.pauses) % 2 = 0)
"""


class Head(msgspec.Struct, frozen=True):
    """A conversation as its clocks see it: where its log ends, what its row shows, and how far it was followed."""

    last_seq: int
    shown: RowTarget | None
    course: Course


class Round(msgspec.Struct, frozen=True):
    """By which rules all clocks were set, up to where changes were followed; and what both are now."""

    set_by: str
    changed_in: int
    set_by_now: str
    oldest: int
    any_rule: bool


async def any_rule(reading: Reading) -> bool:
    """Whether there is a rule that acts."""
    return bool(await reading.value(ANY_RULE))


async def heads(reading: Reading, conversation_ids: Sequence[UUID]) -> dict[UUID, Head]:
    """Conversations, with their clocks as they were set last."""
    found = {row["id"]: _head(row) for row in await reading.rows(HEADS, list(conversation_ids))}
    for row in await reading.rows(CLOCKS, list(found)):
        values = dict(row)
        found[values.pop("conversation_id")].course.clocks.append(Clock(**values))
    return found


async def steps(reading: Reading, known: dict[UUID, int]) -> dict[UUID, list[Step]]:
    """What logs say after these numbers, as far as it matters to clocks."""
    found: dict[UUID, list[Step]] = {}
    for row in await reading.rows(STEPS, list(known), list(known.values())):
        values = dict(row)
        found.setdefault(values.pop("conversation_id"), []).append(Step(**values))
    return found


async def last_round(reading: Reading) -> Round:
    """How the last round left it. `reading` must be a snapshot."""
    row = await reading.row(ROUND)
    assert row is not None
    return Round(*row)


async def open_after(reading: Reading, after: UUID, limit: int, *, any_rule: bool) -> list[UUID]:
    """The next conversations whose clocks may be other ones by other rules."""
    return [row["id"] for row in await reading.rows(OPEN_AFTER, after, limit, any_rule)]


async def left_behind(reading: Reading, since: int) -> list[UUID]:
    """Conversations that changed since a transaction, and were not followed."""
    return [row["id"] for row in await reading.rows(LEFT_BEHIND, since)]


async def near(reading: Reading) -> list[UUID]:
    """Conversations with something to be told."""
    return [row["id"] for row in await reading.rows(NEAR)]


async def of_contacts(reading: Reading, contact_ids: Sequence[UUID]) -> list[UUID]:
    """The conversations of these people."""
    return [row["id"] for row in await reading.rows(OF_CONTACTS, list(contact_ids))]


async def statistics(reading: Reading, begins: datetime, ends: datetime) -> SlaStatistics:
    """What became of the targets whose clocks began in a time."""
    found: dict[UUID, list[TargetCount]] = {}
    for row in await reading.rows(COUNTS, begins, ends):
        values = dict(row)
        found.setdefault(values.pop("rule_id"), []).append(TargetCount(**values))
    return SlaStatistics([RuleStatistics(rule_id=each, counts=counts) for each, counts in found.items()])


class TargetPlace(msgspec.Struct, frozen=True, array_like=True):
    """The last target of a page."""

    at: datetime
    id: UUID
    kind: str = ""


class TargetQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which targets of a rule: whose clocks began when, of which kind (None: any), and with what outcome.

    `holders`: in conversations that these agents and teams have; None: in all.
    """

    rule_id: UUID
    between: tuple[datetime, datetime]
    kind: TargetKind | None
    outcome: TargetOutcome
    holders: frozenset[UUID] | None
    after: TargetPlace
    limit: int


async def targets(reading: Reading, question: TargetQuestion) -> TargetList:
    """A page of a rule's targets, the latest begun first."""
    found = await reading.rows(
        ITEMS.format(outcome=OUTCOMES[question.outcome]),
        question.rule_id,
        *question.between,
        question.kind,
        None if question.holders is None else list(question.holders),
        question.after.at,
        question.after.id,
        question.after.kind,
        question.limit + 1,
    )
    page = found[: question.limit]
    more = len(found) > question.limit
    end = TargetPlace(page[-1]["started_at"], page[-1]["id"], page[-1]["target_kind"]) if more else None
    return TargetList([_item(row) for row in page], write_place(end) if end else None)


def _item(row: Row) -> TargetItem:
    outcome: Any = "missed" if row["missed_at"] else "met" if row["met"] else "ended" if row["over_at"] else "running"
    return TargetItem(
        row=row_from(row),
        kind=row["target_kind"],
        started_at=row["started_at"],
        due_at=row["due_at"],
        over_at=row["over_at"],
        outcome=outcome,
    )


def _head(row: Row) -> Head:
    course = Course(episode=row["episode"] or 0, seq=row["seq"], answered=bool(row["answered"]))
    shown = msgspec.convert(row["sla"], RowTarget) if row["sla"] else None
    return Head(row["last_seq"], shown, course)
