"""What is announced about waiting."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.conversations.schemas import ConversationRow
from alongside.platform.events import Fact


class WaitsTooLong(Fact, frozen=True, kw_only=True):
    """A visitor waits longer than these agents want; each of them hears it once a waiting."""

    row: ConversationRow
    agent_ids: Sequence[UUID]
