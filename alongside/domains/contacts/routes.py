"""Contacts over HTTP."""

from __future__ import annotations

from uuid import UUID

from litestar import get, patch

from alongside.domains.contacts import actions
from alongside.domains.contacts.schemas import ContactDetails, EditContact
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/contacts/{contact_id:uuid}", opt={"who": who.agent()})
async def read_contact(contact_id: UUID, database: Database) -> ContactDetails:
    """Who a contact is, where they are and were, what was noted."""
    async with database.snapshot() as reading:
        return await actions.contact_details(reading, contact_id)


@patch("/contacts/{contact_id:uuid}", opt={"who": who.agent("contacts.edit")})
async def edit_contact(contact_id: UUID, data: EditContact, actor: AgentActor, database: Database) -> ContactDetails:
    """Correct a contact's name, e-mail address or phone number."""
    async with database.work() as work:
        await actions.edit_contact(work, actor, contact_id, data)
    async with database.snapshot() as reading:
        return await actions.contact_details(reading, contact_id)


ROUTES = [read_contact, edit_contact]
