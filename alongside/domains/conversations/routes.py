"""The inbox over HTTP: lists, counts, snapshots, status, assignment, seen marks."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from litestar import delete, get, put
from litestar.params import Parameter
from msgspec import UNSET
from msgspec.structs import replace

from alongside.domains.conversations import actions, queries
from alongside.domains.conversations.policy import may_see
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
    Order,
)
from alongside.domains.conversations.urgency import Place
from alongside.domains.workspace import changes
from alongside.domains.workspace.queries import moments_of
from alongside.kit.paging import Cursor, read_cursor, read_place
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
Label = Annotated[UUID | None, Parameter(description="Carried by the conversation or its contact.")]
Since = Annotated[str | None, Parameter(max_length=changes.CURSOR_CHARS, description="`cursor` of the answer before.")]
Search = Annotated[str, Parameter(max_length=SEARCH_CHARS, description="Part of a contact's name.")]
First = Annotated[
    date | None,
    Parameter(description="With an episode that began on this day or later, as the company counts days (see reports)."),
]
Last = Annotated[date | None, Parameter(description="The last day of these; without one, `first` alone.")]


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
    order: Annotated[
        Order, Parameter(description="By the newest message, or by the time left to SLA targets.")
    ] = "newest",
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> ConversationList:
    """A page of the inbox, newest message first, or those first whose targets are up soonest."""
    question = replace(
        _asked_of(provider),
        order=order,
        folder=folder,
        holders=_holders(actor, mine),
        label_id=label,
        search=clean_line(search, SEARCH_CHARS),
        cursor=_cursor(cursor) if order == "newest" else None,
        place=_place(cursor) if order == "sla" else None,
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
        if data.held_by is not UNSET:
            await actions.require_held_by(work, actor, conversation_id, {data.held_by, data.agent_id or data.team_id})
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
        raise _bad_cursor() from None


def _place(text: str | None) -> Place | None:
    try:
        place = read_place(text, Place) if text else None
    except ValueError:
        raise _bad_cursor() from None
    if place and place.at.tzinfo is None:
        raise _bad_cursor()
    return place


def _bad_cursor() -> Invalid:
    return Invalid("bad-cursor", "This cursor was not made by this server for this order. Start again without one.")


def _asked_of(provider: str | None) -> InboxQuestion:
    """Everything, or what came through one provider."""
    provider = clean_line(provider or "", PROVIDER_CHARS)
    if not provider:
        return InboxQuestion(folder="all")
    try:
        return InboxQuestion(folder="all", channel_id=UUID(provider))
    except ValueError:
        return InboxQuestion(folder="all", channel_kind=provider)


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


ROUTES = [
    list_conversations,
    list_changed_conversations,
    count_conversations,
    read_conversation,
    read_entries,
    change_status,
    change_assignment,
    mark_seen,
    label_conversation,
    unlabel_conversation,
]
