"""When it is open: by the clock on the wall, in every zone, over every change of the clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.workspace.logic.hours import Calendar, applies, minutes_of
from alongside.domains.workspace.logic.rules import checked
from alongside.domains.workspace.schemas import Hours, OpenSpan, SpecialDay
from alongside.platform.errors import Invalid

# Clocks that change by an hour, by half an hour, at midnight, in the south, not at all, and beside the date line.
ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "UTC",
]
NINE_TO_FIVE = [OpenSpan("09:00", "17:00")]
OFFICE = Hours(zone="Europe/Berlin", week=[NINE_TO_FIVE] * 5 + [[], []])


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def spans(draw: st.DrawFn) -> list[OpenSpan]:
    edges = sorted(draw(st.sets(st.integers(0, 1_439), max_size=6)))
    made = [OpenSpan(clock(opens), clock(closes)) for opens, closes in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2:  # the last one goes on over midnight
        made.append(OpenSpan(clock(edges[-1]), clock(draw(st.integers(0, edges[-1] - 1 if edges[-1] else 0)))))
    return [span for span in made if span.opens != span.closes]


@st.composite
def specials(draw: st.DrawFn) -> SpecialDay:
    first = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    last = first + timedelta(days=draw(st.integers(0, 20)))
    return SpecialDay(first=first, last=last, yearly=draw(st.booleans()), spans=draw(spans()))


hours = st.builds(
    lambda zone, week, special: Hours(zone=zone, week=week, special=special),
    st.sampled_from(ZONES),
    st.lists(spans(), min_size=7, max_size=7),
    st.lists(specials(), max_size=4),
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
# As often as not within a day of a change of the clocks somewhere.
CHANGES = [
    datetime(2026, 3, 8, 7, tzinfo=UTC),
    datetime(2026, 3, 29, 1, tzinfo=UTC),
    datetime(2026, 4, 4, 15, tzinfo=UTC),
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
]
near_changes = st.builds(
    lambda at, minutes: at + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-1_500, 1_500)
)
any_moment = moments | near_changes


def open_by_hand(hours: Hours, at: datetime) -> bool:
    """The definition, word for word: is a clock of that zone within a span of today, or of one of yesterday's?"""
    local = at.astimezone(ZoneInfo(hours.zone))
    minute = local.hour * 60 + local.minute

    def spans_on(day: date) -> list[tuple[int, int]]:
        found = [
            (not each.yearly, (each.first - each.last).days, number, each.spans)
            for number, each in enumerate(hours.special)
            if applies(each, day)
        ]
        return minutes_of(max(found, key=lambda one: one[:3])[3] if found else hours.week[day.weekday()])

    return any(opens <= minute < closes for opens, closes in spans_on(local.date())) or any(
        opens <= minute + 1_440 < closes for opens, closes in spans_on(local.date() - timedelta(days=1))
    )


@given(hours, any_moment)
def test_it_is_open_within_a_span_and_never_outside_one(hours: Hours, at: datetime) -> None:
    assert Calendar(hours).is_open(at) == open_by_hand(hours, at)


@given(hours, any_moment, st.integers(1, 60 * 24 * 9))
def test_between_two_changes_nothing_changes(hours: Hours, at: datetime, minutes: int) -> None:
    calendar = Calendar(hours)
    until = at + timedelta(minutes=minutes)
    changes = list(calendar.changes(at, until))
    assert all(at < change <= until for change in changes)
    assert all(earlier < later for earlier, later in pairwise(changes))
    for number, (begin, end) in enumerate(pairwise([at, *changes, until + timedelta(microseconds=1)])):
        state = calendar.is_open(at) if number % 2 == 0 else not calendar.is_open(at)
        last = end - timedelta(microseconds=1)
        middle = begin + (end - begin) / 2
        assert [calendar.is_open(moment) for moment in (begin, middle, last)] == [state] * 3


@given(hours, any_moment)
def test_the_next_change_is_the_first_moment_of_another_state(hours: Hours, at: datetime) -> None:
    calendar = Calendar(hours)
    change = calendar.next_change(at)
    if change is None:
        assert all(calendar.is_open(at + timedelta(hours=step)) == calendar.is_open(at) for step in range(0, 9_000, 7))
        return
    assert change > at
    assert calendar.is_open(change) != calendar.is_open(at)
    assert calendar.is_open(change - timedelta(microseconds=1)) == calendar.is_open(at)
    opening = calendar.next_opening(at)
    assert opening is None or (opening >= change and calendar.is_open(opening))


@given(hours, any_moment, st.integers(0, 5_000), st.integers(0, 5_000))
def test_open_time_adds_up_and_agrees_with_every_minute(hours: Hours, at: datetime, first: int, second: int) -> None:
    calendar = Calendar(hours)
    at = at.replace(second=0, microsecond=0)
    middle = at + timedelta(minutes=first)
    end = middle + timedelta(minutes=second)
    whole = calendar.open_seconds_between(at, end)
    assert whole == calendar.open_seconds_between(at, middle) + calendar.open_seconds_between(middle, end)
    sample = min(first, 600)
    minutes = sum(60 for minute in range(sample) if calendar.is_open(at + timedelta(minutes=minute)))
    assert calendar.open_seconds_between(at, at + timedelta(minutes=sample)) == minutes


@pytest.mark.parametrize(
    ("zone", "opens", "closes", "begins", "ends", "hours"),
    [
        # The night that has no 2:30 in Berlin: open from 3:00 summer time, one hour and not two.
        ("Europe/Berlin", "02:30", "04:00", "2026-03-28T23:00", "2026-03-29T22:00", 1.0),
        # And the night that has 2:30 twice.
        ("Europe/Berlin", "02:00", "03:00", "2026-10-24T22:00", "2026-10-25T23:00", 2.0),
        # New York: a shift over midnight is an hour shorter in March, an hour longer in November.
        ("America/New_York", "22:00", "06:00", "2026-03-08T01:00", "2026-03-08T20:00", 7.0),
        ("America/New_York", "22:00", "06:00", "2026-10-31T22:00", "2026-11-01T20:00", 9.0),
        # Lord Howe changes by half an hour.
        ("Australia/Lord_Howe", "00:00", "24:00", "2026-04-04T13:00", "2026-04-05T13:30", 24.5),
        # Without changes of the clocks.
        ("Asia/Kolkata", "09:00", "17:00", "2026-03-28T18:30", "2026-03-29T18:30", 8.0),
    ],
)
def test_changes_of_the_clocks(zone: str, opens: str, closes: str, begins: str, ends: str, hours: float) -> None:
    calendar = Calendar(Hours(zone=zone, week=[[OpenSpan(opens, closes)]] * 7))
    begin, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (begins, ends))
    assert calendar.open_seconds_between(begin, end) == hours * 3_600


def test_nine_o_clock_is_nine_o_clock_on_the_monday_after_the_change() -> None:
    calendar = Calendar(OFFICE)
    friday_evening = datetime(2026, 3, 27, 17, tzinfo=UTC)
    assert calendar.next_opening(friday_evening) == datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert calendar.next_opening(friday_evening - timedelta(days=7)) == datetime(2026, 3, 23, 8, tzinfo=UTC)


def test_holidays_and_special_days() -> None:
    christmas = SpecialDay(name="Christmas", first=date(2024, 12, 24), last=date(2025, 1, 1), yearly=True)
    sale = SpecialDay(
        name="Sale", first=date(2026, 12, 28), last=date(2026, 12, 28), spans=[OpenSpan("10:00", "14:00")]
    )
    calendar = Calendar(Hours(zone="UTC", week=[NINE_TO_FIVE] * 7, special=[christmas, sale]))

    def noon(year: int, month: int, day: int) -> datetime:
        return datetime(year, month, day, 12, tzinfo=UTC)

    assert calendar.is_open(noon(2023, 12, 25))  # the years before it began
    assert not calendar.is_open(noon(2026, 12, 25))
    assert not calendar.is_open(noon(2027, 1, 1))
    assert calendar.is_open(noon(2027, 1, 2))
    assert calendar.is_open(noon(2026, 12, 28))  # this one year comes before every year
    assert not calendar.is_open(noon(2027, 12, 28))
    days = calendar.days(date(2026, 12, 23), 6)
    assert [day.special for day in days] == [None, "Christmas", "Christmas", "Christmas", "Christmas", "Sale"]
    assert days[0].spans == NINE_TO_FIVE
    assert days[1].spans == []


def test_a_night_belongs_to_the_day_it_began_on() -> None:
    closed = SpecialDay(first=date(2026, 5, 2), last=date(2026, 5, 2))
    night = Hours(zone="UTC", week=[[OpenSpan("20:00", "02:00")]] * 7, special=[closed])
    calendar = Calendar(night)
    assert calendar.is_open(datetime(2026, 5, 2, 1, 59, tzinfo=UTC))
    assert not calendar.is_open(datetime(2026, 5, 2, 2, tzinfo=UTC))
    assert not calendar.is_open(datetime(2026, 5, 3, 1, tzinfo=UTC))
    assert calendar.next_opening(datetime(2026, 5, 2, 1, tzinfo=UTC)) == datetime(2026, 5, 3, 20, tzinfo=UTC)


@pytest.mark.parametrize("span", [OpenSpan("00:00", "24:00"), OpenSpan("00:00", "00:00")], ids=["day", "nothing"])
def test_always_and_never_do_not_change(span: OpenSpan) -> None:
    calendar = Calendar(Hours(zone="Europe/Berlin", week=[[span] if span.closes == "24:00" else []] * 7))
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert calendar.next_change(at) is None
    assert calendar.is_open(at) == (span.closes == "24:00")
    assert calendar.open_seconds_between(at, at - timedelta(days=1)) == 0


def test_the_29th_of_february_comes_every_year() -> None:
    leap = SpecialDay(first=date(2024, 2, 29), last=date(2024, 2, 29), yearly=True)
    assert [applies(leap, date(*day)) for day in ((2025, 2, 28), (2025, 3, 1), (2028, 2, 28), (2028, 2, 29))] == [
        True,
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("week", "code"),
    [
        ([OpenSpan("09:00", "12:00"), OpenSpan("11:59", "13:00")], "spans-overlap"),
        ([OpenSpan("20:00", "02:00"), OpenSpan("23:00", "23:30")], "spans-overlap"),
        ([OpenSpan("09:00", "09:00")], "span-empty"),
        ([OpenSpan("24:00", "02:00")], "span-empty"),
    ],
)
def test_hours_that_cannot_be(week: list[OpenSpan], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(Hours(zone="UTC", week=[[], [], week, [], [], [], []]))
    assert (refused.value.code, refused.value.details) == (code, {"field": "week", "at": 2})


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Europe", "\x00"])
def test_zones_that_are_none(zone: str) -> None:
    with pytest.raises(Invalid, match="Europe/Berlin"):
        checked(Hours(zone=zone, week=[[]] * 7))


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2026, 5, 2), date(2026, 5, 1)), (date(2026, 1, 1), date(2027, 5, 1)), (date(1, 1, 1), date(1, 1, 1))],
)
def test_special_days_that_cannot_be(first: date, last: date) -> None:
    good = SpecialDay(first=date(2026, 5, 1), last=date(2026, 5, 1))
    with pytest.raises(Invalid) as refused:
        checked(Hours(zone="UTC", week=[[]] * 7, special=[good, SpecialDay(first=first, last=last)]))
    assert refused.value.details == {"field": "special", "at": 1}


def test_spans_are_put_in_order() -> None:
    given = [OpenSpan("13:00", "17:00"), OpenSpan("09:00", "12:00")]
    assert checked(Hours(zone="UTC", week=[given] + [[]] * 6)).week[0] == given[::-1]


@given(hours, any_moment, st.integers(1, 3 * 86_400))
def test_a_wait_in_open_time_ends_where_as_much_open_time_has_passed(hours: Hours, at: datetime, seconds: int) -> None:
    calendar = Calendar(hours)
    ends = calendar.after_open_seconds(at, seconds)
    if ends is None:
        assert calendar.open_seconds_between(at, at + timedelta(days=60)) < seconds
        return
    assert calendar.open_seconds_between(at, ends) == pytest.approx(seconds, abs=1e-5)
    assert calendar.is_open(ends - timedelta(microseconds=1)), "it ends in open time, not in the closed time after it"
    longer = calendar.after_open_seconds(at, seconds + 1)
    assert longer is None or longer > ends


@given(hours, any_moment, st.integers(1, 60 * 24 * 6))
def test_from_any_open_time_that_has_passed_one_comes_back_to_where_it_passed(
    hours: Hours, at: datetime, minutes: int
) -> None:
    calendar = Calendar(hours)
    until = at + timedelta(minutes=minutes)
    back = calendar.after_open_seconds(at, calendar.open_seconds_between(at, until))
    assert back is not None
    assert back <= until + timedelta(microseconds=10)
    assert calendar.open_seconds_between(back, until) == pytest.approx(0, abs=1e-5), "closed from there on"


def test_waits_over_closed_days_holidays_and_changes_of_the_clocks() -> None:
    christmas = SpecialDay(first=date(2026, 12, 25), last=date(2026, 12, 26), yearly=True, spans=[])
    office = Calendar(Hours(zone="Europe/Berlin", week=[NINE_TO_FIVE] * 5 + [[], []], special=[christmas]))
    thursday = datetime(2026, 12, 24, 15, 30, tzinfo=UTC)  # 16:30, half an hour before closing
    assert office.after_open_seconds(thursday, 1_800) == datetime(2026, 12, 24, 16, tzinfo=UTC)
    assert office.after_open_seconds(thursday, 3_600) == datetime(2026, 12, 28, 8, 30, tzinfo=UTC), "Monday, 9:30"
    always = Calendar(Hours(zone="Europe/Berlin", week=[[OpenSpan("00:00", "00:00")]] * 7))
    spring = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # 1:30; at 2:00 it is 3:00
    assert always.after_open_seconds(spring, 7_200) == spring + timedelta(hours=2)
    never = Calendar(Hours(zone="UTC", week=[[]] * 7))
    assert never.after_open_seconds(thursday, 1) is None
    assert never.after_open_seconds(thursday, 0) == thursday
