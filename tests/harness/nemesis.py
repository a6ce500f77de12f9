"""Seeded misfortune. Each run prints its seed; `pytest --seed N` repeats it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence


class Nemesis:
    """Strikes at random moments until told to stop. `blows` tells what it did."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.blows: list[str] = []

    async def strike(
        self,
        seconds: float,
        pause: tuple[float, float],
        blows: Sequence[Callable[[], Awaitable[str]]],
    ) -> None:
        """For `seconds`, after every `pause` (shortest, longest), one of the blows, chosen by the seed."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while (wait := self.random.uniform(*pause)) < until - loop.time():
            await asyncio.sleep(wait)
            self.blows.append(await self.random.choice(blows)())
