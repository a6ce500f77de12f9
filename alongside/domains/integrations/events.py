"""What is done to API keys. Never the key itself."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from alongside.platform.deeds import Deed


class ApiKeyCreated(Deed, frozen=True, kw_only=True):
    """Somebody made a key."""

    deed: ClassVar[str] = "API_KEY_CREATED"

    key_id: UUID
    name: str
    permissions: list[str]


class ApiKeyRevoked(Deed, frozen=True, kw_only=True):
    """Somebody revoked a key."""

    deed: ClassVar[str] = "API_KEY_REVOKED"

    key_id: UUID
    name: str
