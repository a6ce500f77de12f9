"""One per process: decides what this process heard of at once, and whatever another left undone a moment later."""

from __future__ import annotations

import asyncio
from uuid import UUID

from alongside.domains.routing import actions, queries
from alongside.domains.routing.actions import Apart, Busy
from alongside.platform.db import Database
from alongside.platform.rounds import answer

# What nobody rang for: time that has passed, agents whose lease ran out, a process that died before it decided.
SWEEP_SECONDS = 2.0
# Under load one round sees to what came in between.
PAUSE_SECONDS = 0.02


class Router:
    """Of one process. What it knows is only a bell: all that is to be done stands in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begun: dict[UUID, None] = {}
        self._bell = asyncio.Event()
        self._apart = Apart()

    def note(self, conversation_id: UUID) -> None:
        """An episode began here."""
        self._begun[conversation_id] = None
        self._bell.set()

    def wake(self) -> None:
        """Something changed by which somebody may be served."""
        self._bell.set()

    async def run(self) -> None:
        """For ever. What an outage keeps from being decided stays in the database."""
        await answer(self._bell, self._round, pause=PAUSE_SECONDS, sweep=SWEEP_SECONDS)

    async def _round(self) -> None:
        try:
            await self.see_to_all()
        except Busy:
            self._bell.set()

    async def see_to_all(self) -> None:
        """Do all that can be done now. Raises `Busy` where something is to be tried again a moment later.

        A conversation that cannot be decided about does not end the round: the next one tries it again.
        """
        self._apart.begin_round()
        begun, self._begun = list(self._begun), {}
        async with self._database.reading() as reading:
            to_do = await queries.to_do(reading)
            left = await queries.pending(reading) if to_do.pending else []
        for conversation_id in dict.fromkeys([*begun, *left] if to_do.pending else []):
            with self._apart.attempt(conversation_id):
                await actions.route(self._database, conversation_id)
        if to_do.watch:
            await actions.look_after(self._database, self._apart)
        if to_do.queue or to_do.pending or to_do.watch:
            await actions.sweep_queue(self._database, self._apart)
        if to_do.queue or to_do.pending or to_do.watch:
            await actions.tell_places(self._database)
