"""Customers that another system knows already: made before they write, and given to an agent or a team."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from alongside.domains.contacts import book, queries
from alongside.domains.contacts.actions.details import announce_change, lock_person_in_sight, own_details, require_edit
from alongside.domains.contacts.actions.fields import store
from alongside.domains.contacts.schemas import NewContact
from alongside.domains.fields import logic
from alongside.domains.fields import queries as field_queries
from alongside.domains.fields.schemas import Content, Field
from alongside.domains.labels import queries as labels
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Invalid, NotFound

ID_CHARS = 400

CREATE = "INSERT INTO contact (name, email, phone, label_ids) VALUES ($1, $2, $3, $4) RETURNING id"
KNOW = """
INSERT INTO identity (contact_id, channel_id, kind, value, verified) VALUES ($1, $2, 'verified', $3, true)
"""
GIVE = "UPDATE contact SET agent_id = $2, team_id = $3 WHERE person_id = $1"


async def create_contact(work: Work, actor: AgentActor, new: NewContact) -> UUID:
    """Make a contact with what is known of them.

    With `verified_id` it is the person whom the site of `channel_id` calls so: their history begins here. Raises
    `Conflict`, naming the contact, where somebody is known by it already.
    """
    require_edit(actor)
    own = own_details({"name": new.name, "email": new.email, "phone": new.phone})
    values = await _values(work, actor, new)
    for label_id in new.label_ids:
        if not await labels.hold(work, label_id):
            raise NotFound("no-such-label", "One of these labels does not exist (any more).")
    label_ids = list(dict.fromkeys(new.label_ids))
    contact_id: UUID = await work.value(CREATE, own["name"], own["email"], own["phone"], label_ids)
    if new.verified_id is not None:
        await _know(work, contact_id, new.verified_id, new.channel_id)
    for pair in values:
        await store(work, contact_id, pair, "agent", actor.id)
    await announce_change(work, contact_id)
    return contact_id


async def give_contact(
    work: Work, actor: AgentActor, contact_id: UUID, agent_id: UUID | None, team_id: UUID | None
) -> UUID:
    """Say to whom a customer belongs. Returns who stands for them. The caller has judged both, and who may."""
    person_id = await lock_person_in_sight(work, actor, contact_id)
    await work.run(GIVE, person_id, agent_id, team_id)
    await announce_change(work, person_id)
    return person_id


async def _values(work: Work, actor: AgentActor, new: NewContact) -> list[tuple[Field, Content | None]]:
    known = {field.key: field for field in await field_queries.fields_for(work, actor)}
    if unknown := sorted(set(new.fields) - set(known)):
        raise Invalid("no-such-field", f"There is no field {clean_line(unknown[0], 60)}. GET /fields lists them.")
    return [(known[key], logic.clean_value(known[key], value)) for key, value in new.fields.items()]


async def _know(work: Work, contact_id: UUID, given: str, channel_id: UUID | None) -> None:
    value = clean_line(given, ID_CHARS + 1)
    if not 1 <= len(value) <= ID_CHARS:
        raise Invalid("verified-id-malformed", f"The site's own id has 1 to {ID_CHARS} characters.")
    if channel_id is None:
        raise Invalid("channel-missing", "Say to which channel the id belongs: each site has its own.")
    if not await book.is_channel(work, channel_id):
        raise NotFound("no-such-channel", "This channel does not exist.")
    await work.run("SAVEPOINT known")
    try:
        await work.run(KNOW, contact_id, channel_id, value)
    except asyncpg.UniqueViolationError:
        await work.run("ROLLBACK TO SAVEPOINT known")
        there = await queries.verified_contact(work, channel_id, value)
        raise Conflict(
            "contact-exists", "There is already a contact with this id. Change that one.", contact_id=str(there)
        ) from None
