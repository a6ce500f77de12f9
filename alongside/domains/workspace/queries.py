"""Everything that is asked of the workspace."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from alongside.domains.workspace.schemas import Workspace
from alongside.kit.time import midnight
from alongside.platform.db import Reading
from alongside.platform.errors import Invalid

WORKSPACE = "SELECT name, epoch::text, default_locale, time_zone, edit_minutes FROM workspace"

SETUP_TOKEN = "SELECT setup_token_sha256 FROM workspace FOR UPDATE"  # noqa: S105 - the name of a column

LINK_KEY = "SELECT link_key FROM workspace"


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
