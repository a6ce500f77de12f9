"""The list of tickets: filtered, sorted, paged; changed many at a time; exported."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import get, post
from litestar.di import Provide
from litestar.params import Parameter
from litestar.response import Stream
from msgspec.structs import replace

from alongside.domains.contacts import queries as contacts
from alongside.domains.contacts.actions.details import no_such_contact
from alongside.domains.tickets import actions, listing, queries
from alongside.domains.tickets.listing import TicketQuestion
from alongside.domains.tickets.policy import MANAGE, READ
from alongside.domains.tickets.schemas import (
    LABEL_CHARS,
    SEARCH_CHARS,
    EditTickets,
    TicketChanges,
    TicketDue,
    TicketFilter,
    TicketList,
    TicketPriority,
    TicketRow,
    TicketsEdited,
    TicketSort,
    TicketStatus,
)
from alongside.domains.workspace import changes
from alongside.kit.csv import BOM, Cell, write_row
from alongside.kit.text import clean_line
from alongside.kit.time import now
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Row
from alongside.platform.web import who

Assigned = Annotated[
    str | None, Parameter(max_length=36, description="`me`, `nobody` (no agent and no team), or an agent's id.")
]
Search = Annotated[
    str, Parameter(max_length=SEARCH_CHARS, description="Beginnings of words of the title or description, or a number.")
]
Since = Annotated[str | None, Parameter(max_length=changes.CURSOR_CHARS, description="`cursor` of the answer before.")]
Today = Annotated[date | None, Parameter(description="The reader's day, for `due`; by default the day in UTC.")]

EXPORTED = (
    "number",
    "title",
    "status",
    "priority",
    "assignee",
    "team",
    "due_on",
    "labels",
    "contacts",
    "conversations",
    "comments",
    "created_at",
    "created_by",
    "updated_at",
    "description",
)


async def provide_question(
    actor: AgentActor,
    status: list[TicketStatus] | None = None,
    priority: list[TicketPriority] | None = None,
    assignee: Assigned = None,
    team_id: UUID | None = None,
    label: Annotated[str | None, Parameter(max_length=LABEL_CHARS * 4)] = None,
    due: TicketDue | None = None,
    search: Search = "",
    today: Today = None,
) -> TicketQuestion:
    """Which tickets the address asks for."""
    wanted = TicketFilter(
        status=status or [],
        priority=priority or [],
        assignee=assignee,
        team_id=team_id,
        label=label,
        due=due,
        search=clean_line(search, SEARCH_CHARS),
    )
    return TicketQuestion(filter=wanted, me=actor.id, today=today or now().date())


QUESTION = {"question": Provide(provide_question)}


@get("/tickets", opt={"who": who.agent(READ)}, dependencies=QUESTION)
async def list_tickets(
    database: Database,
    question: TicketQuestion,
    sort: TicketSort = "updated",
    reverse: bool = False,
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> TicketList:
    """A page of the list: newest change first, nearest due date first, most urgent first; `reverse` turns it round."""
    async with database.reading() as reading:
        asked = replace(question, sort=sort, reverse=reverse, cursor=cursor, limit=limit)
        return await listing.tickets(reading, asked)


@get("/tickets/changes", opt={"who": who.agent(READ)})
async def list_changed_tickets(
    database: Database, since: Since = None, limit: Annotated[int, Parameter(ge=1, le=200)] = 100
) -> TicketChanges:
    """Tickets that changed since an earlier answer's `cursor`; without it all. One may come twice, none is left out."""
    async with database.snapshot() as reading:
        return await queries.changed(reading, await changes.walk(reading, since, limit))


@get("/tickets/export", opt={"who": who.agent(MANAGE)}, dependencies=QUESTION, media_type="text/csv")
async def export_tickets(database: Database, question: TicketQuestion) -> Stream:
    """All tickets of a filter as CSV, by number; no cell is a formula to a spreadsheet."""
    headers = {"content-disposition": f'attachment; filename="tickets-{question.today}.csv"'}
    return Stream(_csv(listing.exported(database, question)), media_type="text/csv", headers=headers)


@get("/tickets/labels", opt={"who": who.agent(READ)})
async def list_ticket_labels(database: Database) -> list[str]:
    """Labels in use, the commonest first."""
    async with database.reading() as reading:
        return await queries.labels(reading)


@post("/tickets/bulk", status_code=200, opt={"who": who.agent(MANAGE)})
async def edit_tickets(data: EditTickets, actor: AgentActor, database: Database) -> TicketsEdited:
    """Change up to 200 tickets; the answer says of each whether it was changed, and why not."""
    async with database.work() as work:
        return await actions.edit_many(work, actor, data)


@get("/contacts/{contact_id:uuid}/tickets", opt={"who": who.agent(READ)})
async def list_tickets_of_contact(contact_id: UUID, actor: AgentActor, database: Database) -> list[TicketRow]:
    """The tickets of a person and of their conversations, those that are not finished first; at most 50."""
    async with database.reading() as reading:
        known = await contacts.person(reading, contact_id) is not None
        if not known or not await contacts.in_sight(reading, actor, contact_id):
            raise no_such_contact()
        return await queries.tickets_of(reading, contact_id)


async def _csv(parts: AsyncIterator[list[Row]]) -> AsyncIterator[str]:
    yield BOM + write_row(EXPORTED)
    async for rows in parts:
        yield "".join(write_row(_cell(row[name]) for name in EXPORTED) for row in rows)


def _cell(value: list[str] | date | Cell) -> Cell:
    if isinstance(value, list):
        return ", ".join(value)
    return value.isoformat() if isinstance(value, date) else value


ROUTES = [list_tickets, list_changed_tickets, export_tickets, list_ticket_labels, edit_tickets, list_tickets_of_contact]
