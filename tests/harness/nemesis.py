"""Seeded misfortune. Each run prints its seed; `pytest --seed N` repeats it."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable


class Nemesis:
    """Strikes at random moments until told to stop. `blows` tells what it did."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.blows: list[str] = []

    async def strike(
        self, blow: Callable[[random.Random], Awaitable[str]], pause: tuple[float, float], seconds: float, least: int
    ) -> None:
        """For `seconds`, and at `least` so often, a blow after every `pause` (shortest, longest)."""
        loop = asyncio.get_running_loop()
        until = loop.time() + seconds
        while loop.time() < until or len(self.blows) < least:
            await asyncio.sleep(self.random.uniform(*pause))
            self.blows.append(await blow(self.random))
