"""The PDF of a transcript, set by typst in a process that dies without taking the server along."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import msgspec

from alongside.domains.transcripts import pages, pdf_worker
from alongside.domains.transcripts.logic import Head, Line, Wish
from alongside.platform.errors import TooLarge, Unavailable

WALL_SECONDS = 60.0
# Some hundred pages: set in seconds. Whoever has more has no use for paper.
MOST_LINES = 5_000

# Setting takes a core and some hundred megabytes: one at a time, the others wait their turn.
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Lock] = WeakKeyDictionary()


async def make(head: Head, wish: Wish, pieces: AsyncIterator[Iterable[Line]]) -> bytes:
    """The whole file. Raises `TooLarge` over 5,000 lines, `Unavailable` where setting fails."""
    lines = [line async for piece in pieces for line in piece]
    if len(lines) > MOST_LINES:
        raise TooLarge("transcript-too-long", f"A PDF holds {MOST_LINES:,} entries at most. Take CSV or HTML instead.")
    about = pages.facts(head, wish)
    given = msgspec.json.encode({"about": about, "lines": _told(lines, about["episode"])})
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Lock()):
        made = await _run_worker(given)
    if not made.startswith(b"%PDF"):
        raise Unavailable("no-pdf", "The PDF could not be made. Take HTML instead and print it.")
    return made


def _told(lines: list[Line], heading: str) -> list[dict[str, Any]]:
    told, episode, day = [], 1, ""
    for line in lines:
        today = line.at.date().isoformat()
        told.append(
            {
                "heading": heading.format(number=line.episode) if line.episode != episode else "",
                "day": today if today != day or line.episode != episode else "",
                "kind": line.kind,
                "side": line.side,
                "author": line.author,
                "time": f"{line.at:%H:%M}",
                "text": line.text,
            }
        )
        episode, day = line.episode, today
    return told


async def _run_worker(given: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(Path(pdf_worker.__file__)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    try:
        async with asyncio.timeout(WALL_SECONDS):
            made, _ = await process.communicate(given)
    except TimeoutError:
        return b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return made if process.returncode == 0 else b""
