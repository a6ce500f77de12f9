"""Everything that is asked of the workspace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from alongside.domains.workspace.schemas import Hours, OpeningHours, Workspace
from alongside.kit.time import midnight
from alongside.platform.db import Reading, Row
from alongside.platform.errors import Invalid

WORKSPACE = "SELECT name, epoch::text, default_locale, time_zone, edit_minutes FROM workspace"

SETUP_TOKEN = "SELECT setup_token_sha256 FROM workspace FOR UPDATE"  # noqa: S105 - the name of a column

LINK_KEY = "SELECT link_key FROM workspace"

HOURS_COLUMNS = "id, name, is_default, hours, version"

OPENING_HOURS = f"SELECT {HOURS_COLUMNS} FROM opening_hours ORDER BY is_default DESC, lower(name), id"

OPENING_HOURS_FOR_UPDATE = f"SELECT {HOURS_COLUMNS} FROM opening_hours WHERE id = $1 FOR UPDATE"

OPENING_HOURS_OF = f"""
SELECT {HOURS_COLUMNS} FROM opening_hours WHERE id = $1 OR is_default ORDER BY is_default LIMIT 1
"""

# A channel names them in its settings (alongside/domains/channels/availability_schemas.py).
CHANNELS_WITH = "SELECT name FROM channel WHERE settings #>> '{availability,hours_id}' = $1 ORDER BY name"


async def workspace(reading: Reading) -> Workspace:
    """The company."""
    row = await reading.row(WORKSPACE)
    if row is None:
        raise LookupError("the workspace's row is missing: the migrations have not run")
    return Workspace(**dict(row))


async def moments_of(reading: Reading, first: date | None, last: date | None) -> tuple[datetime, datetime] | None:
    """When a day begins and when another, or the same, is over, where the company counts days. None without a day.

    Raises `Invalid` for days that run backwards or lie outside of the calendar.
    """
    first, last = first or last, last or first
    if first is None or last is None:
        return None
    if last < first:
        raise Invalid("period-backwards", "The period ends before it begins. Choose a later last day.")
    if not 1970 <= first.year <= last.year <= 9000:
        raise Invalid("period-out-of-range", "Choose days between the years 1970 and 9000.")
    zone = ZoneInfo((await workspace(reading)).time_zone)
    return midnight(first, zone), midnight(last + timedelta(days=1), zone)


async def setup_token_digest(reading: Reading) -> bytes | None:
    """The hash of the one-time set-up token, with the row locked: whoever asks next waits for our answer."""
    found: bytes | None = await reading.value(SETUP_TOKEN)
    return found


async def link_key(reading: Reading) -> str:
    """What signs short-lived addresses of files."""
    return str(await reading.value(LINK_KEY))


async def opening_hours(reading: Reading) -> list[OpeningHours]:
    """All opening hours, the company's first."""
    return [_hours(row) for row in await reading.rows(OPENING_HOURS)]


async def opening_hours_for_update(reading: Reading, hours_id: UUID) -> OpeningHours | None:
    """One of them, with its row locked."""
    row = await reading.row(OPENING_HOURS_FOR_UPDATE, hours_id)
    return _hours(row) if row else None


async def opening_hours_of(reading: Reading, hours_id: UUID | None) -> OpeningHours:
    """Those with this id; the company's for None, and where they are gone."""
    row = await reading.row(OPENING_HOURS_OF, hours_id)
    if row is None:
        raise LookupError("the company's opening hours are missing: the migrations have not run")
    return _hours(row)


async def channels_with(reading: Reading, hours_id: UUID) -> list[str]:
    """Names of the channels that have chosen these opening hours."""
    return [row["name"] for row in await reading.rows(CHANNELS_WITH, str(hours_id))]


def _hours(row: Row) -> OpeningHours:
    return OpeningHours(**{**dict(row), "hours": msgspec.convert(row["hours"], Hours)})
