"""What is done with chat links. Never the secret, nor the customer's name."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from alongside.platform.deeds import Deed


class ChatLinkCreated(Deed, frozen=True, kw_only=True):
    """Somebody made a link to a customer's conversation, by which its holder answers as `agent`."""

    deed: ClassVar[str] = "CHAT_LINK_CREATED"

    link_id: UUID
    customer_id: UUID
    customer_number: int
    agent_id: UUID
    agent: str
    hours: int
    origins: list[str]


class ChatLinkRevoked(Deed, frozen=True, kw_only=True):
    """Somebody ended a link before its time."""

    deed: ClassVar[str] = "CHAT_LINK_REVOKED"

    link_id: UUID
    customer_id: UUID
    customer_number: int
    agent_id: UUID
    agent: str
