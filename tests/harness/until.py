"""Waiting for a fact, never for a while."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Awaitable, Callable
from typing import Any

PAUSE = 0.02


async def until(fact: Callable[[], bool | Awaitable[bool]], seconds: float = 10, what: str = "") -> float:
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
