"""Days of a zone, whatever its clocks do."""

from __future__ import annotations

import itertools
from datetime import UTC, date, datetime, timedelta
from typing import get_args
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.domains.reports import logic
from alongside.domains.reports.figure_schemas import Unit
from alongside.domains.reports.logic import Period, days, duration, parts, period_of
from alongside.platform.errors import Invalid
from tests.reports.stories import Step, live
from tests.reports.test_figures import dashboard_of, rows_of
from tests.world import World

ZONES = sorted(available_timezones() - {"localtime", "Factory"})


def berlin(first: date, last: date) -> Period:
    return period_of(first, last, "Europe/Berlin")


def test_a_day_has_as_many_hours_as_its_clock_shows() -> None:
    for day, hours in ((date(2026, 3, 28), 24), (date(2026, 3, 29), 23), (date(2026, 10, 25), 25)):
        period = berlin(day, day)
        unit, begins = parts(period)
        assert (unit, len(begins)) == ("hour", hours)
        assert period.ends - period.begins == timedelta(hours=hours)


def test_the_longer_a_period_the_longer_its_parts() -> None:
    day = date(2026, 1, 1)
    units = [parts(berlin(day, day + timedelta(days=more)))[0] for more in (0, 1, 2, 91, 92, 739, 740)]
    assert units == ["hour", "hour", "day", "day", "week", "week", "month"]
    assert set(units) == set(get_args(Unit))
    _, weeks = parts(berlin(date(2026, 1, 1), date(2026, 6, 30)))
    assert [each.astimezone(berlin(day, day).zone).weekday() for each in weeks[:3]] == [3, 0, 0]


@settings(deadline=None, max_examples=60)
@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(1971, 1, 1), date(2060, 1, 1)),
    length=st.integers(0, 1_829),
)
def test_parts_cover_the_period_and_days_follow_each_other(zone: str, first: date, length: int) -> None:
    period = period_of(first, first + timedelta(days=length), zone)
    _, begins = parts(period)
    assert begins[0] == period.begins
    assert begins == sorted(begins)
    assert begins[-1] <= period.ends
    found = list(days(period))
    assert [day for day, _, _ in found] == [first + timedelta(days=each) for each in range(length + 1)]
    assert all(end == begin for (_, _, end), (_, begin, _) in itertools.pairwise(found))


@pytest.mark.parametrize(
    ("first", "last", "zone", "code"),
    [
        (date(2026, 2, 2), date(2026, 2, 1), "UTC", "period-backwards"),
        (date(2020, 1, 1), date(2026, 1, 1), "UTC", "period-too-long"),
        (date(1, 1, 1), date(1, 1, 2), "UTC", "period-out-of-range"),
        (date(9999, 12, 31), date(9999, 12, 31), "UTC", "period-out-of-range"),
        (date(2026, 1, 1), date(2026, 1, 1), "Mars/Base", "no-such-zone"),
        (date(2026, 1, 1), date(2026, 1, 1), "../etc/passwd", "no-such-zone"),
        (date(2026, 1, 1), date(2026, 1, 1), "", "no-such-zone"),
    ],
)
def test_what_is_no_period(first: date, last: date, zone: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        period_of(first, last, zone)
    assert refusal.value.code == code


def test_columns_are_chosen_in_their_order_once() -> None:
    known = logic.conversation_columns([])
    assert logic.chosen(["customer", "episode", "customer"], known) == ["customer", "episode"]
    assert logic.chosen([], known) == known
    with pytest.raises(Invalid):
        logic.chosen(["password"], known)


async def test_an_episode_belongs_to_the_day_of_the_zone(world: World) -> None:
    """The night in which clocks went back: 02:30 came twice, and 23:30 UTC was the next day in Berlin."""
    for hour, minute in ((22, 30), (0, 30), (1, 30), (22, 59), (23, 30)):
        day = 24 if hour == 22 and minute == 30 else 25
        await live(world, datetime(2026, 10, day, hour, minute, tzinfo=UTC), [Step(0, "ask")])
    sunday = berlin(date(2026, 10, 25), date(2026, 10, 25))
    assert len(await rows_of(world, period=sunday)) == 4, "22:30 UTC on Saturday is Sunday in Berlin; 23:30 is Monday"
    told = await dashboard_of(world, period=sunday)
    filled = [place for place, each in enumerate(told.over_time) if each.figures.episodes]
    assert len(told.over_time) == 25
    assert filled == [0, 2, 3, 24], "half past two came twice, and each has an hour of its own"
    in_utc = await dashboard_of(world, period=period_of(date(2026, 10, 25), date(2026, 10, 25), "UTC"))
    assert in_utc.figures.episodes == 4


@pytest.mark.parametrize(
    ("seconds", "written"),
    [
        (0, "0 s"),
        (44.5, "45 s"),
        (60, "1 min"),
        (125, "2 min 5 s"),
        (14 * 60 + 59, "14 min"),
        (3_600, "1 h"),
        (72 * 60, "1 h 12 min"),
        (26 * 3_600, "1 d 2 h"),
        (48 * 3_600, "2 d"),
    ],
)
def test_durations_are_written_as_on_the_screen(seconds: float, written: str) -> None:
    assert duration(seconds) == written
