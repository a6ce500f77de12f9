"""Work that a process does again and again while it runs: on time, or when a bell rings.

A round that fails is logged and tried again the next time; an outage of the database is no news each time.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import structlog

from alongside.platform.errors import Unavailable

log = structlog.get_logger()

Work = Callable[[], Awaitable[object]]


async def repeat(seconds: float, work: Work) -> None:
    """For ever, so long after each round."""
    while True:
        await asyncio.sleep(seconds)
        await endure(work)


async def answer(bell: asyncio.Event, work: Work, *, pause: float, sweep: float | None = None) -> None:
    """For ever, a round whenever the bell has rung, and with `sweep` after so many seconds of silence too.

    What rings during a round, or in the pause after it, is the next round's.
    """
    while True:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(sweep):
                await bell.wait()
        bell.clear()
        await endure(work)
        await asyncio.sleep(pause)


async def endure(work: Work) -> None:
    """One round."""
    try:
        await work()
    except Unavailable:
        log.debug("round.skipped", reason="the database is away")
    except Exception:
        log.exception("round.failed")
