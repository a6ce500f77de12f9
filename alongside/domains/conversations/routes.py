"""The inbox over HTTP: lists, counts, snapshots, status, assignment, seen marks."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get, patch, put
from litestar.params import Parameter
from msgspec.structs import replace

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.schemas import ContactDetails, EditContact
from alongside.domains.conversations import actions, queries
from alongside.domains.conversations.policy import may_see
from alongside.domains.conversations.queries import InboxQuestion
from alongside.domains.conversations.schemas import (
    ChangeAssignment,
    ChangeStatus,
    ConversationChanged,
    ConversationCounts,
    ConversationList,
    ConversationSnapshot,
    EntryPage,
    Folder,
    MarkSeen,
)
from alongside.kit.paging import Cursor, read_cursor
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.errors import Invalid
from alongside.platform.web import who

PROVIDER_CHARS = 60
SEARCH_CHARS = 200

Seq = Annotated[int | None, Parameter(ge=0, le=queries.END)]
Provider = Annotated[
    str | None, Parameter(max_length=PROVIDER_CHARS, description="A provider's kind, or a channel's id.")
]
Search = Annotated[str, Parameter(max_length=SEARCH_CHARS, description="Part of a contact's name.")]


@get("/conversations", opt={"who": who.agent()})
async def list_conversations(
    database: Database,
    actor: AgentActor,
    folder: Folder = "unread",
    mine: bool = False,
    provider: Provider = None,
    search: Search = "",
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> ConversationList:
    """A page of the inbox, newest message first."""
    question = replace(
        _asked_of(provider),
        folder=folder,
        holders=_holders(actor, mine),
        search=clean_line(search, SEARCH_CHARS),
        cursor=_cursor(cursor),
        limit=limit,
    )
    async with database.reading() as reading:
        return await queries.inbox(reading, question)


@get("/conversations/counts", opt={"who": who.agent()})
async def count_conversations(
    database: Database, actor: AgentActor, mine: bool = False, provider: Provider = None
) -> ConversationCounts:
    """How many conversations each folder holds."""
    question = replace(_asked_of(provider), holders=_holders(actor, mine))
    async with database.reading() as reading:
        return await queries.counts(reading, question)


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


@patch("/contacts/{contact_id:uuid}", opt={"who": who.agent("contacts.edit")})
async def edit_contact(contact_id: UUID, data: EditContact, actor: AgentActor, database: Database) -> ContactDetails:
    """Correct a contact's name, e-mail address or phone number.

    It stands here because the rows of the contact's conversations show the name, and are announced with the change.
    """
    async with database.work() as work:
        await contacts.edit_contact(work, actor, contact_id, data)
        await actions.refresh_rows(work, contact_id)
        return await contacts.contact_details(work, actor, contact_id)


ROUTES = [
    list_conversations,
    count_conversations,
    read_conversation,
    read_entries,
    change_status,
    change_assignment,
    mark_seen,
    edit_contact,
]
