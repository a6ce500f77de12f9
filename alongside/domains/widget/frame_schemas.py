"""What goes over a visitor's socket.

Unknown fields are ignored, an unknown frame `type` closes with 4400.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from alongside.domains.widget.look_schemas import (
    Availability,
    Person,
)
from alongside.domains.widget.schemas import (
    PageView,
    Position,
    PublicMessage,
    VisitorBrief,
    VisitorSnapshot,
)


class Frame(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """A frame of the socket; the name of its type is its tag."""


# ---- visitor -> server


class Hello(Frame, frozen=True, kw_only=True, tag="hello"):
    """The first frame. Without `token` the socket tells who is available and nothing else."""

    channel: str
    token: str | None = None
    resume: Position | None = None
    visit: PageView = PageView()


class Resume(Frame, frozen=True, kw_only=True, tag="resume"):
    """A hole was found: send what follows `position`."""

    position: Position


class Send(Frame, frozen=True, kw_only=True, tag="send"):
    """A message. Answered by `ack` or `error` with the same `client_id`. The rest as over HTTP."""

    client_id: UUID
    text: str
    attachments: list[UUID] = []
    quote: int | None = None


class Typing(Frame, frozen=True, kw_only=True, tag="typing"):
    """The visitor types (or stopped). Repeat every 4 s while it lasts.

    `text` is what they have written so far. For where the look says `typing_preview`; dropped elsewhere.
    """

    on: bool
    text: str | None = None


class Marks(Frame, frozen=True, kw_only=True, tag="marks"):
    """How far this device has received, and the visitor read, the log."""

    delivered: int = 0
    seen: int = 0


class Page(Frame, frozen=True, kw_only=True, tag="page"):
    """The visitor went to another page without loading the widget anew."""

    visit: PageView


VisitorFrame = Hello | Resume | Send | Typing | Marks | Page


# ---- server -> visitor


class Welcome(Frame, frozen=True, kw_only=True, tag="welcome"):
    """Live from here on. `visitor` is None on a socket without token."""

    epoch: str
    visitor: VisitorBrief | None
    availability: Availability
    server_time: datetime
    heartbeat_seconds: int
    version: str


class Reset(Frame, frozen=True, kw_only=True, tag="reset"):
    """The conversation from scratch. Messages that arrived before still count: apply those that follow on."""

    snapshot: VisitorSnapshot


class Resumed(Frame, frozen=True, kw_only=True, tag="resumed"):
    """All messages after the position given."""

    messages: list[PublicMessage]
    team_seen: int
    seen: int


class Message(Frame, frozen=True, kw_only=True, tag="message"):
    """A new message of the conversation."""

    message: PublicMessage


class TeamTyping(Frame, frozen=True, kw_only=True, tag="team_typing"):
    """An agent types a reply. Forget it after 6 s without another."""

    person: Person
    on: bool


class TeamSeen(Frame, frozen=True, kw_only=True, tag="team_seen"):
    """The team has read up to `seq`."""

    seq: int


class OwnMarks(Frame, frozen=True, kw_only=True, tag="own_marks"):
    """The visitor has read up to `seen` on some device: clears the badge in every tab."""

    seen: int


class AvailabilityChanged(Frame, frozen=True, kw_only=True, tag="availability"):
    """Agents came online or went."""

    availability: Availability


class LookChanged(Frame, frozen=True, kw_only=True, tag="look_changed"):
    """The channel's settings changed: read them again."""


class AroundChanged(Frame, frozen=True, kw_only=True, tag="around"):
    """The chat is over, or goes on, or was rated elsewhere: read again what can be done after it.

    Only on channels that ask for something after the chat.
    """


class QueuePlace(Frame, frozen=True, kw_only=True, tag="queue"):
    """The visitor waits for an agent, at this place among those who wait for the same; None: not any more.

    `minutes` is about how long still, as the queue has moved lately; None where that is not known.
    """

    place: int | None
    minutes: int | None


class Ack(Frame, frozen=True, kw_only=True, tag="ack"):
    """Committed. `message` is what was stored, the same for every repeat."""

    client_id: UUID
    message: PublicMessage


class Failed(Frame, frozen=True, kw_only=True, tag="error"):
    """A frame was refused. `retry_after_ms` is set where trying again can help; nothing was stored."""

    code: str
    message: str
    client_id: UUID | None = None
    retry_after_ms: int | None = None


class Heartbeat(Frame, frozen=True, kw_only=True, tag="heartbeat"):
    """The last number of the visitor's log and the marks, so that a lost last message is noticed too."""

    head: int
    team_seen: int


class GoingAway(Frame, frozen=True, kw_only=True, tag="going_away"):
    """The server is about to restart: come back after this many milliseconds."""

    retry_in_ms: int


WidgetFrame = (
    Welcome
    | Reset
    | Resumed
    | Message
    | TeamTyping
    | TeamSeen
    | OwnMarks
    | AvailabilityChanged
    | LookChanged
    | AroundChanged
    | QueuePlace
    | Ack
    | Failed
    | Heartbeat
    | GoingAway
)
