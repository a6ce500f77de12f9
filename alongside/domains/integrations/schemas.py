"""Shapes of API keys, as those see them who manage them, and of the names under which programs write."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(max_length=400)]
Scope = Annotated[str, Meta(max_length=60)]


class Integration(msgspec.Struct, frozen=True, kw_only=True):
    """A program as history names it. `active`: its key still holds."""

    id: UUID
    display_name: str
    active: bool


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was not revoked. `hint` is how it begins; `agent_id` is the author of what it writes.

    `only_of`: the key is personal, and sees only what this agent has.
    """

    id: UUID
    agent_id: UUID
    name: str
    hint: str
    scopes: list[str]
    only_of: UUID | None
    created_at: datetime
    created_by: UUID | None
    expires_at: datetime | None
    expired: bool
    last_used_at: datetime | None


class ApiKeyMade(msgspec.Struct, frozen=True):
    """A new key. `secret` is shown once: only its hash is stored."""

    key: ApiKey
    secret: str


class NewApiKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new key. Without `expires_in_days` it holds until it is revoked.

    With `only_of` it is personal: it sees only what this agent has, and ends when they are deactivated.
    """

    name: Name
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=100)]
    expires_in_days: Annotated[int, Meta(ge=1, le=3650)] | None = None
    only_of: UUID | None = None
