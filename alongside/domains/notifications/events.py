"""What is announced about waiting and mentions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.conversations.schemas import ConversationRow
from alongside.platform.events import Fact


class Mentioned(Fact, frozen=True, kw_only=True):
    """A note named these agents, or teams of theirs; all of them may see the conversation."""

    row: ConversationRow
    agent_ids: Sequence[UUID]


class WaitsTooLong(Fact, frozen=True, kw_only=True):
    """A visitor waits longer than these agents want; each of them hears it once a waiting."""

    row: ConversationRow
    agent_ids: Sequence[UUID]
