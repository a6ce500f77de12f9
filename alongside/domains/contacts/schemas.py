"""Shapes of a contact as agents see it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec


class Claims(msgspec.Struct, frozen=True, kw_only=True):
    """What a page said of its visitor without proof."""

    id: str | None = None
    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A person. `verified_id` is the site's own id for them, proven by a signed token; `claims` are unproven."""

    id: UUID
    number: int
    name: str | None
    email: str | None
    phone: str | None
    verified: bool
    verified_id: str | None
    claims: Claims | None
    language: str | None
    created_at: datetime


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A browsing session. `online` while one of its pages holds a live socket."""

    id: UUID
    started_at: datetime
    last_seen_at: datetime
    online: bool
    url: str
    title: str
    referrer: str
    browser: str
    os: str
    device: str
    language: str
    timezone: str
    screen: str


class EpisodeBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of a conversation from (re)opening to Done. `done_at` None while it runs."""

    conversation_id: UUID
    channel_name: str
    number: int
    opened_at: datetime
    done_at: datetime | None
    first_seq: int
    messages: int


class NoteBrief(msgspec.Struct, frozen=True, kw_only=True):
    """A note anywhere in the contact's conversations."""

    conversation_id: UUID
    seq: int
    author_id: UUID | None
    at: datetime
    text: str


class ContactDetails(msgspec.Struct, frozen=True, kw_only=True):
    """All the details column shows: newest first, at most 20 visits, 50 episodes, 50 notes."""

    contact: Contact
    visits: list[Visit]
    episodes: list[EpisodeBrief]
    notes: list[NoteBrief]


class EditContact(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Body of a correction by an agent; fields left out stay as they are, null clears."""

    name: str | msgspec.UnsetType | None = msgspec.UNSET
    email: str | msgspec.UnsetType | None = msgspec.UNSET
    phone: str | msgspec.UnsetType | None = msgspec.UNSET
