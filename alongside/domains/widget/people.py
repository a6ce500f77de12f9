"""Agents as visitors see them, kept in memory in each process and read again when one changes."""

from __future__ import annotations

import asyncio
from uuid import UUID

from alongside.domains.widget import queries
from alongside.domains.widget.frame_schemas import AvailabilityChanged
from alongside.domains.widget.look_schemas import Availability, Person
from alongside.platform.db import Database
from alongside.platform.errors import Unavailable
from alongside.platform.realtime.hub import Hub

TOPIC = "availability"
NODE_TOPIC = "people"
FACES = 3


class People:
    """Display names and pictures by agent, and who is online."""

    def __init__(self, database: Database, hub: Hub) -> None:
        self._database = database
        self._hub = hub
        self._people: dict[UUID, Person] = {}
        self._refreshing: asyncio.Task[None] | None = None
        self._again = False
        self.availability = Availability(False, [])
        hub.on_node(NODE_TOPIC, lambda _: self.stale())

    async def refresh(self) -> None:
        """Read everybody; tell the widgets if who would answer has changed."""
        async with self._database.reading() as reading:
            agents = await queries.people(reading)
        self._people = {agent.id: Person(agent.display_name, agent.picture_url) for agent in agents}
        online = [self._people[agent.id] for agent in agents if agent.online]
        availability = Availability(bool(online), online[:FACES])
        if availability != self.availability:
            self.availability = availability
            # Each process tells its own sockets: each has heard of the change by itself.
            frame = AvailabilityChanged(availability=availability)
            self._hub.publish_here(TOPIC, frame)

    def stale(self) -> None:
        """Somebody changed: refresh soon, once for many changes."""
        self._again = True
        if self._refreshing is None:
            self._refreshing = asyncio.get_running_loop().create_task(self._refresh_until_fresh())

    async def _refresh_until_fresh(self) -> None:
        try:
            while self._again:
                self._again = False
                await self.refresh()
        except Unavailable:
            # The next change or the periodic refresh tries again; visitors see who was there a moment ago.
            self._again = True
        finally:
            self._refreshing = None

    def some(self) -> list[Person]:
        """A few of them, online or not: to show how they would be shown."""
        return list(dict.fromkeys(self._people.values()))[:FACES]

    def person(self, agent_id: UUID | None, name: str | None = None) -> Person:
        """How an agent is shown; `name` serves while the agent is too new to be known here."""
        known = self._people.get(agent_id) if agent_id else None
        return known or Person(name or "", None)
