"""What can be done to opening hours."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import msgspec

from alongside.domains.workspace import policy, queries
from alongside.domains.workspace.events import HoursChanged, SettingsChanged
from alongside.domains.workspace.logic import rules
from alongside.domains.workspace.logic.holidays import read_holidays
from alongside.domains.workspace.logic.hours import Calendar
from alongside.domains.workspace.schemas import (
    MOST_CALENDARS,
    EditOpeningHours,
    HolidaysPasted,
    Hours,
    NewOpeningHours,
    OpeningHours,
    Outlook,
    SpecialDay,
)
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

DAYS_AHEAD = 14

INSERT = f"INSERT INTO opening_hours (name, hours) VALUES ($1, $2) RETURNING {queries.HOURS_COLUMNS}"

UPDATE = f"""
UPDATE opening_hours SET name = $2, hours = $3, is_default = $4, version = version + 1, changed_at = now()
WHERE id = $1 RETURNING {queries.HOURS_COLUMNS}
"""

NO_DEFAULT = "UPDATE opening_hours SET is_default = false WHERE is_default AND id <> $1"


async def create_hours(work: Work, actor: AgentActor, new: NewOpeningHours) -> OpeningHours:
    """Make opening hours that a channel can choose."""
    _require_manage(actor)
    name, hours = rules.name_of(new.name), rules.checked(new.hours)
    if len(await queries.opening_hours(work)) >= MOST_CALENDARS:
        raise Conflict("too-many-hours", f"There are {MOST_CALENDARS} opening hours. Delete one that is not used.")
    return await _written(work, actor, "created", (INSERT, name, hours))


async def edit_hours(work: Work, actor: AgentActor, hours_id: UUID, change: EditOpeningHours) -> OpeningHours:
    """Change opening hours. Raises `Conflict` when somebody else has changed them meanwhile."""
    _require_manage(actor)
    name, hours = rules.name_of(change.name), rules.checked(change.hours)
    if change.is_default:
        # Before the row itself: whoever else makes some hours the company's waits here, not for half of it.
        await work.rows("SELECT id FROM opening_hours ORDER BY id FOR UPDATE")
    current = await _locked(work, hours_id)
    if current.version != change.version:
        raise Conflict(
            "changed-meanwhile",
            "Somebody else has changed these opening hours meanwhile. Look at theirs, and change them again.",
        )
    if change.is_default:
        await work.run(NO_DEFAULT, hours_id)
    is_default = current.is_default or change.is_default
    return await _written(work, actor, "edited", (UPDATE, hours_id, name, hours, is_default))


async def delete_hours(work: Work, actor: AgentActor, hours_id: UUID) -> None:
    """Delete opening hours that nobody goes by. Raises `Conflict` for the company's, and for those in use."""
    _require_manage(actor)
    current = await _locked(work, hours_id)
    if current.is_default:
        raise Conflict("hours-default", "These are the company's opening hours. Make others the company's first.")
    if names := await queries.channels_with(work, hours_id):
        raise Conflict(
            "hours-in-use",
            f"Channels go by these hours: {', '.join(names)[:300]}. Choose others there first.",
            channels=names,
        )
    await work.run("DELETE FROM opening_hours WHERE id = $1", hours_id)
    work.announce(HoursChanged())
    work.announce(SettingsChanged(actor_id=actor.id, area="opening-hours", values={"deleted": current.name}))


def outlook(hours: Hours, at: datetime) -> Outlook:
    """What hours mean at a moment, saved or not. Raises `Invalid` for hours that cannot be."""
    calendar = Calendar(rules.checked(hours))
    return Outlook(
        open=calendar.is_open(at),
        changes_at=calendar.next_change(at),
        days=calendar.days(at.astimezone(calendar.zone).date(), DAYS_AHEAD),
    )


def holidays(pasted: HolidaysPasted, at: datetime) -> list[SpecialDay]:
    """What a pasted calendar or list says, from yesterday on: it may be yesterday still where the company is."""
    today: date = at.astimezone(UTC).date()
    return read_holidays(pasted.text, today - timedelta(days=1))


async def _written(work: Work, actor: AgentActor, change: str, statement: tuple[object, ...]) -> OpeningHours:
    sql, *values = statement
    try:
        row = await work.row(str(sql), *values)
    except asyncpg.UniqueViolationError:
        raise Invalid("hours-name-taken", "There are opening hours with this name already.", field="name") from None
    if row is None:
        raise LookupError("locked in this transaction")
    written = OpeningHours(**{**dict(row), "hours": msgspec.convert(row["hours"], Hours)})
    work.announce(HoursChanged())
    values_now = {change: written.name, "default": written.is_default, "hours": msgspec.to_builtins(written.hours)}
    work.announce(SettingsChanged(actor_id=actor.id, area="opening-hours", values=values_now))
    return written


async def _locked(work: Work, hours_id: UUID) -> OpeningHours:
    found = await queries.opening_hours_for_update(work, hours_id)
    if found is None:
        raise NotFound("no-such-hours", "These opening hours do not exist (any more).")
    return found


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow changing opening hours. Ask an admin for it.")
