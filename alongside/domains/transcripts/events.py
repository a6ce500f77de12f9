"""What happens to transcripts."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from alongside.platform.deeds import Deed


class ConversationExported(Deed, frozen=True, kw_only=True):
    """An agent took a conversation away as a file; `inside` with what is for the team alone."""

    deed: ClassVar[str] = "CONVERSATION_EXPORTED"

    customer_id: UUID
    customer_number: int
    conversation_id: UUID
    format: str
    inside: bool
