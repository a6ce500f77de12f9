"""What the channels do around their chats, kept in memory in each process and read again when a channel changes."""

from __future__ import annotations

import asyncio
from uuid import UUID

from alongside.domains.channels import queries as channels
from alongside.domains.channels.around_schemas import AroundChat
from alongside.platform.db import Database
from alongside.platform.errors import Unavailable
from alongside.platform.realtime.hub import Hub

NODE_TOPIC = "channels"

NOTHING = AroundChat()


class Around:
    """The settings by channel."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._known: dict[UUID, AroundChat] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self._changes = 0
        self._fresh = -1
        hub.on_node(NODE_TOPIC, lambda _: self.stale())

    async def refresh(self) -> None:
        """Read all channels."""
        seen = self._changes
        async with self._database.reading() as reading:
            self._known = {each.id: each.settings.around for each in await channels.channels(reading)}
        self._fresh = seen

    def stale(self) -> None:
        """A channel changed: refresh soon, once for many changes."""
        self._changes += 1
        if self._refreshing is None:
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh_until_fresh())

    async def now(self, channel_id: UUID) -> AroundChat:
        """What a channel does, read again if one has changed since."""
        if self._fresh != self._changes or channel_id not in self._known:
            await self.refresh()
        return self.of(channel_id)

    def of(self, channel_id: UUID) -> AroundChat:
        """What a channel does, as last read; nothing for one that is too new to be known here."""
        return self._known.get(channel_id, NOTHING)

    async def _refresh_until_fresh(self) -> None:
        try:
            while self._fresh != self._changes:
                await self.refresh()
        except Unavailable:
            pass  # The next change or the periodic refresh tries again.
        finally:
            self._refreshing = None
