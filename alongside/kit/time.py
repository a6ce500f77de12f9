"""Time. Verbs take the time as an argument or let the database say it; only the edges ask the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins; where clocks jump over midnight, the moment after the jump. In UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
