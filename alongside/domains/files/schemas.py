"""Shapes of stored files."""

from __future__ import annotations

from uuid import UUID

import msgspec


class StoredFile(msgspec.Struct, frozen=True):
    """Where a file lies and what it is."""

    id: UUID
    storage_key: str
    media_type: str
    bytes: int
