"""Erase a person; tell everything about one."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.contacts import queries as contacts
from alongside.domains.contacts.actions.details import lock_person
from alongside.domains.contacts.events import IdentityRevoked
from alongside.domains.privacy import policy, queries
from alongside.domains.privacy.events import ContactErased, CustomerErased, PersonalDataExported
from alongside.domains.privacy.schemas import Extent, PersonalData, PersonalFile
from alongside.domains.tickets import actions as tickets
from alongside.domains.tickets import queries as ticket_queries
from alongside.kit.time import now
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Reading, Work
from alongside.platform.errors import Forbidden, NotFound

KEEP = """
INSERT INTO erasure (contact_id, erased_by) SELECT unnest($1::uuid[]), $2 ON CONFLICT (contact_id) DO NOTHING
"""


async def erase(database: Database, actor: AgentActor, contact_id: UUID) -> None:
    """Delete a contact and everything about them, for good: conversations, notes, visits, files, labels, fields.

    Tickets are the company's and stay; of those that concern nobody else the files go.
    Messages on their way meanwhile find no conversation and are refused; the visitor's sockets close.
    """
    if not policy.may_erase(actor):
        raise Forbidden("not-permitted", "Your role does not allow deleting customers. Ask an admin for it.")
    async with database.work() as work:
        contact_id = await lock_person(work, contact_id)
        number = await queries.number(work, contact_id)
        holders = await _whole(work, actor, contact_id)
        assert number is not None  # its row is locked
        register = await queries.register(work)
        people = await queries.ids(work, register, "contact", contact_id)
        identities = await queries.ids(work, register, "identity", contact_id)
        conversations = await queries.ids(work, register, "conversation", contact_id)
        forgotten = await tickets.forget_files(work, people)
        await work.run(KEEP, people, actor.id)
        await work.run("DELETE FROM contact WHERE id = $1", contact_id)
        for identity_id in identities:
            work.announce(IdentityRevoked(identity_id=identity_id))
        work.announce(ContactErased(contact_id=contact_id, conversation_ids=conversations, holders=holders))
        work.announce(CustomerErased(actor_id=actor.id, customer_id=contact_id, customer_number=number))
    async with database.work() as work:
        await tickets.note_forgotten(work, actor, forgotten)


async def extent(reading: Reading, actor: AgentActor, contact_id: UUID) -> Extent:
    """How much an erasure would take; `reading` must be a snapshot."""
    contact_id = await _person(reading, contact_id)
    await _whole(reading, actor, contact_id)
    register = await queries.register(reading)
    counts = await queries.count(reading, register, contact_id)
    people = await queries.ids(reading, register, "contact", contact_id)
    if of_tickets := len(await ticket_queries.files_of_contacts(reading, people)):
        counts["attachment"] = counts.get("attachment", 0) + of_tickets
    return Extent(counts, *await queries.texts(reading, contact_id))


async def note_export(work: Work, actor: AgentActor, contact_id: UUID) -> None:
    """The audit log names who takes what is known about a person. Raises where the actor may not."""
    if not policy.may_export(actor):
        raise Forbidden("not-permitted", "Your role does not allow exporting customers. Ask an admin for it.")
    contact_id = await _person(work, contact_id)
    await _whole(work, actor, contact_id)
    number = await queries.number(work, contact_id)
    assert number is not None  # else it would not be seen
    work.announce(PersonalDataExported(actor_id=actor.id, customer_id=contact_id, customer_number=number))


async def personal_data(reading: Reading, contact_id: UUID, site: str) -> PersonalData:
    """Everything, files by their addresses below `site`; `reading` must be a snapshot."""
    contact_id = await _person(reading, contact_id)
    register = await queries.register(reading)
    tables = {table: await queries.rows(reading, register, table, contact_id) for table in sorted(register.conditions)}
    found = {table: rows for table, rows in tables.items() if rows}
    people = await queries.ids(reading, register, "contact", contact_id)
    files = await queries.files(reading, register, contact_id)
    files += await ticket_queries.files_of_contacts(reading, people)
    return PersonalData(
        made_at=now().isoformat(),
        contact_id=str(contact_id),
        tables=found,
        files=[
            PersonalFile(
                each.name, each.media_type, each.bytes, f"{site}/api/v1/attachments/{each.id}/content?download"
            )
            for each in files
        ],
        consents=await contacts.consents(reading, contact_id, None),
    )


async def _person(reading: Reading, contact_id: UUID) -> UUID:
    """Who stands for a contact: whichever of a person's contacts is named, the person is meant."""
    person_id = await contacts.person(reading, contact_id)
    if person_id is None:
        raise _no_such_contact()
    return person_id


async def _whole(reading: Reading, actor: AgentActor, contact_id: UUID) -> list[UUID]:
    """Who has the person's conversations. Raises where the actor may know nothing of the person, or not all."""
    holders = await contacts.holders_of(reading, contact_id)
    if not policy.sees_any(actor, holders):
        raise _no_such_contact()
    if not policy.sees_whole(actor, holders):
        raise Forbidden(
            "seen-in-part",
            "Of this person's conversations you may see only some. Ask a colleague who sees all of them.",
        )
    return holders


def _no_such_contact() -> NotFound:
    return NotFound("no-such-contact", "This contact does not exist (any more).")
