"""The action rules of the channels, kept in memory in each process and read again when one changes; who is there."""

from __future__ import annotations

import time
from uuid import UUID

from alongside.domains.actionrules.logic import ChannelRules, for_channel
from alongside.domains.conditions import queries as conditions
from alongside.domains.conditions.schemas import AgentsNow
from alongside.domains.rules import queries as rules
from alongside.domains.rules.schemas import Rule
from alongside.platform.db import Database
from alongside.platform.limits import Buckets
from alongside.platform.realtime.hub import Hub

NODE_TOPIC = "rules"
# Every page asks who is there; counting them costs more than it changes.
COUNTED_SECONDS = 3.0
# A change that no other process told of is noticed after this long.
FRESH_SECONDS = 60.0


class Ruled:
    """What acts on each channel."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._active: list[Rule] = []
        self._known: dict[UUID, ChannelRules | None] = {}
        self._changes = 0
        self._read: tuple[int, float] | None = None
        self._agents: tuple[float, AgentsNow] | None = None
        # Of one network, and of one visitor: far more than pages and rules need, far less than a flood.
        self.tallies = Buckets(per_second=2.0, burst=60.0)
        self.deeds = Buckets(per_second=0.5, burst=20.0)
        hub.on_node(NODE_TOPIC, lambda _: self.stale())

    def stale(self) -> None:
        """A rule changed: what is read next is read anew."""
        self._changes += 1

    async def of(self, channel_id: UUID) -> ChannelRules | None:
        """The rules of a channel, None where it has none."""
        await self._refresh()
        if channel_id not in self._known:
            self._known[channel_id] = for_channel(self._active, channel_id)
        return self._known[channel_id]

    async def tag(self, channel_id: UUID) -> str | None:
        """The version of a channel's rules."""
        found = await self.of(channel_id)
        return found.told.tag if found else None

    async def agents(self) -> AgentsNow:
        """Whether somebody is online, and has room: how many is nobody's business."""
        at = time.monotonic()
        if self._agents is None or at - self._agents[0] > COUNTED_SECONDS:
            async with self._database.reading() as reading:
                now = await conditions.agents_now(reading)
            self._agents = at, AgentsNow(min(now.online, 1), min(now.available, 1))
        return self._agents[1]

    async def _refresh(self) -> None:
        at, seen = time.monotonic(), self._changes
        if self._read and self._read[0] == seen and at - self._read[1] < FRESH_SECONDS:
            return
        async with self._database.reading() as reading:
            active = await rules.active(reading, "action")
        self._active, self._known, self._read = active, {}, (seen, at)
