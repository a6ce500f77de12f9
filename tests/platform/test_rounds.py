"""Rounds go on, whatever one of them does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager

from alongside.platform.errors import Unavailable
from alongside.platform.rounds import answer, repeat
from tests.harness.until import until


@asynccontextmanager
async def running(rounds: Coroutine[None, None, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(rounds)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


class Rounds:
    """Counts its rounds, and raises in each what it was given for it."""

    def __init__(self, *troubles: Exception) -> None:
        self.count = 0
        self._troubles = list(troubles)

    async def __call__(self) -> None:
        self.count += 1
        if self._troubles:
            raise self._troubles.pop(0)


async def test_a_round_that_fails_is_tried_again() -> None:
    rounds = Rounds(Unavailable("down", "The database is away."), ValueError("ours"))
    async with running(repeat(0, rounds)):
        await until(lambda: rounds.count > 2)


async def test_a_bell_is_answered_once_however_often_it_rang() -> None:
    bell, rounds = asyncio.Event(), Rounds(ValueError("ours"))
    async with running(answer(bell, rounds, pause=0)):
        for _ in range(3):
            bell.set()
        await until(lambda: rounds.count == 1)
        bell.set()
        await until(lambda: rounds.count == 2)


async def test_what_rings_during_a_round_is_the_next_rounds() -> None:
    bell, counted = asyncio.Event(), Rounds()

    async def rung_once_more() -> None:
        await counted()
        if counted.count == 1:
            bell.set()

    bell.set()
    async with running(answer(bell, rung_once_more, pause=0)):
        await until(lambda: counted.count == 2)


async def test_silence_is_looked_into_too() -> None:
    rounds = Rounds()
    async with running(answer(asyncio.Event(), rounds, pause=0, sweep=0.01)):
        await until(lambda: rounds.count > 1)
