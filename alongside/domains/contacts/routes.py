"""Contacts over HTTP."""

from __future__ import annotations

from uuid import UUID

from litestar import get

from alongside.domains.contacts import actions
from alongside.domains.contacts.schemas import ContactDetails
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/contacts/{contact_id:uuid}", opt={"who": who.agent()})
async def read_contact(contact_id: UUID, actor: AgentActor, database: Database) -> ContactDetails:
    """Who a contact is, where they are and were, what was noted."""
    async with database.snapshot() as reading:
        return await actions.contact_details(reading, actor, contact_id)


ROUTES = [read_contact]
