"""Contacts over HTTP: one with its details, all of them as a list and as a file."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import get
from litestar.di import Provide
from litestar.params import Parameter
from litestar.response import Stream
from msgspec.structs import replace

from alongside.domains.contacts import actions, book
from alongside.domains.contacts.book import ContactPlace, ContactQuestion
from alongside.domains.contacts.policy import EXPORT
from alongside.domains.contacts.schemas import ActiveVisitor, ContactChanges, ContactDetails, ContactList, ContactSort
from alongside.domains.fields import queries as field_queries
from alongside.domains.fields.schemas import Field
from alongside.domains.workspace import changes
from alongside.domains.workspace.queries import moments_of
from alongside.kit.paging import read_place
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.errors import Invalid
from alongside.platform.web import who

SEARCH_CHARS = 200
ID_CHARS = 400
DOWNLOAD = {
    "content-disposition": 'attachment; filename="contacts.csv"',
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}

Since = Annotated[str | None, Parameter(max_length=changes.CURSOR_CHARS, description="`cursor` of the answer before.")]
Email = Annotated[str, Parameter(max_length=SEARCH_CHARS, description="The whole address.")]
VerifiedId = Annotated[str, Parameter(max_length=ID_CHARS, description="The site's own id, proven.")]
FieldKey = Annotated[str | None, Parameter(max_length=40, description="Key of a field, asked for `value`.")]
FieldValue = Annotated[
    str, Parameter(max_length=SEARCH_CHARS, description="The field's whole value: text, number, date, true, a choice.")
]
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


class Asked(msgspec.Struct, frozen=True):
    """Which contacts the address asks for, and the fields that the asker may know."""

    question: ContactQuestion
    fields: list[Field]


async def provide_asked(
    actor: AgentActor,
    database: Database,
    search: Search = "",
    label: UUID | None = None,
    channel: UUID | None = None,
    verified: bool | None = None,
    first: First = None,
    last: Last = None,
    email: Email = "",
    verified_id: VerifiedId = "",
    field: FieldKey = None,
    value: FieldValue = "",
) -> Asked:
    """The search reads no field that the asker may not know; a field that they may not ask for is not there."""
    async with database.reading() as reading:
        fields = await field_queries.fields_for(reading, actor)
        begun = await moments_of(reading, first, last)
    wanted = next((each.id for each in fields if each.key == field), None)
    if field is not None and wanted is None:
        raise Invalid("no-such-field", "There is no field of this key. GET /fields lists them.")
    question = ContactQuestion(
        holders=actor.holders,
        search=clean_line(search, SEARCH_CHARS),
        fields=[each.id for each in fields],
        label_id=label,
        channel_id=channel,
        verified=verified,
        begun=begun,
        email=clean_line(email, SEARCH_CHARS),
        verified_id=clean_line(verified_id, ID_CHARS),
        field=(wanted, clean_line(value, SEARCH_CHARS)) if wanted else None,
    )
    return Asked(question, fields)


ASKED = {"asked": Provide(provide_asked)}


@get("/contacts", opt={"who": who.agent()}, dependencies=ASKED)
async def list_contacts(
    database: Database,
    asked: Asked,
    sort: ContactSort = "newest",
    cursor: Annotated[str | None, Parameter(max_length=1_000)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> ContactList:
    """A page of contacts."""
    question = replace(asked.question, sort=sort, after=_place(cursor), limit=limit)
    async with database.reading() as reading:
        return await book.contacts(reading, question)


@get("/contacts/changes", opt={"who": who.agent()})
async def list_changed_contacts(
    actor: AgentActor,
    database: Database,
    since: Since = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 100,
) -> ContactChanges:
    """Contacts of whom something changed since an earlier answer's `cursor`: name, addresses, fields, labels, proof.

    Without it all of them. One may come twice; none is left out.
    """
    async with database.snapshot() as reading:
        return await book.changed(reading, await changes.walk(reading, since, limit), actor.holders)


@get("/contacts/active", opt={"who": who.agent()})
async def list_active_visitors(
    actor: AgentActor,
    database: Database,
    given_to: Annotated[UUID | None, Parameter(description="Only who belongs to this agent or team.")] = None,
    limit: Annotated[int, Parameter(ge=1, le=1_000)] = 200,
) -> list[ActiveVisitor]:
    """Who has a page of a channel open now, whoever came last first. A personal key hears of its agent's alone."""
    async with database.reading() as reading:
        return await book.active(reading, actor.holders, actor.only_of or given_to, limit)


@get("/contacts/export", opt={"who": who.agent(EXPORT)}, dependencies=ASKED, media_type="text/csv")
async def export_contacts(actor: AgentActor, database: Database, asked: Asked) -> Stream:
    """Contacts as CSV, with the fields that the asker may know. No cell is a formula; it can be imported again."""
    async with database.work() as work:
        await actions.note_export(work, actor, asked.question)
    lines = actions.export_contacts(database, asked.question, asked.fields)
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


ROUTES = [list_contacts, list_changed_contacts, list_active_visitors, export_contacts, read_contact]
