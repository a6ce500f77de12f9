"""Clocks follow the logs of conversations. The log is the truth: whoever follows it later comes to the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conditions import logic as conditions
from alongside.domains.conditions import queries as condition_queries
from alongside.domains.conditions.schemas import Facts
from alongside.domains.conversations.actions import show_targets
from alongside.domains.conversations.rows import row_from
from alongside.domains.conversations.schemas import RowTarget, TargetKind
from alongside.domains.rules import queries as rules
from alongside.domains.rules.body_schemas import SlaBody
from alongside.domains.rules.schemas import Rule
from alongside.domains.sla import queries
from alongside.domains.sla.events import TargetShown
from alongside.domains.sla.logic import Clock, Step, Target, shortest
from alongside.domains.sla.queries import Head
from alongside.domains.workspace import queries as workspace
from alongside.domains.workspace.logic.hours import Calendar
from alongside.kit.time import now
from alongside.platform.db import Database, Work

# Whoever follows a conversation waits for who does already. Posting does not: it takes no such lock.
ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('sla ' || id, 0)) FROM unnest($1::text[]) AS id"

# A clock that is over keeps what became of it. With another due time, warning and miss are another's.
SET = """
INSERT INTO sla_clock AS k
    (conversation_id, kind, seq, episode, started_at, pauses, over_at, met, rule_id, due_at, warn_at, missed_at)
SELECT conversation_id, kind, seq, episode, started_at, pauses, over_at, met, rule_id, due_at, warn_at, missed_at
FROM jsonb_to_recordset($1::jsonb) AS new (
    conversation_id uuid, kind text, seq bigint, episode integer, started_at timestamptz, pauses timestamptz[],
    over_at timestamptz, met boolean, rule_id uuid, due_at timestamptz, warn_at timestamptz, missed_at timestamptz)
ON CONFLICT (conversation_id, kind, seq) DO UPDATE SET
    pauses = excluded.pauses, over_at = excluded.over_at, met = excluded.met, rule_id = excluded.rule_id,
    due_at = excluded.due_at, warn_at = excluded.warn_at,
    warned_at = CASE WHEN k.warn_at IS NOT DISTINCT FROM excluded.warn_at THEN k.warned_at END,
    missed_at = CASE WHEN excluded.over_at IS NOT NULL THEN excluded.missed_at
                     WHEN k.due_at IS NOT DISTINCT FROM excluded.due_at THEN k.missed_at END
"""

# No rule wanted to know of these. The end of the running episode may go on yet, and another rule may hold then.
FORGET = """
DELETE FROM sla_clock k USING unnest($1::uuid[], $2::integer[]) AS given (id, episode)
WHERE k.conversation_id = given.id AND k.rule_id IS NULL AND k.over_at IS NOT NULL
  AND (k.kind <> 'resolution' OR k.episode <> given.episode)
"""

REMEMBER = """
INSERT INTO sla_course (conversation_id, episode, seq, answered)
SELECT conversation_id, episode, seq, answered FROM jsonb_to_recordset($1::jsonb)
    AS new (conversation_id uuid, episode integer, seq bigint, answered boolean)
ON CONFLICT (conversation_id) DO UPDATE SET episode = excluded.episode, seq = excluded.seq, answered = excluded.answered
"""


class Law(msgspec.Struct, frozen=True):
    """The rules that act, in order, and the calendars by which they count; None is the company's."""

    rules: Sequence[Rule]
    calendars: dict[UUID | None, Calendar]

    def targets(self, clock: Clock, facts: Facts) -> list[Target]:
        """What the rules that match want of a clock."""
        # When it was, and whether it was open, is asked of the moment at which the clock began.
        hours = {str(each or ""): calendar.is_open(clock.started_at) for each, calendar in self.calendars.items()}
        then = msgspec.structs.replace(facts, at=clock.started_at, hours=hours)
        return [
            self.target(rule, clock)
            for rule in self.rules
            if _seconds(rule, clock) is not None
            # What was over before a rule was written is none of its business.
            and (clock.over_at is None or clock.over_at >= rule.updated_at)
            and conditions.evaluate(rule.conditions, then) is True
        ]

    def target(self, rule: Rule, clock: Clock) -> Target:
        """What one of them wants of a clock of a kind for which it has a target."""
        body, seconds = rule.body, _seconds(rule, clock)
        assert isinstance(body, SlaBody)
        assert seconds is not None
        # Opening hours that are gone: the company's.
        calendar = self.calendars.get(body.hours_id, self.calendars[None]) if body.clock == "open" else None
        return Target(rule.id, seconds, calendar, body.warn_percent)

    def of(self, clock: Clock) -> Target | None:
        """The target that was chosen for a clock, as it is now."""
        rule = next((each for each in self.rules if each.id == clock.rule_id), None)
        return self.target(rule, clock) if rule and _seconds(rule, clock) is not None else None


async def law(work: Work) -> Law:
    """The rules and hours of now."""
    calendars: dict[UUID | None, Calendar] = {}
    for each in await workspace.opening_hours(work):
        calendars[each.id] = Calendar(each.hours)
        if each.is_default:
            calendars[None] = calendars[each.id]
    return Law(await rules.active(work, "sla"), calendars)


async def follow(
    database: Database, conversation_ids: Iterable[UUID], *, judge: frozenset[UUID] | None = frozenset()
) -> None:
    """Take the clocks of these conversations to the ends of their logs.

    Which rule holds is judged for clocks that begin, and that go on though they were over; for those that run where
    the conversation is in `judge` (None: all of them). What a row shows then is announced where it, or the log, is
    another.
    """
    ids = sorted(set(conversation_ids))
    async with database.work() as work:
        await work.rows(ALONE, [str(each) for each in ids])
        found = await queries.heads(work, ids)
        steps = await queries.steps(work, {each: head.course.seq for each, head in found.items()})
        ruled = await law(work)
        moved = [_take(each, head, steps.get(each, []), judge) for each, head in found.items()]
        await _judge(work, ruled, moved)
        await work.run(SET, [_row(each.id, clock, ruled) for each in moved for clock in each.clocks])
        await work.run(FORGET, list(found), [head.course.episode for head in found.values()])
        await _show(work, ruled, found, steps)


class Moved(msgspec.Struct, frozen=True):
    """The clocks of a conversation that are not over, or were not, and those of them to be judged."""

    id: UUID
    clocks: list[Clock]
    fresh: list[Clock]


def _take(conversation_id: UUID, head: Head, steps: list[Step], judge: frozenset[UUID] | None) -> Moved:
    """Follow a log. A clock that was over already, and still is, keeps what became of it."""
    course = head.course
    before = {(clock.kind, clock.seq): clock.over_at for clock in course.clocks}
    course.follow(steps)
    course.seq = max(course.seq, head.last_seq)
    clocks = [clock for clock in course.clocks if clock.over_at is None or before.get(_key(clock)) != clock.over_at]
    again = judge is None or conversation_id in judge
    # What was over and is among them went on after Done: what changed meanwhile was not judged for it.
    waited = {key for key, over_at in before.items() if over_at is None}
    fresh = [clock for clock in clocks if _key(clock) not in waited or (again and clock.over_at is None)]
    return Moved(conversation_id, clocks, fresh)


def _key(clock: Clock) -> tuple[TargetKind, int]:
    return clock.kind, clock.seq


async def _judge(work: Work, ruled: Law, moved: Sequence[Moved]) -> None:
    ids = [each.id for each in moved if each.fresh]
    facts = await condition_queries.facts_of(work, ids, now()) if ids and ruled.rules else {}
    for each in moved:
        for clock in each.fresh:
            chosen = shortest(clock, ruled.targets(clock, facts[each.id])) if each.id in facts else None
            clock.rule_id = chosen.rule_id if chosen else None


async def _show(work: Work, ruled: Law, found: dict[UUID, Head], steps: dict[UUID, list[Step]]) -> None:
    """Remember how far logs were followed, and have the rows show what is up next."""
    courses = [
        {"conversation_id": each, "episode": course.episode, "seq": course.seq, "answered": course.answered}
        for each, course in ((each, head.course) for each, head in found.items())
    ]
    await work.run(REMEMBER, courses)
    shows = {each: _shown(head, ruled) for each, head in found.items()}
    changed = {each: shown for each, shown in shows.items() if shown != found[each].shown}
    await show_targets(work, changed)
    # A row that went out with a newer entry may have left before this: it is told again.
    again = [each for each, shown in shows.items() if each in changed or (shown and each in steps)]
    for row in await work.rows(queries.SHOWN, again):
        work.announce(TargetShown(row=row_from(row)))


def _row(conversation_id: UUID, clock: Clock, ruled: Law) -> dict[str, Any]:
    target = ruled.of(clock)
    due = target.due(clock.runs()) if target else None
    values = msgspec.structs.asdict(clock) | {"conversation_id": conversation_id, "due_at": due}
    values["warn_at"] = target.warn(clock.runs()) if target else None
    values["missed_at"] = due if clock.over_at else None
    return values


def _shown(head: Head, ruled: Law) -> RowTarget | None:
    """The target that is up next; of a conversation that is Done the one that stands still with the least left."""
    running: list[tuple[datetime, RowTarget]] = []
    still: list[RowTarget] = []
    for clock in head.course.clocks:
        target = ruled.of(clock) if clock.over_at is None else None
        if target is None:
            continue
        due = target.due(clock.runs())
        if clock.paused and due is None:
            still.append(RowTarget(kind=clock.kind, left_seconds=target.left(clock)))
        elif due is not None and not clock.paused:
            running.append((due, RowTarget(kind=clock.kind, due_at=due, warn_at=target.warn(clock.runs()))))
    if running:
        return min(running, key=lambda each: each[0])[1]
    return min(still, key=lambda each: each.left_seconds or 0) if still else None


def _seconds(rule: Rule, clock: Clock) -> int | None:
    body = rule.body
    if not isinstance(body, SlaBody):
        return None
    match clock.kind:
        case "first":
            return body.first_seconds
        case "second":
            return body.second_seconds
        case _:
            return body.resolution_seconds
