"""The inbox over HTTP: lists, counts, snapshots, status, assignment, seen marks."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post, put
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.params import Body, Parameter
from msgspec.structs import replace

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
from alongside.domains.conversations import actions, queries
from alongside.domains.conversations.policy import ASSIGN, may_see
from alongside.domains.conversations.queries import InboxQuestion
from alongside.domains.conversations.schemas import (
    ChangeAssignment,
    ChangeStatus,
    ConversationChanged,
    ConversationChanges,
    ConversationCounts,
    ConversationList,
    ConversationSnapshot,
    EntryPage,
    Folder,
    MarkSeen,
)
from alongside.domains.workspace import changes
from alongside.domains.workspace.queries import moments_of
from alongside.kit.paging import Cursor, read_cursor
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Invalid
from alongside.platform.web import who

PROVIDER_CHARS = 60
SEARCH_CHARS = 200
# A little more than the file, for the multipart frame around it.
MOST_UPLOAD_BYTES = MOST_BYTES + 100_000

Seq = Annotated[int | None, Parameter(ge=0, le=queries.END)]
Provider = Annotated[
    str | None, Parameter(max_length=PROVIDER_CHARS, description="A provider's kind, or a channel's id.")
]
Label = Annotated[UUID | None, Parameter(description="Carried by the conversation or its contact.")]
Since = Annotated[str | None, Parameter(max_length=changes.CURSOR_CHARS, description="`cursor` of the answer before.")]
Search = Annotated[str, Parameter(max_length=SEARCH_CHARS, description="Part of a contact's name.")]
First = Annotated[
    date | None,
    Parameter(description="With an episode that began on this day or later, as the company counts days (see reports)."),
]
Last = Annotated[date | None, Parameter(description="The last day of these; without one, `first` alone.")]


ContactsFile = Annotated[
    UploadFile, Body(media_type=RequestEncodingType.MULTI_PART, description="Field `file`: CSV in UTF-8.")
]


@get("/conversations", opt={"who": who.agent()})
async def list_conversations(
    database: Database,
    actor: AgentActor,
    folder: Folder = "unread",
    mine: bool = False,
    provider: Provider = None,
    label: Label = None,
    first: First = None,
    last: Last = None,
    search: Search = "",
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> ConversationList:
    """A page of the inbox, newest message first."""
    question = replace(
        _asked_of(provider),
        folder=folder,
        holders=_holders(actor, mine),
        label_id=label,
        search=clean_line(search, SEARCH_CHARS),
        cursor=_cursor(cursor),
        limit=limit,
    )
    async with database.reading() as reading:
        begun = await moments_of(reading, first, last)
        return await queries.inbox(reading, replace(question, begun=begun))


@get("/conversations/changes", opt={"who": who.agent()})
async def list_changed_conversations(
    database: Database, actor: AgentActor, since: Since = None, limit: Annotated[int, Parameter(ge=1, le=200)] = 100
) -> ConversationChanges:
    """Conversations whose log, status, assignment or labels changed since an earlier answer's `cursor`.

    Without it all of them, so that a program that begins has everything. One may come twice; none is left out.
    """
    async with database.snapshot() as reading:
        return await queries.changed(reading, await changes.walk(reading, since, limit), actor.holders)


@get("/conversations/counts", opt={"who": who.agent()})
async def count_conversations(
    database: Database,
    actor: AgentActor,
    mine: bool = False,
    provider: Provider = None,
    label: Label = None,
    first: First = None,
    last: Last = None,
) -> ConversationCounts:
    """How many conversations each folder holds."""
    question = replace(_asked_of(provider), holders=_holders(actor, mine), label_id=label)
    async with database.reading() as reading:
        begun = await moments_of(reading, first, last)
        return await queries.counts(reading, replace(question, begun=begun))


@get("/conversations/{conversation_id:uuid}", opt={"who": who.agent()})
async def read_conversation(conversation_id: UUID, actor: AgentActor, database: Database) -> ConversationSnapshot:
    """A conversation with its newest entries."""
    async with database.snapshot() as reading:
        snapshot = await queries.snapshot(reading, conversation_id)
    if snapshot is None or not may_see(actor, snapshot.row.assignee_id, snapshot.row.team_id):
        raise actions.no_such_conversation()
    return snapshot


@get("/conversations/{conversation_id:uuid}/entries", opt={"who": who.agent()})
async def read_entries(
    conversation_id: UUID,
    actor: AgentActor,
    database: Database,
    before: Seq = None,
    after: Seq = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> EntryPage:
    """Entries before or after a number of the log; without either, the newest."""
    async with database.snapshot() as reading:
        if not await queries.in_sight(reading, actor, conversation_id):
            raise actions.no_such_conversation()
        if after is not None:
            return await queries.entries_after(reading, conversation_id, after, limit)
        return await queries.entries_before(reading, conversation_id, queries.END if before is None else before, limit)


@put("/conversations/{conversation_id:uuid}/status", opt={"who": who.agent("conversations.reply")})
async def change_status(
    conversation_id: UUID, data: ChangeStatus, actor: AgentActor, database: Database
) -> ConversationChanged:
    """Set the status."""
    async with database.work() as work:
        return ConversationChanged(await actions.set_status(work, actor, conversation_id, data.status))


@put("/conversations/{conversation_id:uuid}/assignment", opt={"who": who.agent()})
async def change_assignment(
    conversation_id: UUID, data: ChangeAssignment, actor: AgentActor, database: Database
) -> ConversationChanged:
    """Give the conversation to an agent, a team, or nobody."""
    async with database.work() as work:
        return ConversationChanged(await actions.assign(work, actor, conversation_id, data.agent_id, data.team_id))


@put("/conversations/{conversation_id:uuid}/seen", opt={"who": who.agent()}, status_code=204)
async def mark_seen(conversation_id: UUID, data: MarkSeen, actor: AgentActor, database: Database) -> None:
    """The agent has read up to a number."""
    async with database.work() as work:
        await actions.mark_seen(work, actor, conversation_id, data.seq)


def _holders(actor: AgentActor, mine: bool) -> frozenset[UUID] | None:
    return frozenset((actor.id,)) if mine else actor.holders


def _cursor(text: str | None) -> Cursor | None:
    try:
        return read_cursor(text) if text else None
    except ValueError:
        raise Invalid("bad-cursor", "This cursor was not made by this server. Start again without one.") from None


def _asked_of(provider: str | None) -> InboxQuestion:
    """Everything, or what came through one provider."""
    provider = clean_line(provider or "", PROVIDER_CHARS)
    if not provider:
        return InboxQuestion(folder="all")
    try:
        return InboxQuestion(folder="all", channel_id=UUID(provider))
    except ValueError:
        return InboxQuestion(folder="all", channel_kind=provider)


# What is done to contacts stands here where rows of their conversations show it: they are announced with the change.


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


@put("/conversations/{conversation_id:uuid}/labels/{label_id:uuid}", opt={"who": who.agent("contacts.edit")})
async def label_conversation(
    conversation_id: UUID, label_id: UUID, actor: AgentActor, database: Database
) -> ConversationChanged:
    """Put a label on a conversation."""
    async with database.work() as work:
        return ConversationChanged(await actions.label_conversation(work, actor, conversation_id, label_id, on=True))


@delete(
    "/conversations/{conversation_id:uuid}/labels/{label_id:uuid}",
    status_code=200,
    opt={"who": who.agent("contacts.edit")},
)
async def unlabel_conversation(
    conversation_id: UUID, label_id: UUID, actor: AgentActor, database: Database
) -> ConversationChanged:
    """Take a label off a conversation."""
    async with database.work() as work:
        return ConversationChanged(await actions.label_conversation(work, actor, conversation_id, label_id, on=False))


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
    list_conversations,
    list_changed_conversations,
    count_conversations,
    read_conversation,
    read_entries,
    change_status,
    change_assignment,
    mark_seen,
    create_contact,
    assign_contact,
    edit_contact,
    set_field,
    label_contact,
    unlabel_contact,
    label_conversation,
    unlabel_conversation,
    merge_contacts,
    undo_merge,
    import_contacts,
]
