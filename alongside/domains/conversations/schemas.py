"""Shapes of a conversation and of the entries of its log, as agents see them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from alongside.domains.files.schemas import Attachment, AttachmentKind

Status = Literal["unread", "unresolved", "done"]
Folder = Literal["unread", "unresolved", "done", "all"]
Order = Literal["newest", "sla"]
TargetKind = Literal["first", "second", "resolution"]
AuthorKind = Literal["visitor", "agent", "system"]


class Author(msgspec.Struct, frozen=True):
    """Who wrote an entry. `id` is a contact's or an agent's; None for the system."""

    kind: AuthorKind
    id: UUID | None = None


class EntryBase(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """What every entry of the log has.

    `seq` counts from 1 without gaps per conversation. `status` is the conversation's status from this entry on,
    present only when this entry changed it.
    """

    seq: int
    episode: int
    author: Author
    at: datetime
    status: Status | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, a title and a few words that lead somewhere, as they were when they were sent.

    `url` is an address of ours ("/help/…") or a whole one.
    """

    title: str
    summary: str
    picture_url: str | None
    url: str


class MessageEntry(EntryBase, frozen=True, kw_only=True, tag="message"):
    """What the visitor and the team both see: a text, files, or both. `public_seq` counts in the visitor's log.

    With `cards` these are shown, several as a slideshow; the text then says the same for whoever cannot show them.
    It is as it is now: edited at `edited_at`, or empty since its author deleted it at `deleted_at`. `quote` is the
    number of an entry that it answers to. `as_agent`: told by a rule, in this agent's name; they wrote nothing.
    """

    public_seq: int
    client_id: UUID | None = None
    text: str
    cards: list[Card] = []
    attachments: list[Attachment] = []
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    quote: int | None = None
    quote_public: int | None = None
    as_agent: UUID | None = None


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """An agent or a team (one of the two) that a note names. In its text stands "@" and `name`, as it was then."""

    agent_id: UUID | None = None
    team_id: UUID | None = None
    name: str


class NoteEntry(EntryBase, frozen=True, kw_only=True, tag="note"):
    """A text, files, or both, for the team alone. The rest as of a message."""

    client_id: UUID | None = None
    text: str
    attachments: list[Attachment] = []
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    quote: int | None = None
    mentions: list[Mention] = []


class EditedEntry(EntryBase, frozen=True, kw_only=True, tag="edited"):
    """The author of the message or note `of` changed its text. `text` is None once a later entry changed it again.

    `public_seq` and `of_public` are the numbers in the visitor's log; None where it is about a note. `mentions` are
    those whom the note names then, as long as `text` is there.
    """

    of: int
    public_seq: int | None = None
    of_public: int | None = None
    client_id: UUID | None = None
    text: str | None = None
    mentions: list[Mention] = []


class DeletedEntry(EntryBase, frozen=True, kw_only=True, tag="deleted"):
    """The author of the message or note `of` deleted it: text, cards and files are gone. Numbers as `EditedEntry`."""

    of: int
    public_seq: int | None = None
    of_public: int | None = None


class StatusEntry(EntryBase, frozen=True, kw_only=True, tag="status"):
    """A person set the status by hand; `status` says to what."""


class AssignmentEntry(EntryBase, frozen=True, kw_only=True, tag="assignment"):
    """The conversation was given to an agent or a team, or to nobody (both None)."""

    agent_id: UUID | None = None
    team_id: UUID | None = None


class IdentifiedEntry(EntryBase, frozen=True, kw_only=True, tag="identified"):
    """The site vouched that this visitor is `name`.

    `contact_id` differs from this conversation's where they were known already: they go on in `conversation_id`, and
    nobody reads this log any more. `status` is Done where all that waited for an answer was taken along.
    """

    contact_id: UUID
    name: str | None = None
    conversation_id: UUID | None = None


class MailedEntry(EntryBase, frozen=True, kw_only=True, tag="mailed"):
    """The team's answers went to the visitor by mail, as they had left; `failed` says why they could not."""

    to: str
    failed: str | None = None


class RatingEntry(EntryBase, frozen=True, kw_only=True, tag="rating"):
    """The visitor rated this episode, or changed what they chose: the last one holds. `stars` from 1 (worst) to 5."""

    stars: int
    comment: str | None = None


Entry = (
    MessageEntry
    | NoteEntry
    | EditedEntry
    | DeletedEntry
    | StatusEntry
    | AssignmentEntry
    | IdentifiedEntry
    | MailedEntry
    | RatingEntry
)


class ContactBrief(msgspec.Struct, frozen=True):
    """A contact as far as a list needs it. `number` names the nameless: "Visitor 1042"."""

    id: UUID
    number: int
    name: str | None
    verified: bool
    label_ids: list[UUID]


class ChannelBrief(msgspec.Struct, frozen=True):
    """A channel as far as a list needs it. `kind` is the provider: "webchat"."""

    id: UUID
    name: str
    kind: str


class RowTarget(msgspec.Struct, frozen=True, kw_only=True):
    """The target of a conversation that is up next: a first answer, a later one, its end.

    While the clock runs, `due_at` says when its time is up and `warn_at` from when on that is near. While it stands
    still because the conversation is Done, both are None, and `left_seconds` is what is left.
    """

    kind: TargetKind
    due_at: datetime | None = None
    warn_at: datetime | None = None
    left_seconds: int | None = None


class ConversationRow(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the inbox, complete in itself: a newer `last_seq` replaces an older row.

    `unread_count` counts the visitor's messages since the status last became Unread; `waiting_since` is the time of
    the first of them. `last_message_at`, `preview` and `preview_author` speak of the last message, never of a note.
    `preview_attachment` is the kind of that message's first file, None without one; where the preview is empty as
    well, the message was deleted. `visitor_delivered` and
    `visitor_seen` are in the visitor's numbering (`public_seq`).
    """

    id: UUID
    contact: ContactBrief
    channel: ChannelBrief
    status: Status
    assignee_id: UUID | None
    team_id: UUID | None
    episode: int
    last_seq: int
    last_public_seq: int
    preview: str
    preview_author: AuthorKind | None
    preview_attachment: AttachmentKind | None
    last_message_at: datetime
    created_at: datetime
    unread_count: int
    waiting_since: datetime | None
    visitor_delivered: int
    visitor_seen: int
    label_ids: list[UUID]
    sla: RowTarget | None


class AgentSeen(msgspec.Struct, frozen=True):
    """How far an agent has read, in the log's numbering."""

    agent_id: UUID
    seq: int


class ConversationSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation at one instant: the row, its newest entries in order, who has seen what.

    `has_more` says that older entries exist before the first one given. `epoch` names the history the numbers belong
    to: it changes when a backup is restored, and a client with another epoch starts afresh.
    """

    epoch: str
    row: ConversationRow
    entries: list[Entry]
    has_more: bool
    seen: list[AgentSeen]


class ConversationList(msgspec.Struct, frozen=True):
    """A page of the inbox. `next_cursor` is opaque; None at the end."""

    rows: list[ConversationRow]
    next_cursor: str | None


class ConversationChanges(msgspec.Struct, frozen=True):
    """Conversations that changed, the longest unchanged first. `cursor` is where to ask on; at once if `has_more`."""

    rows: list[ConversationRow]
    cursor: str
    has_more: bool


class ConversationCounts(msgspec.Struct, frozen=True):
    """Conversations per folder, each counted up to 10,000 and no further."""

    unread: int
    unresolved: int
    done: int
    all: int


class EntryPage(msgspec.Struct, frozen=True):
    """Entries in order. `has_more` continues in the direction asked for."""

    entries: list[Entry]
    has_more: bool


class ChangeStatus(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a status change."""

    status: Status


class ChangeAssignment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of an assignment: an agent, a team, or neither. Not both.

    `held_by` is who has it as far as the asker knows (the agent, else the team, None for nobody): if others have it by
    now, nothing changes and the answer is 409 `taken`, which says who. Without it the last assignment wins.
    """

    agent_id: UUID | None = None
    team_id: UUID | None = None
    held_by: UUID | UnsetType | None = UNSET


class ConversationChanged(msgspec.Struct, frozen=True):
    """The row as it is after a change."""

    row: ConversationRow


class MarkSeen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a seen mark; marks only move forward."""

    seq: int
