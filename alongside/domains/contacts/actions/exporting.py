"""All contacts as a file."""

from __future__ import annotations

from collections.abc import AsyncIterator

from alongside.domains.contacts import policy
from alongside.domains.contacts.book import ContactQuestion, every_contact
from alongside.domains.contacts.events import CustomersExported
from alongside.domains.contacts.logic import tables
from alongside.domains.fields.schemas import Field
from alongside.domains.labels import queries as labels
from alongside.kit.csv import BOM, write_row
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Forbidden


async def note_export(work: Work, actor: AgentActor, question: ContactQuestion) -> None:
    """The audit log names who takes customers away. What was searched for may be a name, and is not kept."""
    if not policy.may_export(actor):
        raise Forbidden("not-permitted", "Your role does not allow exporting customers. Ask an admin for it.")
    narrowed = (question.search, question.label_id, question.channel_id, question.verified)
    work.announce(CustomersExported(actor_id=actor.id, filtered=any(each not in (None, "") for each in narrowed)))


async def export_contacts(database: Database, question: ContactQuestion, fields: list[Field]) -> AsyncIterator[str]:
    """The contacts that the question means, a line each, with these fields. What is written can be imported again."""
    async with database.reading() as reading:
        names = {label.id: label.name for label in await labels.labels(reading)}
    yield BOM + write_row(tables.heading_row(fields))
    async for contacts, values in every_contact(database, question):
        for contact in contacts:
            yield write_row(tables.contact_row(dict(contact), fields, values[contact["id"]], names))
