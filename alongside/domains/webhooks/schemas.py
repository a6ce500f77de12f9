"""Shapes of webhooks as those see them who manage them, and of what receivers are sent.

What receivers are sent has shapes of its own: a field added to what agents see reaches nobody outside by that.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from alongside.domains.conversations.schemas import AuthorKind, Status

EventType = Literal[
    "conversation.opened",
    "conversation.status_changed",
    "conversation.assigned",
    "conversation.rated",
    "message.created",
    "message.edited",
    "message.deleted",
    "note.created",
    "note.edited",
    "note.deleted",
    "contact.changed",
    "contact.labelled",
    "contact.merged",
    "contact.erased",
    "ticket.created",
    "ticket.changed",
    "ticket.commented",
]
DeliveryState = Literal["waiting", "delivered", "failed"]
OffReason = Literal["gone", "failing"]

Name = Annotated[str, Meta(max_length=400)]
Url = Annotated[str, Meta(max_length=4_000)]
Events = Annotated[list[EventType], Meta(min_length=1, max_length=20)]


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """An address that is told of `events`. `off_reason`: Alongside switched it off, because it is gone or fails."""

    id: UUID
    name: str
    url: str
    events: list[EventType]
    active: bool
    off_reason: OffReason | None
    failing_since: datetime | None
    waiting: int
    created_at: datetime


class WebhookMade(msgspec.Struct, frozen=True):
    """A webhook and the secret that signs what it is sent, which is told now and never again."""

    webhook: Webhook
    secret: str


class DeliveryBase(msgspec.Struct, frozen=True, kw_only=True):
    """One event for one webhook and how its last try went. `due_at`: when it is tried next, while it waits.

    `tried_at` is None before the first try ended, and while a try is under way. `error` is a code, listed in
    docs/webhooks.md; `status` is what was answered, if anything was.
    """

    id: UUID
    position: int
    event_id: str
    type: str
    conversation_id: UUID | None
    state: DeliveryState
    attempts: int
    due_at: datetime
    created_at: datetime
    tried_at: datetime | None
    status: int | None
    error: str | None
    milliseconds: int | None


class Delivery(DeliveryBase, frozen=True, kw_only=True):
    """A line of the list."""


class DeliveryDetails(DeliveryBase, frozen=True, kw_only=True):
    """A delivery with what was sent and the beginning of what was answered."""

    body: str
    answer: str | None


class DeliveryList(msgspec.Struct, frozen=True):
    """Deliveries, newest first. `next_before` continues; None at the end."""

    deliveries: list[Delivery]
    next_before: int | None


class Replayed(msgspec.Struct, frozen=True):
    """How many entries of the log will be told again."""

    entries: int


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request may say; a field that is not listed is refused."""


class NewWebhook(Body, frozen=True, kw_only=True):
    """Body of a new webhook."""

    name: Name
    url: Url
    events: Events


class EditWebhook(Body, frozen=True, kw_only=True):
    """A change to a webhook; fields left out stay as they are. Switched on again it starts with a clean record."""

    name: Name | UnsetType = UNSET
    url: Url | UnsetType = UNSET
    events: Events | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class ReplayPeriod(Body, frozen=True, kw_only=True):
    """Which part of the log to tell again."""

    since: Annotated[datetime, Meta(tz=True)]
    until: Annotated[datetime, Meta(tz=True)]


# What receivers are sent.


class HookConversation(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation as receivers know it. `url` opens it in the console. `status` is that of the event's moment."""

    id: UUID
    contact_id: UUID
    contact_name: str | None
    contact_number: int
    channel_id: UUID
    channel_name: str
    status: Status
    assignee_id: UUID | None
    team_id: UUID | None
    episode: int
    last_message: str
    url: str


class HookAuthor(msgspec.Struct, frozen=True, kw_only=True):
    """Who wrote: a contact, an agent or program, or Alongside itself."""

    kind: AuthorKind
    id: UUID | None
    name: str | None


class HookFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a message. It is read from `/api/v1/attachments/ID/content` with an API key."""

    id: UUID
    kind: str
    name: str
    media_type: str
    bytes: int


class HookMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A text of the conversation's log. `seq` counts its entries from 1 without gaps."""

    seq: int
    author: HookAuthor
    at: datetime
    text: str
    files: list[HookFile]


class ConversationOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation began, or one that was Done is Unread again (`reopened`)."""

    conversation: HookConversation
    seq: int
    reopened: bool


class StatusChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The conversation's status changed, by whomever."""

    conversation: HookConversation
    seq: int
    was_status: Status
    author: HookAuthor


class ConversationAssigned(msgspec.Struct, frozen=True, kw_only=True):
    """The conversation was given to an agent or a team, or to nobody."""

    conversation: HookConversation
    seq: int
    author: HookAuthor
    agent_id: UUID | None
    team_id: UUID | None


class ConversationRated(msgspec.Struct, frozen=True, kw_only=True):
    """The visitor rated the episode that is over, or changed what they chose. `stars` from 1 (worst) to 5."""

    conversation: HookConversation
    seq: int
    stars: int
    comment: str | None


class MessageCreated(msgspec.Struct, frozen=True, kw_only=True):
    """A message that the visitor and the team both see; or, as `note.created`, a note for the team alone."""

    conversation: HookConversation
    message: HookMessage


class MessageEdited(msgspec.Struct, frozen=True, kw_only=True):
    """The author of the message (or, as `note.edited`, the note) `seq` gave it another text."""

    conversation: HookConversation
    seq: int
    author: HookAuthor
    at: datetime
    text: str


class MessageDeleted(msgspec.Struct, frozen=True, kw_only=True):
    """The author of the message (or, as `note.deleted`, the note) `seq` deleted it, with its files: do the same."""

    conversation: HookConversation
    seq: int
    author: HookAuthor
    at: datetime


class HookContact(msgspec.Struct, frozen=True, kw_only=True):
    """A customer as receivers know them, as they are when it is told. `verified_id`: the site's own id, proven."""

    id: UUID
    number: int
    name: str | None
    email: str | None
    phone: str | None
    verified_id: str | None
    label_ids: list[UUID]
    agent_id: UUID | None
    team_id: UUID | None
    url: str


class ContactChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is known of a customer changed: name, addresses, fields, labels, proof, to whom they belong."""

    contact: HookContact


class ContactLabelled(msgspec.Struct, frozen=True, kw_only=True):
    """A label was put on a customer."""

    contact: HookContact
    label_id: UUID
    label_name: str


class ContactMerged(msgspec.Struct, frozen=True, kw_only=True):
    """Two customers are one person: `into_id` stands for both from now on."""

    contact_id: UUID
    into_id: UUID


class HookTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket as it is when it is told; what was written in it is read by its number."""

    number: int
    status: str
    priority: str
    assignee_id: UUID | None
    team_id: UUID | None
    due_on: date | None
    labels: list[str]
    url: str


class TicketHappened(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket was made, changed or commented: entry `seq` of its history."""

    ticket: HookTicket
    seq: int
    author: HookAuthor


class ContactErased(msgspec.Struct, frozen=True, kw_only=True):
    """A customer was deleted with all that is known about them: delete what you hold of them too."""

    contact_id: UUID


class TestEvent(msgspec.Struct, frozen=True, kw_only=True):
    """What the test button sends."""

    __test__ = False

    message: str


HookData = (
    ConversationOpened
    | StatusChanged
    | ConversationAssigned
    | ConversationRated
    | MessageCreated
    | MessageEdited
    | MessageDeleted
    | ContactChanged
    | ContactLabelled
    | ContactMerged
    | ContactErased
    | TicketHappened
    | TestEvent
)


class HookEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The body of every request: what kind, when it happened, and what."""

    type: str
    timestamp: datetime
    data: HookData
