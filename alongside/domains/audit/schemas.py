"""Shapes of the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A deed. `actor_id` is None for Alongside itself and the command line; `data` are ids and names by their kind."""

    id: UUID
    at: datetime
    type: str
    actor_id: UUID | None
    actor_name: str | None
    data: dict[str, Any]


class AuditPage(msgspec.Struct, frozen=True):
    """Entries, newest first. `next_cursor` is opaque; None at the end."""

    entries: list[AuditEntry]
    next_cursor: str | None


class AuditSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many days entries are kept."""

    keep_days: Annotated[int, Meta(ge=30, le=3_650)]


class AuditAbout(msgspec.Struct, frozen=True):
    """The types of entries there are, and how long they are kept."""

    types: list[str]
    keep_days: int
