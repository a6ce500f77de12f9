"""Periods and their parts, and which columns a report has. Pure."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from alongside.domains.fields.schemas import Field
from alongside.domains.reports.figure_schemas import Unit
from alongside.domains.reports.file_schemas import Every, Span
from alongside.domains.reports.schemas import ReportPeriod
from alongside.kit.time import midnight
from alongside.platform.errors import Invalid

MOST_DAYS = 1_830
MOST_DAYS_BY_UNIT: tuple[tuple[int, Unit], ...] = ((2, "hour"), (92, "day"), (740, "week"))
FIELD = "field:"

CONVERSATION_COLUMNS = (
    "conversation_id",
    "episode",
    "link",
    "customer",
    "customer_number",
    "email",
    "channel",
    "status",
    "opened_at",
    "first_response_at",
    "closed_at",
    "first_response_seconds",
    "waiting_seconds",
    "handling_seconds",
    "resolution_seconds",
    "agents",
    "assigned_agents",
    "teams",
    "labels",
    "visitor_messages",
    "agent_messages",
    "notes",
    "rating",
    "rating_comment",
    "start_page",
    "language",
    "visitor_time_zone",
    "country",
    "city",
)
GATHERED_COLUMNS = ("contact_id", "customer", "customer_number", "email", "phone", "gathered_at")


class Period(msgspec.Struct, frozen=True):
    """Whole days of a zone, both included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        """The first moment."""
        return midnight(self.first, self.zone)

    @property
    def ends(self) -> datetime:
        """The first moment that belongs to it no more."""
        return midnight(self.last + timedelta(days=1), self.zone)

    def told(self) -> ReportPeriod:
        """As it stands in answers."""
        return ReportPeriod(first=self.first, last=self.last, zone=self.zone.key)


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `Invalid`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid("no-such-zone", "This time zone is not known. Use a name such as Europe/Berlin.") from None


def period_of(first: date, last: date, zone: str) -> Period:
    """Raises `Invalid` for one that runs backwards, is too long, or lies outside of the calendar."""
    if last < first:
        raise Invalid("period-backwards", "The period ends before it begins. Choose a later last day.")
    if (last - first).days >= MOST_DAYS:
        raise Invalid("period-too-long", f"A report covers at most {MOST_DAYS:,} days. Choose a shorter period.")
    if not 1970 <= first.year <= last.year <= 9000:
        raise Invalid("period-out-of-range", "Choose days between the years 1970 and 9000.")
    return Period(first, last, zone_of(zone))


class Rhythm(msgspec.Struct, frozen=True):
    """When something happens again and again: `day` of the week (Monday is 1) or of the month."""

    every: Every
    day: int
    hour: int
    zone: str


def next_time(rhythm: Rhythm, after: datetime) -> datetime:
    """The next time behind `after`, in UTC. An hour that the clocks leave out is the one after it."""
    zone = zone_of(rhythm.zone)
    day = after.astimezone(zone).date()
    while True:
        if _is_day(rhythm, day):
            moment = datetime(day.year, day.month, day.day, rhythm.hour, tzinfo=zone).astimezone(UTC)
            if moment > after:
                return moment
        day += timedelta(days=1)


def days_before(span: Span, due: datetime, zone: ZoneInfo) -> Period:
    """The days that a report is about which is due at a moment; that day itself is not over yet."""
    today = due.astimezone(zone).date()
    last = today - timedelta(days=1)
    match span:
        case "last_week":
            last = today - timedelta(days=today.isoweekday())
            first = last - timedelta(days=6)
        case "last_month":
            last = today.replace(day=1) - timedelta(days=1)
            first = last.replace(day=1)
        case _:
            first = today - timedelta(days={"yesterday": 1, "7_days": 7, "30_days": 30}[span])
    return Period(first, last, zone)


def parts(period: Period) -> tuple[Unit, list[datetime]]:
    """How a period is cut, and the beginning of each part in UTC. A day of 23 or 25 hours has as many parts."""
    days = (period.last - period.first).days + 1
    unit: Unit = next((unit for most, unit in MOST_DAYS_BY_UNIT if days <= most), "month")
    if unit == "hour":
        hours = int((period.ends - period.begins).total_seconds() // 3600)
        return unit, [period.begins + timedelta(hours=each) for each in range(hours)]
    every = (period.first + timedelta(days=each) for each in range(days))
    return unit, [midnight(day, period.zone) for day in every if day == period.first or _begins(unit, day)]


def days(period: Period) -> Iterator[tuple[date, datetime, datetime]]:
    """Each day with its first moment and that of the next."""
    for number in range((period.last - period.first).days + 1):
        day = period.first + timedelta(days=number)
        yield day, midnight(day, period.zone), midnight(day + timedelta(days=1), period.zone)


def duration(seconds: float) -> str:
    """As the console writes it: "45 s", "2 min 5 s", "1 h 12 min", "3 d 4 h"."""
    whole = int(seconds + 0.5)
    minutes, rest = divmod(whole, 60)
    hours, left = divmod(minutes, 60)
    days, over = divmod(hours, 24)
    parts = [(whole, "s"), (0, "")]
    if minutes:
        parts = [(minutes, "min"), (rest if minutes < 10 else 0, "s")]
    if hours:
        parts = [(hours, "h"), (left, "min")]
    if days:
        parts = [(days, "d"), (over, "h")]
    return " ".join(f"{value} {unit}" for place, (value, unit) in enumerate(parts) if value or not place)


def conversation_columns(fields: Iterable[Field]) -> list[str]:
    """All that a report about conversations can have, with these additional fields."""
    return [*CONVERSATION_COLUMNS, *(FIELD + field.key for field in fields)]


def gathered_columns(fields: Iterable[Field]) -> list[str]:
    """All that a report about gathered information can have."""
    return [*GATHERED_COLUMNS, *(FIELD + field.key for field in fields)]


def chosen(wanted: Sequence[str], known: Sequence[str]) -> list[str]:
    """The columns wanted, each once, in the order wanted; none means all. Raises `Invalid` for an unknown one."""
    if unknown := next((each for each in wanted if each not in known), None):
        raise Invalid("no-such-column", f"There is no column {unknown}. Leave it out, or ask which there are.")
    return list(dict.fromkeys(wanted)) or list(known)


def _is_day(rhythm: Rhythm, day: date) -> bool:
    if rhythm.every == "week":
        return day.isoweekday() == rhythm.day
    if rhythm.every == "month":
        return day.day == min(rhythm.day, monthrange(day.year, day.month)[1])
    return True


def _begins(unit: Unit, day: date) -> bool:
    return unit == "day" or (unit == "week" and day.weekday() == 0) or (unit == "month" and day.day == 1)
