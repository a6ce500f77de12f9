"""Watchdogs over HTTP, for those who manage rules."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post, put

from alongside.domains.watchdogs import actions, queries
from alongside.domains.watchdogs.policy import MANAGE
from alongside.domains.watchdogs.schemas import EditWatchdog, NewWatchdog, Watchdog
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/watchdogs", opt={"who": who.agent(MANAGE)})
async def list_watchdogs(database: Database) -> list[Watchdog]:
    """All watchdogs by name, and how each stands."""
    async with database.reading() as reading:
        return await queries.watchdogs(reading)


@post("/watchdogs", opt={"who": who.agent(MANAGE)})
async def create_watchdog(data: NewWatchdog, actor: AgentActor, database: Database) -> Watchdog:
    """Make a watchdog."""
    async with database.work() as work:
        return await actions.create_watchdog(work, actor, data)


@put("/watchdogs/{watchdog_id:uuid}", opt={"who": who.agent(MANAGE)})
async def edit_watchdog(watchdog_id: UUID, data: EditWatchdog, actor: AgentActor, database: Database) -> Watchdog:
    """Change a watchdog; 409 where a colleague has changed it meanwhile."""
    async with database.work() as work:
        return await actions.edit_watchdog(work, actor, watchdog_id, data)


@delete("/watchdogs/{watchdog_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE)})
async def delete_watchdog(watchdog_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a watchdog."""
    async with database.work() as work:
        await actions.delete_watchdog(work, actor, watchdog_id)


ROUTES = [list_watchdogs, create_watchdog, edit_watchdog, delete_watchdog]
