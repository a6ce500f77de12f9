"""Where a person's data is exported and erased."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, delete, get

from alongside.domains.privacy import actions, policy
from alongside.domains.privacy.schemas import Extent, PersonalData
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/contacts/{contact_id:uuid}/extent", opt={"who": who.agent(policy.ERASE)})
async def read_extent(contact_id: UUID, actor: AgentActor, database: Database) -> Extent:
    """How much would go with a contact."""
    async with database.snapshot() as reading:
        return await actions.extent(reading, actor, contact_id)


@get("/contacts/{contact_id:uuid}/personal-data", opt={"who": who.agent(policy.EXPORT)})
async def export_personal_data(
    contact_id: UUID, actor: AgentActor, database: Database, config: Config
) -> Response[PersonalData]:
    """Everything that is known about a contact, notes included, as one file."""
    async with database.work() as work:
        await actions.note_export(work, actor, contact_id)
    async with database.snapshot() as reading:
        found = await actions.personal_data(reading, contact_id, config.public_url)
    name = f"contact-{contact_id}.json"
    return Response(found, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@delete("/contacts/{contact_id:uuid}", opt={"who": who.agent(policy.ERASE)})
async def erase_contact(contact_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a contact and everything about them, for good."""
    await actions.erase(database, actor, contact_id)


ROUTES = [read_extent, export_personal_data, erase_contact]
