"""What is announced about people's data."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.platform.events import Fact


class ContactErased(Fact, frozen=True, kw_only=True):
    """A contact is gone with everything about them. Consoles forget their conversations."""

    contact_id: UUID
    conversation_ids: Sequence[UUID]
