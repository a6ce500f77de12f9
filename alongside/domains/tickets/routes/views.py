"""Saved views of the list of tickets."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post

from alongside.domains.tickets import actions, queries
from alongside.domains.tickets.policy import READ
from alongside.domains.tickets.schemas import EditTicketView, NewTicketView, TicketView
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/ticket-views", opt={"who": who.agent(READ)})
async def list_ticket_views(actor: AgentActor, database: Database) -> list[TicketView]:
    """The agent's own views and those that everybody uses."""
    async with database.reading() as reading:
        return await queries.views(reading, actor.id)


@post("/ticket-views", opt={"who": who.agent(READ)})
async def save_ticket_view(data: NewTicketView, actor: AgentActor, database: Database) -> TicketView:
    """Save a view for oneself; for all it needs `tickets.manage`."""
    async with database.work() as work:
        return await actions.save_view(work, actor, data)


@patch("/ticket-views/{view_id:uuid}", opt={"who": who.agent(READ)})
async def edit_ticket_view(view_id: UUID, data: EditTicketView, actor: AgentActor, database: Database) -> TicketView:
    """Change a view: one's own, or with `tickets.manage` one that everybody uses."""
    async with database.work() as work:
        return await actions.edit_view(work, actor, view_id, data)


@delete("/ticket-views/{view_id:uuid}", status_code=204, opt={"who": who.agent(READ)})
async def delete_ticket_view(view_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a view; the tickets stay."""
    async with database.work() as work:
        await actions.delete_view(work, actor, view_id)


ROUTES = [list_ticket_views, save_ticket_view, edit_ticket_view, delete_ticket_view]
