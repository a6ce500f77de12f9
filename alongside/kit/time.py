"""Time. Verbs take the time as an argument or let the database say it; only the edges ask the clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)
