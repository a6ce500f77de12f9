"""What happens to contacts. Agents may see all of it; a visitor none but their own revocation."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.events import Fact


class VisitorMoved(Fact, frozen=True, kw_only=True):
    """A visitor is on another page, or left (`online` False)."""

    contact_id: UUID
    url: str | None
    title: str | None
    online: bool


class ContactChanged(Fact, frozen=True, kw_only=True):
    """A contact's name, addresses, claims or proof changed: rows that show it are stale."""

    contact_id: UUID


class IdentityRevoked(Fact, frozen=True, kw_only=True):
    """A visitor's token no longer holds; its sockets must close."""

    identity_id: UUID


class VisitorRecognised(Fact, frozen=True, kw_only=True):
    """The site vouched for a visitor.

    `earlier_contact_id` is who they were to us before, where that was another contact.
    """

    contact_id: UUID
    channel_id: UUID
    earlier_contact_id: UUID | None
