"""What happens to channels. Everybody on the channel may know that its look changed."""

from __future__ import annotations

from typing import Any, ClassVar, Literal
from uuid import UUID

from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class ChannelChanged(Fact, frozen=True, kw_only=True):
    """A channel was made, changed, or its keys were: read it again. One that is not active answers nobody."""

    channel_id: UUID
    active: bool


class ChannelConfigured(Deed, frozen=True, kw_only=True):
    """Somebody made or changed a channel, gave or retired a key. `values`: what changed, as it is now; no secrets."""

    deed: ClassVar[str] = "PLUGIN_CHANGE"

    channel_id: UUID
    channel: str
    change: Literal["created", "edited", "key-added", "key-retired"]
    values: dict[str, Any]
