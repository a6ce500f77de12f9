"""One ticket: made, read, changed, commented, linked."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post, put
from litestar.params import Parameter

from alongside.domains.tickets import actions, queries
from alongside.domains.tickets.actions.writing import no_such_ticket
from alongside.domains.tickets.policy import MANAGE, READ
from alongside.domains.tickets.schemas import (
    Commented,
    EditTicket,
    NewComment,
    NewTicket,
    TicketDetails,
    TicketEntryPage,
    TicketRow,
)
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who

Number = Annotated[int, Parameter(ge=1, le=2**53)]
Seq = Annotated[int, Parameter(ge=0, le=queries.END)]


@post("/tickets", opt={"who": who.agent(MANAGE)})
async def create_ticket(data: NewTicket, actor: AgentActor, database: Database) -> TicketRow:
    """Make a ticket, alone or from a conversation. Repeating a `client_id` answers with the ticket made first."""
    async with database.work() as work:
        return await actions.create(work, actor, data)


@get("/tickets/{number:int}", opt={"who": who.agent(READ)})
async def read_ticket(number: Number, database: Database) -> TicketDetails:
    """A ticket with what belongs to it and the newest of its history."""
    async with database.snapshot() as reading:
        details = await queries.details(reading, number)
    if details is None:
        raise no_such_ticket()
    return details


@get("/tickets/{number:int}/entries", opt={"who": who.agent(READ)})
async def read_ticket_entries(
    number: Number,
    database: Database,
    before: Seq = queries.END,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> TicketEntryPage:
    """Older entries of a ticket's history."""
    async with database.snapshot() as reading:
        if await queries.ticket(reading, number) is None:
            raise no_such_ticket()
        return await queries.entries_before(reading, number, before, limit)


@patch("/tickets/{number:int}", opt={"who": who.agent(MANAGE)})
async def edit_ticket(number: Number, data: EditTicket, actor: AgentActor, database: Database) -> TicketRow:
    """Change fields of a ticket; those left out stay as they are."""
    async with database.work() as work:
        return await actions.edit(work, actor, number, data)


@post("/tickets/{number:int}/comments", opt={"who": who.agent(MANAGE)})
async def comment_ticket(number: Number, data: NewComment, actor: AgentActor, database: Database) -> Commented:
    """Write a comment for the team. Repeating a `client_id` answers with the comment written first."""
    async with database.work() as work:
        return Commented(await actions.comment(work, actor, number, data))


@put("/tickets/{number:int}/conversations/{conversation_id:uuid}", opt={"who": who.agent(MANAGE)})
async def link_conversation(number: Number, conversation_id: UUID, actor: AgentActor, database: Database) -> TicketRow:
    """Add a conversation and its customer to a ticket."""
    async with database.work() as work:
        return await actions.link_conversation(work, actor, number, conversation_id)


@delete("/tickets/{number:int}/conversations/{conversation_id:uuid}", status_code=200, opt={"who": who.agent(MANAGE)})
async def unlink_conversation(
    number: Number, conversation_id: UUID, actor: AgentActor, database: Database
) -> TicketRow:
    """Remove a conversation from a ticket; its customer stays."""
    async with database.work() as work:
        return await actions.unlink_conversation(work, actor, number, conversation_id)


@put("/tickets/{number:int}/contacts/{contact_id:uuid}", opt={"who": who.agent(MANAGE)})
async def link_contact(number: Number, contact_id: UUID, actor: AgentActor, database: Database) -> TicketRow:
    """Add a person to a ticket."""
    async with database.work() as work:
        return await actions.link_contact(work, actor, number, contact_id)


@delete("/tickets/{number:int}/contacts/{contact_id:uuid}", status_code=200, opt={"who": who.agent(MANAGE)})
async def unlink_contact(number: Number, contact_id: UUID, actor: AgentActor, database: Database) -> TicketRow:
    """Remove a person from a ticket."""
    async with database.work() as work:
        return await actions.unlink_contact(work, actor, number, contact_id)


ROUTES = [
    create_ticket,
    read_ticket,
    read_ticket_entries,
    edit_ticket,
    comment_ticket,
    link_conversation,
    unlink_conversation,
    link_contact,
    unlink_contact,
]
