"""What agents do with a contact's details. It is done to the person: to all contacts that are merged."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from alongside.domains.contacts import policy, queries
from alongside.domains.contacts.events import ContactChanged
from alongside.domains.contacts.schemas import ContactDetails, EditContact
from alongside.domains.fields import queries as field_queries
from alongside.domains.labels import queries as labels
from alongside.domains.labels.schemas import MOST_CARRIED
from alongside.kit.text import clean_line, is_email
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

NAME_CHARS = 200

# Twice to the same end: whoever is told the second time sees what was done the first.
PUT_ON = """
UPDATE contact SET label_ids = array_append(label_ids, $2::uuid)
WHERE person_id = $1 AND NOT label_ids @> ARRAY[$2::uuid]
"""
TAKE_OFF = "UPDATE contact SET label_ids = array_remove(label_ids, $2::uuid) WHERE person_id = $1"


async def edit_contact(work: Work, actor: AgentActor, contact_id: UUID, change: EditContact) -> None:
    """Correct a contact's name and addresses."""
    require_edit(actor)
    given = {name: getattr(change, name) for name in ("name", "email", "phone")}
    fields = own_details({name: value for name, value in given.items() if value is not msgspec.UNSET})
    person_id = await lock_person_in_sight(work, actor, contact_id)
    for name, value in fields.items():
        await work.run(f"UPDATE contact SET {name} = $2 WHERE person_id = $1", person_id, value)
    await announce_change(work, person_id)


def own_details(given: Mapping[str, str | None]) -> dict[str, str | None]:
    """Name and addresses as they are stored. Raises `Invalid` where the e-mail address is none."""
    fields = {name: clean_line(value, NAME_CHARS) or None if value else None for name, value in given.items()}
    if (email := fields.get("email")) and not is_email(email):
        raise Invalid("email-malformed", "This is not an e-mail address. It should look like name@example.com.")
    return fields


async def label_contact(work: Work, actor: AgentActor, contact_id: UUID, label_id: UUID, *, on: bool) -> None:
    """Put a label on a contact, or take it off."""
    require_edit(actor)
    if on and not await labels.hold(work, label_id):
        raise NotFound("no-such-label", "This label does not exist (any more).")
    person_id = await lock_person_in_sight(work, actor, contact_id)
    if on and await queries.labels_carried(work, person_id) >= MOST_CARRIED:
        raise Conflict("too-many-carried", f"A contact carries at most {MOST_CARRIED} labels. Take one off first.")
    await work.run(PUT_ON if on else TAKE_OFF, person_id, label_id)
    await announce_change(work, person_id)


async def label_by_rule(work: Work, contact_id: UUID, label_id: UUID) -> bool:
    """Put a label on a contact because a rule says so. False where there is no such label, or no room for it."""
    if not await labels.hold(work, label_id):
        return False
    person_id = await lock_person(work, contact_id)
    if await queries.labels_carried(work, person_id) >= MOST_CARRIED:
        return False
    await work.run(PUT_ON, person_id, label_id)
    await announce_change(work, person_id)
    return True


async def contact_details(reading: Reading, actor: AgentActor, contact_id: UUID) -> ContactDetails:
    """All that the details column shows, of the person that the contact belongs to.

    Of conversations only what the agent may see; a person of whom they see none is not there for them.
    """
    contact = await queries.contact(reading, contact_id)
    if contact is None or not await queries.in_sight(reading, actor, contact.id):
        raise no_such_contact()
    fields = await field_queries.fields_for(reading, actor)
    return ContactDetails(
        contact=contact,
        fields=await queries.field_values(reading, contact.id, fields),
        visits=await queries.visits(reading, contact.id),
        episodes=await queries.episodes(reading, contact.id, actor.holders),
        notes=await queries.notes(reading, contact.id, actor.holders),
        consents=await queries.consents(reading, contact.id),
        merges=await queries.merges(reading, contact.id),
    )


async def lock_person(work: Work, contact_id: UUID) -> UUID:
    """The contact that stands for a contact's person, with its row locked. Raises `NotFound`.

    Who holds it may change all contacts of the person: each is locked after the one that stands for it, never before.
    So a lock that a merge has made stale is given back, not kept while waiting for the right one.
    """
    while True:
        await work.run("SAVEPOINT person")
        person_id = await queries.person_for_update(work, contact_id)
        if person_id == await queries.person(work, contact_id):
            await work.run("RELEASE SAVEPOINT person")
            break
        await work.run("ROLLBACK TO SAVEPOINT person")
    if person_id is None:
        raise no_such_contact()
    return person_id


async def lock_person_in_sight(work: Work, actor: AgentActor, contact_id: UUID) -> UUID:
    """The same for an agent, to whom a person out of their sight is not there."""
    person_id = await lock_person(work, contact_id)
    if not await queries.in_sight(work, actor, person_id):
        raise no_such_contact()
    return person_id


async def announce_change(work: Work, contact_id: UUID) -> None:
    """Tell those who may know the person that what shows it is stale."""
    work.announce(ContactChanged(contact_id=contact_id, holders=await queries.holders_of(work, contact_id)))


def require_edit(actor: AgentActor) -> None:
    """Raises `Forbidden` unless the actor may edit contacts."""
    if not policy.may_edit(actor):
        raise Forbidden("not-permitted", "Your role does not allow editing contacts. Ask an admin for it.")


def no_such_contact() -> NotFound:
    """The refusal for a contact that is not there."""
    return NotFound("no-such-contact", "This contact does not exist (any more).")
