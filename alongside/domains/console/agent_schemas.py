"""What an agent's console says over its socket: the union `AgentFrame`, tagged by `type`.

An unknown field is ignored, so that two adjacent versions understand each other; an unknown `type` closes with 4400.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.messages.schemas import Named


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """A frame of the socket; the name of its type is its tag."""


class Position(msgspec.Struct, frozen=True):
    """How far a client has the log: the history's epoch and the last applied number."""

    epoch: str
    seq: int


class Hello(Frame, frozen=True, kw_only=True, tag="hello"):
    """The first frame. `csrf` comes from `GET /session` and proves that our own page opened the socket."""

    csrf: str


class Open(Frame, frozen=True, kw_only=True, tag="open"):
    """Follow a conversation. With `resume` the answer is `resumed` where possible, else `opened`.

    Sent again for an open conversation, it fills a hole.
    """

    conversation_id: UUID
    resume: Position | None = None


class Leave(Frame, frozen=True, kw_only=True, tag="leave"):
    """Follow a conversation no longer."""

    conversation_id: UUID


class Send(Frame, frozen=True, kw_only=True, tag="send"):
    """A message to the visitor. Answered by `ack` or `error` with the same `client_id`.

    `attachments` names whole uploads; with some, the text may be empty.
    """

    conversation_id: UUID
    client_id: UUID
    text: str
    then_done: bool = False
    attachments: list[UUID] = []
    quote: int | None = None


class Note(Frame, frozen=True, kw_only=True, tag="note"):
    """A note for the team, and whom it names. Answered as `send` is."""

    conversation_id: UUID
    client_id: UUID
    text: str
    attachments: list[UUID] = []
    mentions: list[Named] = []
    quote: int | None = None


class Typing(Frame, frozen=True, kw_only=True, tag="typing"):
    """The agent types (or stopped); `note` keeps it from the visitor. Repeat every 4 s while it lasts."""

    conversation_id: UUID
    on: bool
    note: bool = False


class Seen(Frame, frozen=True, kw_only=True, tag="seen"):
    """The agent has read up to `seq`."""

    conversation_id: UUID
    seq: int


class Looking(Frame, frozen=True, kw_only=True, tag="looking"):
    """The conversation in front of the agent now, or None. Repeat every 20 s while it lasts."""

    conversation_id: UUID | None


AgentFrame = Hello | Open | Leave | Send | Note | Typing | Seen | Looking
