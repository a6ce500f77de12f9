"""What happens to conversations. The team may know all of it; visitors only what the widget's door translates."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conversations.schemas import ConversationRow, Entry, Status
from alongside.platform.events import Fact


class EntryAdded(Fact, frozen=True, kw_only=True):
    """The log of a conversation grew by `entry`; `row` is the conversation from then on.

    `was_status` is None when the conversation began with this entry. `author_name` is an agent's display name.
    `taken_from` is who had it (an agent, a team, nobody) where this entry gave it to others.
    """

    row: ConversationRow
    entry: Entry
    was_status: Status | None
    was_assignee_id: UUID | None
    taken_from: UUID | None = None
    author_name: str | None = None


class RowRefreshed(Fact, frozen=True, kw_only=True):
    """A row looks different though its log did not grow: the contact has another name, or moved marks."""

    row: ConversationRow


class TeamHasSeen(Fact, frozen=True, kw_only=True):
    """An agent read up to `seq` (`team_seen` in the visitor's numbering)."""

    conversation_id: UUID
    contact_id: UUID
    channel_id: UUID
    agent_id: UUID
    seq: int
    team_seen: int


class VisitorHasMarked(Fact, frozen=True, kw_only=True):
    """The visitor's devices received, and the visitor read, so far; in the visitor's numbering."""

    conversation_id: UUID
    contact_id: UUID
    channel_id: UUID
    delivered: int
    seen: int


class VisitorTypes(Fact, frozen=True, kw_only=True):
    """A signal, never stored: the visitor types, or stopped.

    `text` is what they have written so far, on channels where agents may see that; else None.
    """

    conversation_id: UUID
    on: bool
    text: str | None = None


class AgentTypes(Fact, frozen=True, kw_only=True):
    """A signal, never stored: an agent types, or stopped; with `note` for the team alone."""

    conversation_id: UUID
    contact_id: UUID
    channel_id: UUID
    agent_id: UUID
    on: bool
    note: bool
