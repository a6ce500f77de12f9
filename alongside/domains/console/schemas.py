"""What an agent's console is told over its socket: the union `ConsoleFrame`, tagged by `type`.

A console ignores fields that it does not know, so that two adjacent versions understand each other.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from alongside.domains.console.agent_schemas import Frame
from alongside.domains.conversations.schemas import (
    AgentSeen,
    ConversationRow,
    ConversationSnapshot,
    Entry,
    Status,
)
from alongside.domains.reports.file_schemas import ReportExport
from alongside.domains.rules.schemas import RuleKind
from alongside.domains.sla.schemas import Alarm
from alongside.domains.tickets.schemas import TicketRow


class Welcome(Frame, frozen=True, kw_only=True, tag="welcome"):
    """Signed in; live from here on. `heartbeat_seconds` is the longest silence of a healthy server."""

    epoch: str
    agent_id: UUID
    server_time: datetime
    heartbeat_seconds: int
    version: str


class Opened(Frame, frozen=True, kw_only=True, tag="opened"):
    """A conversation from scratch. Entries that arrived before this frame still count: apply those that follow on."""

    snapshot: ConversationSnapshot


class Resumed(Frame, frozen=True, kw_only=True, tag="resumed"):
    """All entries after the position given, and the row as it is now."""

    row: ConversationRow
    entries: list[Entry]
    seen: list[AgentSeen]


class EntryAdded(Frame, frozen=True, kw_only=True, tag="entry"):
    """A new entry of a followed conversation."""

    conversation_id: UUID
    entry: Entry


class RowChanged(Frame, frozen=True, kw_only=True, tag="row"):
    """A line of the inbox as it is now. `was_status` and `was_assignee_id` say where it stood before, for the counts.

    `was_status` is None for a conversation that has just begun, or that this agent could not see until now.
    """

    row: ConversationRow
    was_status: Status | None
    was_assignee_id: UUID | None


class RowGone(Frame, frozen=True, kw_only=True, tag="row_gone"):
    """A conversation that this agent may not see any more: it was given to others by entry `last_seq`.

    `was_status` says in which folder it was counted; None where that is not known.
    """

    conversation_id: UUID
    last_seq: int
    was_status: Status | None


class VisitorTyping(Frame, frozen=True, kw_only=True, tag="visitor_typing"):
    """The visitor types. Forget it after 6 s without another."""

    conversation_id: UUID
    on: bool


class VisitorPreview(Frame, frozen=True, kw_only=True, tag="visitor_preview"):
    """What the visitor has written so far and not sent; its end, where it is long. Forget it after 6 s without another.

    Comes where the conversation is open, from channels that show it.
    """

    conversation_id: UUID
    text: str


class AgentTyping(Frame, frozen=True, kw_only=True, tag="agent_typing"):
    """A colleague types. Forget it after 6 s without another."""

    conversation_id: UUID
    agent_id: UUID
    on: bool
    note: bool


class AgentLooking(Frame, frozen=True, kw_only=True, tag="agent_looking"):
    """A colleague has this conversation in front (or None of them). Forget it after 30 s without another."""

    agent_id: UUID
    conversation_id: UUID | None


class VisitorMarks(Frame, frozen=True, kw_only=True, tag="visitor_marks"):
    """How far the visitor's devices have received and the visitor has read, in the visitor's numbering."""

    conversation_id: UUID
    delivered: int
    seen: int


class AgentMark(Frame, frozen=True, kw_only=True, tag="agent_mark"):
    """How far an agent has read, in the log's numbering."""

    conversation_id: UUID
    agent_id: UUID
    seq: int


class VisitorPage(Frame, frozen=True, kw_only=True, tag="visitor_page"):
    """Where the visitor is now; `online` False when the last of their pages has gone."""

    contact_id: UUID
    url: str | None
    title: str | None
    online: bool


class AgentPresence(Frame, frozen=True, kw_only=True, tag="agent_presence"):
    """An agent went online or offline."""

    agent_id: UUID
    online: bool
    logged_in: bool


class Assigned(Frame, frozen=True, kw_only=True, tag="assigned"):
    """A conversation was given to this agent, or to one of their teams. Worth a pop-up if others did it."""

    row: ConversationRow
    by_agent_id: UUID | None


class WaitsTooLong(Frame, frozen=True, kw_only=True, tag="waits_too_long"):
    """A visitor waits longer than this agent wants. Comes once a waiting."""

    row: ConversationRow


class TargetAlarmed(Frame, frozen=True, kw_only=True, tag="target_alarmed"):
    """The time of an SLA target that concerns this agent is nearly up ("warning"), or is ("breach")."""

    row: ConversationRow
    alarm: Alarm


class AlarmTold(Frame, frozen=True, kw_only=True, tag="alarm"):
    """A watchdog that names this agent raised an alarm, or it is over."""

    name: str
    over: bool


class Mentioned(Frame, frozen=True, kw_only=True, tag="mentioned"):
    """A colleague named this agent, or a team of theirs, in a note of this conversation, which they may see."""

    row: ConversationRow


class ContactErased(Frame, frozen=True, kw_only=True, tag="contact_erased"):
    """A contact was deleted with everything about them: forget these conversations, and read lists again."""

    contact_id: UUID
    conversation_ids: list[UUID]


class ContactTouched(Frame, frozen=True, kw_only=True, tag="contact_changed"):
    """What is known of a contact changed; None: of many. Whoever shows it reads it again."""

    contact_id: UUID | None


class ArticlesChanged(Frame, frozen=True, kw_only=True, tag="articles_changed"):
    """Articles or their categories changed: read them again where they are shown.

    `article_id` is None where several or none did; `agent_id` is who changed them, None for the system.
    """

    article_id: UUID | None
    agent_id: UUID | None


class RulesTouched(Frame, frozen=True, kw_only=True, tag="rules_changed"):
    """Rules of this kind changed: who shows them reads them again."""

    kind: RuleKind


class QueueChanged(Frame, frozen=True, kw_only=True, tag="queue_changed"):
    """Somebody began to wait for an agent, or waits no more: who shows the queue reads it again."""


class DirectoryChanged(Frame, frozen=True, kw_only=True, tag="directory_changed"):
    """Agents, teams, channels, fields or labels changed: read them again."""


class TextBlocksChanged(Frame, frozen=True, kw_only=True, tag="text_blocks_changed"):
    """Text blocks were made, changed or deleted: search and read them again."""


class TicketChanged(Frame, frozen=True, kw_only=True, tag="ticket"):
    """A ticket as it is now. Who shows its history asks for what follows the number it knows.

    `contact_ids`: everybody in whose details it stands, those who were just removed from it included.
    """

    row: TicketRow
    contact_ids: list[UUID]


class TicketViewsChanged(Frame, frozen=True, kw_only=True, tag="ticket_views_changed"):
    """A view of tickets that everybody uses changed: read them again."""


class ChatLinksChanged(Frame, frozen=True, kw_only=True, tag="chat_links_changed"):
    """A chat link was made or revoked: read them again."""


class ReportExported(Frame, frozen=True, kw_only=True, tag="report_export"):
    """A file that this agent asked for: it makes progress, is ready, or will not come."""

    export: ReportExport


class Ack(Frame, frozen=True, kw_only=True, tag="ack"):
    """Committed. `entry` is what was stored, the same for every repeat."""

    conversation_id: UUID
    client_id: UUID
    entry: Entry


class Failed(Frame, frozen=True, kw_only=True, tag="error"):
    """A frame was refused. `retry_after_ms` is set where trying again can help; nothing was stored."""

    code: str
    message: str
    client_id: UUID | None = None
    conversation_id: UUID | None = None
    retry_after_ms: int | None = None


class Heartbeat(Frame, frozen=True, kw_only=True, tag="heartbeat"):
    """The last number of each followed conversation, so that a lost last entry is noticed too."""

    heads: dict[str, int]
    server_time: datetime


class GoingAway(Frame, frozen=True, kw_only=True, tag="going_away"):
    """The server is about to restart: come back after this many milliseconds."""

    retry_in_ms: int


class Refresh(Frame, frozen=True, kw_only=True, tag="refresh"):
    """Live updates may have been missed: read the list again."""


ConsoleFrame = (
    Welcome
    | Opened
    | Resumed
    | EntryAdded
    | RowChanged
    | RowGone
    | VisitorTyping
    | VisitorPreview
    | AgentTyping
    | AgentLooking
    | VisitorMarks
    | AgentMark
    | VisitorPage
    | AgentPresence
    | Assigned
    | WaitsTooLong
    | TargetAlarmed
    | AlarmTold
    | Mentioned
    | ContactErased
    | ContactTouched
    | ArticlesChanged
    | RulesTouched
    | QueueChanged
    | DirectoryChanged
    | TextBlocksChanged
    | TicketChanged
    | TicketViewsChanged
    | ChatLinksChanged
    | ReportExported
    | Ack
    | Failed
    | Heartbeat
    | GoingAway
    | Refresh
)
