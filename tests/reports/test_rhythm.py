"""When a report is due, and which days it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.reports.file_schemas import Every, Span
from alongside.domains.reports.logic import Rhythm, days_before, next_time

BERLIN = "Europe/Berlin"
ZONES = (BERLIN, "UTC", "Asia/Kathmandu", "America/New_York", "Pacific/Apia", "Africa/Casablanca")
moments = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


def test_by_the_clock_of_the_zone_whatever_the_season() -> None:
    daily = Rhythm("day", 1, 7, BERLIN)
    assert next_time(daily, datetime(2026, 3, 28, 6, tzinfo=UTC)) == datetime(2026, 3, 29, 5, tzinfo=UTC)
    assert next_time(daily, datetime(2026, 10, 24, 5, tzinfo=UTC)) == datetime(2026, 10, 25, 6, tzinfo=UTC)
    lost = Rhythm("day", 1, 2, BERLIN)  # 29 March has no 02:00
    assert next_time(lost, datetime(2026, 3, 29, 0, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_the_last_day_of_a_month_that_is_shorter() -> None:
    monthly = Rhythm("month", 31, 0, "UTC")
    found, at = [], datetime(2028, 1, 31, tzinfo=UTC)
    for _ in range(3):
        at = next_time(monthly, at)
        found.append(at.date())
    assert found == [date(2028, 2, 29), date(2028, 3, 31), date(2028, 4, 30)]


def test_weeks_and_months_of_the_calendar_before() -> None:
    due, zone = datetime(2026, 3, 4, 7, tzinfo=UTC), ZoneInfo("UTC")  # a Wednesday
    spans: tuple[tuple[Span, date, date], ...] = (
        ("yesterday", date(2026, 3, 3), date(2026, 3, 3)),
        ("last_week", date(2026, 2, 23), date(2026, 3, 1)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("7_days", date(2026, 2, 25), date(2026, 3, 3)),
        ("30_days", date(2026, 2, 2), date(2026, 3, 3)),
    )
    for span, first, last in spans:
        period = days_before(span, due, zone)
        assert (period.first, period.last) == (first, last), span


@given(
    after=moments,
    every=st.sampled_from(("day", "week", "month")),
    day=st.integers(1, 31),
    hour=st.integers(0, 23),
    zone=st.sampled_from(ZONES),
)
def test_the_next_time_is_later_and_none_is_left_out(
    after: datetime, every: Every, day: int, hour: int, zone: str
) -> None:
    rhythm = Rhythm(every, min(day, 7) if every == "week" else day, hour, zone)
    due = next_time(rhythm, after)
    longest = {"day": 2, "week": 8, "month": 32}[every]  # an island once left out a day
    assert after < due <= after + timedelta(days=longest, hours=1)
    assert next_time(rhythm, due - timedelta(seconds=1)) == due
    period = days_before("yesterday", due, ZoneInfo(zone))
    assert period.last < due.astimezone(ZoneInfo(zone)).date()
