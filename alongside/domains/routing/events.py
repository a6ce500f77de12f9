"""What happens in routing. Agents may know it; visitors their own place."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.events import Fact


class QueueChanged(Fact, frozen=True, kw_only=True):
    """Somebody began to wait, or waits no more: read the queue again."""


class PlaceChanged(Fact, frozen=True, kw_only=True):
    """A customer has another place in the queue, or (None) waits no more; `minutes` about how long still, if known."""

    contact_id: UUID
    channel_id: UUID
    place: int | None
    minutes: int | None
