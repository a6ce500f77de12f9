"""What is done to contacts, over HTTP, where rows of conversations show it: these are announced with the change."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, patch, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions.importing import MOST_BYTES, HowToImport
from alongside.domains.contacts.policy import IMPORT, MERGE
from alongside.domains.contacts.schemas import (
    ContactDetails,
    ContactImportReport,
    EditContact,
    ImportMatch,
    MergeWith,
    NewContact,
    SetField,
)
from alongside.domains.conversations import actions
from alongside.domains.conversations.policy import ASSIGN
from alongside.domains.conversations.schemas import (
    ChangeAssignment,
)
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.web import who

# A little more than the file, for the multipart frame around it.
MOST_UPLOAD_BYTES = MOST_BYTES + 100_000

ContactsFile = Annotated[
    UploadFile, Body(media_type=RequestEncodingType.MULTI_PART, description="Field `file`: CSV in UTF-8.")
]


@post("/contacts", opt={"who": who.agent("contacts.edit")})
async def create_contact(data: NewContact, actor: AgentActor, database: Database) -> ContactDetails:
    """Make a contact before they write. Whom it belongs to also needs the permission `conversations.assign`."""
    async with database.work() as work:
        contact_id = await contacts.create_contact(work, actor, data)
        if data.agent_id or data.team_id:
            await actions.assign_customer(work, actor, contact_id, data.agent_id, data.team_id)
        return await contacts.contact_details(work, actor, contact_id)


@put("/contacts/{contact_id:uuid}/assignment", opt={"who": who.agent(ASSIGN)})
async def assign_contact(
    contact_id: UUID, data: ChangeAssignment, actor: AgentActor, database: Database
) -> ContactDetails:
    """Give a customer to an agent, a team, or nobody, with their conversations that are not done."""
    async with database.work() as work:
        person_id = await actions.assign_customer(work, actor, contact_id, data.agent_id, data.team_id)
        return await contacts.contact_details(work, actor, person_id)


@patch("/contacts/{contact_id:uuid}", opt={"who": who.agent("contacts.edit")})
async def edit_contact(contact_id: UUID, data: EditContact, actor: AgentActor, database: Database) -> ContactDetails:
    """Correct a contact's name, e-mail address or phone number."""
    async with database.work() as work:
        await contacts.edit_contact(work, actor, contact_id, data)
        return await _changed(work, actor, contact_id)


@put("/contacts/{contact_id:uuid}/fields/{field_id:uuid}", opt={"who": who.agent("contacts.edit")})
async def set_field(
    contact_id: UUID, field_id: UUID, data: SetField, actor: AgentActor, database: Database
) -> ContactDetails:
    """Set or clear a field of a contact's Additional information."""
    async with database.work() as work:
        await contacts.set_field(work, actor, contact_id, field_id, data)
        return await contacts.contact_details(work, actor, contact_id)


@put("/contacts/{contact_id:uuid}/labels/{label_id:uuid}", opt={"who": who.agent("contacts.edit")})
async def label_contact(contact_id: UUID, label_id: UUID, actor: AgentActor, database: Database) -> ContactDetails:
    """Put a label on a contact."""
    async with database.work() as work:
        await contacts.label_contact(work, actor, contact_id, label_id, on=True)
        return await _changed(work, actor, contact_id)


@delete("/contacts/{contact_id:uuid}/labels/{label_id:uuid}", status_code=200, opt={"who": who.agent("contacts.edit")})
async def unlabel_contact(contact_id: UUID, label_id: UUID, actor: AgentActor, database: Database) -> ContactDetails:
    """Take a label off a contact."""
    async with database.work() as work:
        await contacts.label_contact(work, actor, contact_id, label_id, on=False)
        return await _changed(work, actor, contact_id)


@post("/contacts/{contact_id:uuid}/merge", status_code=200, opt={"who": who.agent(MERGE)})
async def merge_contacts(contact_id: UUID, data: MergeWith, actor: AgentActor, database: Database) -> ContactDetails:
    """Say that another contact is the same person. Answers with who stands for both."""
    async with database.work() as work:
        kept_id = await contacts.merge(work, actor, contact_id, data.contact_id)
        return await _changed(work, actor, kept_id)


@post("/contacts/merges/{merge_id:uuid}/undo", status_code=200, opt={"who": who.agent(MERGE)})
async def undo_merge(merge_id: UUID, actor: AgentActor, database: Database) -> ContactDetails:
    """Take a merge of the last day back. Answers with the one that stood for both."""
    async with database.work() as work:
        kept_id, gone_id = await contacts.undo_merge(work, actor, merge_id)
        await actions.refresh_rows(work, gone_id)
        return await _changed(work, actor, kept_id)


@post("/contacts/import", status_code=200, opt={"who": who.agent(IMPORT)}, request_max_body_size=MOST_UPLOAD_BYTES)
async def import_contacts(
    data: ContactsFile,
    actor: AgentActor,
    database: Database,
    match: ImportMatch = "email",
    channel: UUID | None = None,
    apply: Annotated[bool, Parameter(description="Without it the answer only says what would happen.")] = False,
) -> ContactImportReport:
    """Make and change contacts by a CSV file: all of them or, where any line is wrong, none."""
    content, how = await data.read(MOST_BYTES + 1), HowToImport(match, channel)
    if apply:
        async with database.work() as work:
            return await contacts.import_contacts(work, actor, content, how)
    async with database.snapshot() as reading:
        return await contacts.preview_import(reading, actor, content, how)


async def _changed(work: Work, actor: AgentActor, contact_id: UUID) -> ContactDetails:
    await actions.refresh_rows(work, contact_id)
    return await contacts.contact_details(work, actor, contact_id)


ROUTES = [
    create_contact,
    assign_contact,
    edit_contact,
    set_field,
    label_contact,
    unlabel_contact,
    merge_contacts,
    undo_merge,
    import_contacts,
]
