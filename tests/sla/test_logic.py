"""Clocks follow from the log: when they run, when their time is up, and which target wins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.sla.logic import Clock, Course, Step, Target, shortest
from alongside.domains.workspace.logic.hours import Calendar
from alongside.domains.workspace.schemas import Hours, OpenSpan, SpecialDay

MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
OFFICE = Calendar(Hours(zone="Europe/Berlin", week=[[OpenSpan("09:00", "17:00")]] * 5 + [[], []]))
RULE = uuid4()
Says = Literal["visitor", "agent"]
Status = Literal["unread", "unresolved", "done"]
SAYS: dict[str, Says] = {"v": "visitor", "a": "agent", "A": "agent"}
AFTER: dict[str, Status] = {"v": "unread", "A": "done", "d": "done", "r": "unresolved"}


def at(minutes: float) -> datetime:
    return MONDAY + timedelta(minutes=minutes)


def steps_of(*acts: str) -> list[Step]:
    """A conversation, an act a minute: the visitor writes, an agent answers, or answers and closes, or closes, or
    sets it back to Unresolved.
    """
    steps: list[Step] = []
    episode = 0
    status: Status = "done"
    for place, act in enumerate(acts):
        before = status
        episode += act == "v" and before == "done"
        status = AFTER.get(act) or ("done" if before == "done" else "unresolved")
        changed = status if status != before else None
        steps.append(Step(seq=place + 1, episode=episode, at=at(place), says=SAYS.get(act), status=changed))
    return steps


def told(*acts: str) -> Course:
    course = Course()
    course.follow(steps_of(*acts))
    return course


def shown(course: Course) -> list[tuple[str, int, str]]:
    def state(clock: Clock) -> str:
        if clock.over_at:
            return "met" if clock.met else "in vain"
        return "paused" if clock.paused else "runs"

    return [(clock.kind, clock.seq, state(clock)) for clock in course.clocks]


def test_the_first_answer_then_later_ones_each_from_the_first_message_that_waits() -> None:
    assert shown(told("v")) == [("resolution", 1, "runs"), ("first", 1, "runs")]
    assert shown(told("v", "v", "a")) == [("resolution", 1, "runs"), ("first", 1, "met")]
    course = told("v", "a", "v", "v", "a", "v")
    assert shown(course)[2:] == [("second", 3, "met"), ("second", 6, "runs")]
    assert course.clocks[2].over_at == at(4)


def test_done_stops_all_clocks_and_a_person_lets_them_run_on() -> None:
    assert shown(told("v", "d")) == [("resolution", 1, "met"), ("first", 1, "paused")]
    course = told("v", "d", "r")
    assert shown(course) == [("resolution", 1, "runs"), ("first", 1, "runs")]
    assert [clock.pauses for clock in course.clocks] == [[at(1), at(2)]] * 2
    target = Target(RULE, 600)
    assert target.due(course.clocks[0].runs()) == at(11), "the minute of Done does not count"
    assert target.due(told("v", "d").clocks[1].runs()) is None
    assert target.left(told("v", "d").clocks[1]) == 540


def test_answer_and_done_meets_both_and_a_new_message_begins_anew() -> None:
    assert shown(told("v", "A")) == [("resolution", 1, "met"), ("first", 1, "met")]
    assert shown(told("v", "d", "v")) == [
        ("resolution", 1, "met"),
        ("first", 1, "in vain"),
        ("resolution", 3, "runs"),
        ("first", 3, "runs"),
    ]


def test_an_answer_after_done_meets_what_stood_still() -> None:
    course = told("v", "d", "a")
    assert shown(course) == [("resolution", 1, "met"), ("first", 1, "met")]
    assert Target(RULE, 90).due(course.clocks[1].runs()) is None, "it ran for one minute"
    assert Target(RULE, 30).due(course.clocks[1].runs()) == at(0.5)


@given(st.lists(st.sampled_from("vadrA"), min_size=1, max_size=30), st.data())
def test_a_log_followed_in_parts_comes_to_the_same(acts: list[str], data: st.DataObject) -> None:
    steps = steps_of("v", *acts)
    # In two parts that overlap, as after a process that died.
    cut, back = data.draw(st.integers(0, len(steps))), data.draw(st.integers(0, 5))
    parted = Course()
    parted.follow(steps[:cut])
    parted.follow(steps[max(0, cut - back) :])
    assert parted == told("v", *acts)


@given(st.lists(st.sampled_from("vadrA"), max_size=30))
def test_at_most_one_answer_is_waited_for_and_nothing_runs_while_done(acts: list[str]) -> None:
    course = told("v", *acts)
    assert len(course.running("first", "second")) <= 1
    assert len(course.running("resolution")) <= 1
    for clock in course.clocks:
        runs = list(clock.runs())
        assert all(ends is None or begins <= ends for begins, ends in runs)
        assert (runs[-1][1] is None) == (clock.over_at is None and not clock.paused)


@given(st.integers(10, 100_000), st.lists(st.integers(1, 100_000), max_size=6), st.booleans())
def test_time_is_up_when_as_much_has_run(seconds: int, gaps: list[int], in_hours: bool) -> None:
    edges, moment = [], MONDAY
    for gap in gaps:
        moment += timedelta(seconds=gap)
        edges.append(moment)
    clock = Clock(kind="first", seq=1, episode=1, started_at=MONDAY, pauses=edges)
    target = Target(RULE, seconds, OFFICE if in_hours else None)
    due = target.due(clock.runs())
    ran = 0.0
    for begins, ends in clock.runs():
        until = due if due is not None and (ends is None or due < ends) else ends
        assert until is not None
        ran += OFFICE.open_seconds_between(begins, until) if in_hours else (until - begins).total_seconds()
        if until == due:
            break
    if due is None:
        assert clock.paused
        assert ran <= seconds
        assert target.left(clock) == pytest.approx(seconds - ran, abs=1)
    else:
        assert ran == pytest.approx(seconds, abs=1e-3)
    warned = target.due(clock.runs(), 50)
    assert due is None or (warned is not None and warned <= due)


def test_opening_hours_holidays_and_the_change_of_the_clocks() -> None:
    easter = SpecialDay(first=datetime(2026, 4, 3).date(), last=datetime(2026, 4, 6).date(), spans=[])
    hours = Hours(zone="Europe/Berlin", week=[[OpenSpan("09:00", "17:00")]] * 5 + [[], []], special=[easter])
    target = Target(RULE, 3_600, Calendar(hours))
    thursday = Clock(kind="first", seq=1, episode=1, started_at=datetime(2026, 4, 2, 14, 30, tzinfo=UTC))
    assert target.due(thursday.runs()) == datetime(2026, 4, 7, 7, 30, tzinfo=UTC), "Tuesday after Easter, 9:30"
    friday = Clock(kind="first", seq=1, episode=1, started_at=datetime(2026, 3, 27, 15, 30, tzinfo=UTC))
    assert target.due(friday.runs()) == datetime(2026, 3, 30, 7, 30, tzinfo=UTC), "an hour earlier in UTC from then on"


def test_the_target_whose_time_is_up_first_wins() -> None:
    clock = Clock(kind="first", seq=1, episode=1, started_at=datetime(2026, 3, 6, 15, 50, tzinfo=UTC))  # Friday, 16:50
    never = Calendar(Hours(zone="UTC", week=[[]] * 7))
    in_hours, always, closed = Target(UUID(int=1), 1_200, OFFICE), Target(UUID(int=2), 3_600), Target(RULE, 60, never)
    assert shortest(clock, []) is None
    assert shortest(clock, [closed, in_hours, always]) is always, "20 minutes of open time end on Monday"
    assert shortest(clock, [closed, in_hours]) is in_hours
    assert shortest(clock, [closed]) is closed
    assert shortest(clock, [Target(RULE, 3_600), always]) is not always, "of equals the first"
    done = Clock(kind="first", seq=1, episode=1, started_at=MONDAY, pauses=[at(1)])
    assert shortest(done, [Target(UUID(int=1), 30), always]) == Target(UUID(int=1), 30), "while Done as before"
