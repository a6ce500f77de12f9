"""Waiting for a fact, never for a while."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

PAUSE = 0.02
PATIENCE = 60.0  # a test that holds does not wait so long, and a busy machine is no fault
TRIES = 3


async def until(fact: Callable[[], bool | Awaitable[bool]], seconds: float = PATIENCE, what: str = "") -> float:
    """Return the seconds it took until `fact` held. Raises `AssertionError` when it does not come about."""
    began = time.monotonic()
    while True:
        held: Any = fact()
        if inspect.isawaitable(held):
            held = await held
        if held:
            return time.monotonic() - began
        assert time.monotonic() < began + seconds, f"not within {seconds} s: {what or inspect.getsource(fact).strip()}"
        await asyncio.sleep(PAUSE)


async def within(seconds: float, tried: Callable[[], Awaitable[float]]) -> float:
    """The seconds that `tried` took, below `seconds` in one of a few tries.

    A promise about time is about Alongside, not about what else this machine is doing; what never keeps it fails.
    """
    took = [await tried()]
    while min(took) >= seconds and len(took) < TRIES:
        took.append(await tried())
    assert min(took) < seconds, f"each time more than {seconds} s: {took}"
    return min(took)
