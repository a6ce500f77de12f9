"""What happens to channels. Everybody on the channel may know that its look changed."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.events import Fact


class ChannelChanged(Fact, frozen=True, kw_only=True):
    """A channel was made, changed, or its keys were: read it again. One that is not active answers nobody."""

    channel_id: UUID
    active: bool
