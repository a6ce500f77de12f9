"""Opening hours over HTTP. Every agent may know them; changing them needs a permission."""

from __future__ import annotations

import asyncio
from uuid import UUID

from litestar import delete, get, patch, post

from alongside.domains.workspace import queries
from alongside.domains.workspace.actions import opening_hours as actions
from alongside.domains.workspace.policy import MANAGE
from alongside.domains.workspace.schemas import (
    EditOpeningHours,
    HolidaysPasted,
    Hours,
    NewOpeningHours,
    OpeningHours,
    Outlook,
    SpecialDay,
)
from alongside.kit.time import now
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/opening-hours", opt={"who": who.agent()})
async def list_hours(database: Database) -> list[OpeningHours]:
    """All opening hours, the company's first."""
    async with database.reading() as reading:
        return await queries.opening_hours(reading)


@post("/opening-hours", opt={"who": who.agent(MANAGE)})
async def create_hours(data: NewOpeningHours, actor: AgentActor, database: Database) -> OpeningHours:
    """Make opening hours that a channel can choose."""
    async with database.work() as work:
        return await actions.create_hours(work, actor, data)


@patch("/opening-hours/{hours_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_hours(hours_id: UUID, data: EditOpeningHours, actor: AgentActor, database: Database) -> OpeningHours:
    """Change opening hours, or make them the company's."""
    async with database.work() as work:
        return await actions.edit_hours(work, actor, hours_id, data)


@delete("/opening-hours/{hours_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_hours(hours_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete opening hours that nobody goes by."""
    async with database.work() as work:
        await actions.delete_hours(work, actor, hours_id)


@post("/opening-hours/outlook", status_code=200, opt={"who": who.agent()})
async def look_ahead(data: Hours) -> Outlook:
    """What hours mean now, before they are saved: open or not, and the days to come."""
    return await asyncio.to_thread(actions.outlook, data, now())


@post("/opening-hours/holidays", status_code=200, opt={"who": who.agent(MANAGE)})
async def read_holidays(data: HolidaysPasted) -> list[SpecialDay]:
    """Read holidays out of an .ics file or a list. Nothing is saved: they are given back to be looked at."""
    return await asyncio.to_thread(actions.holidays, data, now())


ROUTES = [list_hours, create_hours, edit_hours, delete_hours, look_ahead, read_holidays]
