"""Shapes of chat links: as those see them who make them, and what the page of a link is told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conversations.schemas import Status
from alongside.domains.files.schemas import AttachmentKind

Origins = Annotated[list[Annotated[str, Meta(max_length=300)]], Meta(max_length=10)]
Hours = Annotated[int, Meta(ge=1, le=168)]


class NewChatLink(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new link.

    `agent_id` is as whom its holder answers: people name themselves or nobody, a program has to name one. Without
    `conversation_id` it is the customer's conversation with the newest message. `origins` are the sites whose pages may
    show it in a frame ("https://crm.example.com"); without any it opens only as a page of its own.
    """

    agent_id: UUID | None = None
    conversation_id: UUID | None = None
    hours: Hours = 12
    origins: Origins = []


class ChatLink(msgspec.Struct, frozen=True, kw_only=True):
    """A link that has not expired and was not revoked. `last_used_at` is true to the minute."""

    id: UUID
    conversation_id: UUID
    contact_id: UUID
    contact_name: str | None
    contact_number: int
    channel_name: str
    agent_id: UUID
    origins: list[str]
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None


class ChatLinkList(msgspec.Struct, frozen=True):
    """Links, the newest first. `next_cursor` is opaque; None at the end."""

    links: list[ChatLink]
    next_cursor: str | None


class ChatLinkMade(msgspec.Struct, frozen=True, kw_only=True):
    """A new link. `url` holds the secret and is told once: only its hash is stored."""

    id: UUID
    url: str
    conversation_id: UUID
    agent_id: UUID
    expires_at: datetime


# ---- what the page of a link is told


class ChatFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a message or a note. Its addresses hold as long as the link, for this file alone.

    `kind` was told by its content. Images have a `thumbnail_url` and a size in pixels; what is neither image, video nor
    audio is only a download. `?download` in the address makes it one of everything.
    """

    kind: AttachmentKind
    name: str
    bytes: int
    url: str
    thumbnail_url: str | None = None
    width: int | None = None
    height: int | None = None


class ChatLine(msgspec.Struct, frozen=True, kw_only=True):
    """A message, a note for the team, or somebody's setting the status; as it is now.

    `author_name` is an agent's; `own` says that it is the agent's as whom the link answers.
    """

    seq: int
    kind: Literal["message", "note", "status"]
    author: Literal["visitor", "agent", "system"]
    author_name: str | None
    own: bool
    at: datetime
    text: str = ""
    status: Status | None = None
    edited: bool = False
    deleted: bool = False
    files: list[ChatFile] = []


class ChatLines(msgspec.Struct, frozen=True, kw_only=True):
    """Lines in order, and how the conversation stands. What was changed since comes again, under its old number.

    `seq` is how far these lines reach in the log: the `after` of the next question. `has_more` goes on in the direction
    that was asked for.
    """

    lines: list[ChatLine]
    seq: int
    has_more: bool
    status: Status
    may_reply: bool


class ChatOpened(msgspec.Struct, frozen=True, kw_only=True):
    """The conversation of a link with its newest lines. Of the customer, what they are called and nothing else."""

    customer_name: str | None
    customer_number: int
    channel_name: str
    agent_name: str
    expires_at: datetime
    max_chars: int
    newest: ChatLines


class PostLine(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A reply or a note. `client_id` is made once per user action; a repeat is answered, not written again."""

    client_id: UUID
    text: str


class PostedLine(msgspec.Struct, frozen=True):
    """What is stored, the same for every repeat of one `client_id`."""

    line: ChatLine
