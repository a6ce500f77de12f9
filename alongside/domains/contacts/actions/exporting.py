"""All contacts as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator

from alongside.domains.contacts.book import ContactQuestion, every_contact
from alongside.domains.contacts.logic import tables
from alongside.domains.fields.schemas import Field
from alongside.domains.labels import queries as labels
from alongside.kit.csv import BOM, write_row
from alongside.platform.db import Database


async def export_contacts(database: Database, question: ContactQuestion, fields: list[Field]) -> AsyncIterator[str]:
    """The contacts that the question means, a line each, with these fields. What is written can be imported again."""
    async with database.reading() as reading:
        names = {label.id: label.name for label in await labels.labels(reading)}
    yield BOM + write_row(tables.heading_row(fields))
    async for contacts, values in every_contact(database, question):
        for contact in contacts:
            yield write_row(tables.contact_row(dict(contact), fields, values[contact["id"]], names))
