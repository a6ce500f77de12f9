"""Notes in which conversations something happened, and has it considered a moment later, many at once."""

from __future__ import annotations

import asyncio
import time
from uuid import UUID

from alongside.domains.notifications import actions, queries
from alongside.platform.db import Database
from alongside.platform.rounds import answer

# Under load one statement considers what came in between.
PAUSE_SECONDS = 1.0
# Where nobody wants to be told anything outside of the console, that is asked no more often.
ASK_AGAIN_SECONDS = 5.0
AT_ONCE = 1_000


class Watch:
    """Of one process: what it committed it has considered, once."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noted: dict[UUID, None] = {}
        self._urgent = False
        self._bell = asyncio.Event()
        self._asked = (0.0, False)

    def note(self, conversation_id: UUID, *, urgent: bool = False) -> None:
        """Something happened there; `urgent` is what the console tells too."""
        self._noted[conversation_id] = None
        self._urgent = self._urgent or urgent
        self._bell.set()

    async def run(self) -> None:
        """For ever. What an outage keeps from being considered here, the job of the next minute finds."""
        await answer(self._bell, self._consider, pause=PAUSE_SECONDS)

    async def _consider(self) -> None:
        noted, self._noted = list(self._noted), {}
        urgent, self._urgent = self._urgent, False
        if not urgent and not await self._wanted():
            return
        for place in range(0, len(noted), AT_ONCE):
            await actions.consider(self._database, noted[place : place + AT_ONCE])

    async def _wanted(self) -> bool:
        asked_at, wanted = self._asked
        if not wanted and time.monotonic() > asked_at + ASK_AGAIN_SECONDS:
            async with self._database.reading() as reading:
                wanted = await queries.anybody(reading)
            self._asked = time.monotonic(), wanted
        return wanted
