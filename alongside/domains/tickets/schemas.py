"""Shapes of tickets, their history and saved views, as agents see them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from alongside.domains.conversations.schemas import ContactBrief, ConversationRow
from alongside.domains.files.schemas import Attachment

TicketStatus = Literal["open", "pending", "solved", "closed"]
TicketPriority = Literal["low", "normal", "high", "urgent"]
TicketField = Literal["title", "description", "status", "priority", "assignee", "team", "due", "labels"]
TicketDue = Literal["overdue", "today", "week", "none"]
TicketSort = Literal["updated", "number", "due", "priority"]

TITLE_CHARS = 200
DESCRIPTION_CHARS = 10_000
COMMENT_CHARS = 10_000
LABEL_CHARS = 40
LABELS = 20
LINKS = 100
FILES = 200
BULK = 200
VIEW_NAME_CHARS = 60
SEARCH_CHARS = 200

# Outer bounds of what is looked at at all; the verbs clean and judge what lies within.
Title = Annotated[str, Meta(max_length=TITLE_CHARS * 4)]
Description = Annotated[str, Meta(max_length=DESCRIPTION_CHARS * 2)]
CommentText = Annotated[str, Meta(max_length=COMMENT_CHARS * 2)]
Label = Annotated[str, Meta(max_length=LABEL_CHARS * 4)]
Labels = Annotated[list[Label], Meta(max_length=LABELS)]
Number = Annotated[int, Meta(ge=1, le=2**53)]
Assignee = Annotated[str, Meta(max_length=36)]


class TicketRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list, complete in itself: a newer `last_seq` replaces an older row.

    `contacts` are the first three of `contact_count`. `due_on` is a day of the reader's calendar. `last_seq` is the
    number of the newest entry of its history.
    """

    number: int
    title: str
    status: TicketStatus
    priority: TicketPriority
    assignee_id: UUID | None
    team_id: UUID | None
    due_on: date | None
    labels: list[str]
    contacts: list[ContactBrief]
    contact_count: int
    conversation_count: int
    comment_count: int
    created_by: UUID | None
    created_at: datetime
    updated_at: datetime
    last_seq: int


class TicketChange(msgspec.Struct, frozen=True, kw_only=True):
    """One field, as it was and as it is from then on. Labels are lists, agents and teams are ids."""

    field: TicketField
    before: str | list[str] | None
    after: str | list[str] | None


class TicketEntryBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every entry of a ticket's history has. `seq` counts from 1 without gaps. Without an author: the system."""

    seq: int
    author_id: UUID | None
    at: datetime


class CreatedTicketEntry(TicketEntryBase, frozen=True, kw_only=True, tag="created"):
    """The ticket was made, from a conversation or alone."""

    conversation_id: UUID | None = None


class CommentEntry(TicketEntryBase, frozen=True, kw_only=True, tag="comment"):
    """A comment for the team, or files alone. Files that were taken away are not named any more."""

    client_id: UUID | None = None
    text: str
    attachments: list[Attachment] = []


class ChangedEntry(TicketEntryBase, frozen=True, kw_only=True, tag="changed"):
    """Fields were changed together."""

    changes: list[TicketChange]


class LinkedEntry(TicketEntryBase, frozen=True, kw_only=True, tag="linked"):
    """A conversation (`conversation_id`) or a person was added. `contact` is None once the person was erased."""

    conversation_id: UUID | None = None
    contact: ContactBrief | None = None


class UnlinkedEntry(TicketEntryBase, frozen=True, kw_only=True, tag="unlinked"):
    """A conversation (`conversation_id`) or a person was removed."""

    conversation_id: UUID | None = None
    contact: ContactBrief | None = None


class FilesRemovedEntry(TicketEntryBase, frozen=True, kw_only=True, tag="files_removed"):
    """Files were deleted, by somebody or with the person whom they were about; nothing of them is kept."""

    count: int


TicketEntry = CreatedTicketEntry | CommentEntry | ChangedEntry | LinkedEntry | UnlinkedEntry | FilesRemovedEntry


class TicketAttachment(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a ticket, and the comment that carries it."""

    attachment: Attachment
    seq: int
    author_id: UUID | None
    at: datetime


class TicketDetails(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket at one instant. `entries` are the newest of its history in order; `has_more`: there are older ones.

    `files` are all that its comments carry, in order.
    """

    row: TicketRow
    description: str
    contacts: list[ContactBrief]
    conversations: list[ConversationRow]
    files: list[TicketAttachment]
    entries: list[TicketEntry]
    has_more: bool


class TicketEntryPage(msgspec.Struct, frozen=True):
    """Entries in order, and whether there are older ones."""

    entries: list[TicketEntry]
    has_more: bool


class TicketChanges(msgspec.Struct, frozen=True):
    """Tickets that changed, the longest unchanged first. `cursor` is where to ask on; at once if `has_more`."""

    rows: list[TicketRow]
    cursor: str
    has_more: bool


class TicketList(msgspec.Struct, frozen=True):
    """A page of the list. `total`, up to 10,000 and no further, comes with the first page alone."""

    rows: list[TicketRow]
    next_cursor: str | None
    total: int | None


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """What a request may say; a field that is not listed is refused."""


class NewTicket(Body, frozen=True, kw_only=True):
    """Body of a new ticket. `client_id` is made once per user action.

    With `conversation_id` the conversation and its customer are linked, and the visitor's last message is the title
    unless another is given.
    """

    client_id: UUID
    conversation_id: UUID | None = None
    title: Title = ""
    description: Description = ""
    priority: TicketPriority = "normal"
    assignee_id: UUID | None = None
    team_id: UUID | None = None
    due_on: date | None = None
    labels: Labels = []


class Manageable(Body, frozen=True, kw_only=True):
    """What can be changed of one ticket and of many; fields left out stay as they are, null takes away.

    To an agent or to a team: giving it to one takes it from the other.
    """

    status: TicketStatus | UnsetType = UNSET
    priority: TicketPriority | UnsetType = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    team_id: UUID | UnsetType | None = UNSET
    add_labels: Labels = []
    remove_labels: Labels = []


class EditTicket(Manageable, frozen=True, kw_only=True):
    """A change of one ticket; fields left out stay as they are, null takes away. Agent and team exclude each other."""

    title: Title | UnsetType = UNSET
    description: Description | UnsetType = UNSET
    due_on: date | UnsetType | None = UNSET


class EditTickets(Manageable, frozen=True, kw_only=True):
    """The same change of up to 200 tickets."""

    numbers: Annotated[list[Number], Meta(min_length=1, max_length=BULK)]


class TicketRefused(msgspec.Struct, frozen=True):
    """A ticket that a change of many left as it was, and why."""

    number: int
    code: str
    message: str


class TicketsEdited(msgspec.Struct, frozen=True):
    """What a change of many did: `unchanged` were so already, `refused` could not be changed."""

    changed: list[int]
    unchanged: list[int]
    refused: list[TicketRefused]


class NewComment(Body, frozen=True, kw_only=True):
    """Body of a comment. `client_id` is made once per user action: a repeat answers with what was stored first.

    `attachments` names whole uploads of the agent's own for this ticket; with some, the text may be empty.
    """

    client_id: UUID
    text: CommentText
    attachments: Annotated[list[UUID], Meta(max_length=100)] = []


class Commented(msgspec.Struct, frozen=True):
    """What was stored, the same for every repeat of one `client_id`."""

    entry: CommentEntry


class TicketFilter(Body, frozen=True, kw_only=True):
    """Which tickets. Empty lists and None ask for all.

    `assignee`: "me" (whoever asks), "nobody" (no agent and no team), or an agent's id. `search`: beginnings of words of
    the title or description, or a number.
    """

    status: Annotated[list[TicketStatus], Meta(max_length=4)] = []
    priority: Annotated[list[TicketPriority], Meta(max_length=4)] = []
    assignee: Assignee | None = None
    team_id: UUID | None = None
    label: Label | None = None
    due: TicketDue | None = None
    search: Annotated[str, Meta(max_length=SEARCH_CHARS)] = ""


class ViewQuestion(Body, frozen=True, kw_only=True):
    """What a saved view asks: which tickets in which order."""

    filter: TicketFilter
    sort: TicketSort = "updated"
    reverse: bool = False


class TicketView(msgspec.Struct, frozen=True, kw_only=True):
    """A saved question; `shared` ones belong to everybody."""

    id: UUID
    owner_id: UUID
    name: str
    shared: bool
    question: ViewQuestion


class NewTicketView(Body, frozen=True, kw_only=True):
    """Body of a new saved view."""

    name: Annotated[str, Meta(max_length=VIEW_NAME_CHARS * 4)]
    question: ViewQuestion
    shared: bool = False


class EditTicketView(Body, frozen=True, kw_only=True):
    """A change of a saved view; fields left out stay as they are."""

    name: Annotated[str, Meta(max_length=VIEW_NAME_CHARS * 4)] | UnsetType = UNSET
    question: ViewQuestion | UnsetType = UNSET
    shared: bool | UnsetType = UNSET
