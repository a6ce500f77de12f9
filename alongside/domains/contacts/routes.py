"""Contacts over HTTP: one with its details, all of them as a list and as a file."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.contacts import actions, book
from alongside.domains.contacts.book import ContactPlace, ContactQuestion
from alongside.domains.contacts.policy import EXPORT
from alongside.domains.contacts.schemas import ContactDetails, ContactList, ContactSort
from alongside.domains.fields import queries as field_queries
from alongside.domains.workspace.queries import moments_of
from alongside.kit.paging import read_place
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.errors import Invalid
from alongside.platform.web import who

SEARCH_CHARS = 200
DOWNLOAD = {
    "content-disposition": 'attachment; filename="contacts.csv"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}

Search = Annotated[
    str,
    Parameter(
        max_length=SEARCH_CHARS,
        description="Part of a name, address, phone number or field; a visitor's number; the site's own id.",
    ),
]

First = Annotated[
    date | None,
    Parameter(description="Who has a conversation with an episode that began on this day or later."),
]
Last = Annotated[date | None, Parameter(description="The last day of these; without one, `first` alone.")]


@get("/contacts", opt={"who": who.agent()})
async def list_contacts(
    actor: AgentActor,
    database: Database,
    search: Search = "",
    label: UUID | None = None,
    channel: UUID | None = None,
    verified: bool | None = None,
    first: First = None,
    last: Last = None,
    sort: ContactSort = "newest",
    cursor: Annotated[str | None, Parameter(max_length=1_000)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> ContactList:
    """A page of contacts. The search reads no field that the asker may not know."""
    async with database.reading() as reading:
        fields = await field_queries.fields_for(reading, actor)
        begun = await moments_of(reading, first, last)
        question = ContactQuestion(
            holders=actor.holders,
            search=clean_line(search, SEARCH_CHARS),
            fields=[field.id for field in fields],
            label_id=label,
            channel_id=channel,
            verified=verified,
            begun=begun,
            sort=sort,
            after=_place(cursor),
            limit=limit,
        )
        return await book.contacts(reading, question)


@get("/contacts/export", opt={"who": who.agent(EXPORT)}, media_type="text/csv")
async def export_contacts(
    actor: AgentActor,
    database: Database,
    search: Search = "",
    label: UUID | None = None,
    channel: UUID | None = None,
    verified: bool | None = None,
    first: First = None,
    last: Last = None,
) -> Stream:
    """Contacts as CSV, with the fields that the asker may know. No cell is a formula; it can be imported again."""
    async with database.reading() as reading:
        fields = await field_queries.fields_for(reading, actor)
        begun = await moments_of(reading, first, last)
    question = ContactQuestion(
        holders=actor.holders,
        search=clean_line(search, SEARCH_CHARS),
        fields=[field.id for field in fields],
        label_id=label,
        channel_id=channel,
        verified=verified,
        begun=begun,
    )
    async with database.work() as work:
        await actions.note_export(work, actor, question)
    lines = actions.export_contacts(database, question, fields)
    return Stream(lines, media_type="text/csv", headers=DOWNLOAD)


@get("/contacts/{contact_id:uuid}", opt={"who": who.agent()})
async def read_contact(contact_id: UUID, actor: AgentActor, database: Database) -> ContactDetails:
    """Who a contact is, where they are and were, what is known and was noted."""
    async with database.snapshot() as reading:
        return await actions.contact_details(reading, actor, contact_id)


def _place(text: str | None) -> ContactPlace | None:
    try:
        return read_place(text, ContactPlace) if text else None
    except ValueError:
        raise Invalid("bad-cursor", "This cursor was not made by this server. Start again without one.") from None


ROUTES = [list_contacts, export_contacts, read_contact]
