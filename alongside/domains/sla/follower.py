"""Notes in which conversations something happened, and follows their logs a moment later, many at once."""

from __future__ import annotations

import asyncio
from uuid import UUID

from alongside.domains.sla import actions, queries
from alongside.platform.db import Database
from alongside.platform.rounds import answer

# Under load one transaction follows what came in between.
PAUSE_SECONDS = 0.2
AT_ONCE = 200


class Follower:
    """Of one process: what it committed it has followed. Posting never waits for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[UUID, bool] = {}
        self._contacts: set[UUID] = set()
        self._anew = False
        self._bell = asyncio.Event()

    def note(self, conversation_id: UUID, *, judge: bool) -> None:
        """Something happened there; `judge`: another rule may hold now."""
        self._noted[conversation_id] = judge or self._noted.get(conversation_id, False)
        self._bell.set()

    def note_contact(self, contact_id: UUID) -> None:
        """Something else is known of a person."""
        self._contacts.add(contact_id)
        self._bell.set()

    def set_anew(self) -> None:
        """Rules or opening hours are others."""
        self._anew = True
        self._bell.set()

    async def run(self) -> None:
        """For ever. What an outage keeps from being followed here, the job of the next minute finds."""
        await answer(self._bell, self.catch_up, pause=PAUSE_SECONDS)

    async def catch_up(self) -> None:
        """Follow what was noted."""
        noted, self._noted = self._noted, {}
        contacts, self._contacts = self._contacts, set()
        anew, self._anew = self._anew, False
        if anew:
            await actions.keep_up(self._database)
        async with self._database.reading() as reading:
            if not await queries.any_rule(reading):
                return
            if contacts:
                noted |= dict.fromkeys(await queries.of_contacts(reading, list(contacts)), True)
        ids = list(noted)
        for place in range(0, len(ids), AT_ONCE):
            some = ids[place : place + AT_ONCE]
            await actions.follow(self._database, some, judge=frozenset(each for each in some if noted[each]))
