"""Bodies of messages and notes over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conversations.schemas import Entry


class PostMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reply to the visitor. `client_id` is made once per user action; with `then_done` the conversation is closed.

    `attachments` names whole uploads of the agent's own in this conversation; with some, the text may be empty.
    `quote` is the number of the message that it answers to.
    """

    client_id: UUID
    text: str
    then_done: bool = False
    attachments: list[UUID] = []
    quote: int | None = None


class Named(msgspec.Struct, frozen=True):
    """An agent or a team, one of the two."""

    agent_id: UUID | None = None
    team_id: UUID | None = None


Mentions = Annotated[list[Named], Meta(max_length=20)]


class PostNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A note for the team, with files as a message has them.

    `mentions` are told of it, where they may see the conversation; in the text stands "@" and the name of each.
    `quote` is the number of the entry that it answers to.
    """

    client_id: UUID
    text: str
    attachments: list[UUID] = []
    mentions: Mentions = []
    quote: int | None = None


class Mentionable(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody whom a note can name: an agent or a team. `sees` is False where nobody of them may see it."""

    agent_id: UUID | None = None
    team_id: UUID | None = None
    name: str
    sees: bool


class SeenWhen(msgspec.Struct, frozen=True):
    """When it was read; None where that was not kept yet."""

    at: datetime | None


class SeenBy(msgspec.Struct, frozen=True):
    """An agent who has read it, and when; None where that was not kept yet."""

    agent_id: UUID
    at: datetime | None


class SeenMessage(msgspec.Struct, frozen=True, kw_only=True):
    """Who has read a message or note besides its author. `visitor` is None until they have, and for notes."""

    agents: list[SeenBy]
    visitor: SeenWhen | None


class EditMessage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of an edit. `client_id` is made once per user action: a repeat changes nothing.

    `mentions` are all whom the note names now: who was not named before is told of it. Left out, they stay as they are.
    """

    client_id: UUID
    text: str
    mentions: Mentions | None = None


class EditTime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """For how many minutes people may edit and delete what they wrote; 0 is never."""

    minutes: Annotated[int, Meta(ge=0, le=10_080)]


class TakeTextBlockFiles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which text block was inserted."""

    text_block_id: UUID


class SendArticles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Published articles for the visitor, by their addresses: one as a card, several as a slideshow."""

    client_id: UUID
    slugs: Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(min_length=1, max_length=10)]


class Posted(msgspec.Struct, frozen=True):
    """What is stored, the same for every repeat of one `client_id`."""

    entry: Entry
