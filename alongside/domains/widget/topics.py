"""What a visitor's socket can listen to."""

from __future__ import annotations

from uuid import UUID


def visitor(contact_id: UUID, channel_id: UUID) -> str:
    """All devices and tabs of a visitor."""
    return f"visitor:{contact_id}:{channel_id}"


def identity(identity_id: UUID) -> str:
    """The sockets that a token opened."""
    return f"identity:{identity_id}"


def channel(channel_id: UUID) -> str:
    """Everybody on a site."""
    return f"channel:{channel_id}"
