"""What is announced about waiting, mentions and alarms."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.conversations.schemas import ConversationRow
from alongside.domains.sla.schemas import Alarm
from alongside.platform.events import Fact


class AlarmTold(Fact, frozen=True, kw_only=True):
    """A watchdog raised an alarm, or it is over; each of these agents hears it once."""

    name: str
    over: bool
    agent_ids: Sequence[UUID]


class Mentioned(Fact, frozen=True, kw_only=True):
    """A note named these agents, or teams of theirs; all of them may see the conversation."""

    row: ConversationRow
    agent_ids: Sequence[UUID]


class TargetAlarmed(Fact, frozen=True, kw_only=True):
    """The time of a conversation's target is nearly up, or is; each of these agents hears it once a due time."""

    row: ConversationRow
    alarm: Alarm
    agent_ids: Sequence[UUID]


class WaitsTooLong(Fact, frozen=True, kw_only=True):
    """A visitor waits longer than these agents want; each of them hears it once a waiting."""

    row: ConversationRow
    agent_ids: Sequence[UUID]
