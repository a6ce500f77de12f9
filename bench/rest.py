"""What a newcomer's server needs: seconds from `alongside serve` to the first answer, memory when nobody is there."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from bench import servers
from bench.machine import Memory, family, memory

SETTLE_SECONDS = 15.0


class Rest(msgspec.Struct, frozen=True):
    """Seconds, and memory of all processes and of the Python process alone, in KiB."""

    first_start: float
    second_start: float
    everything: Memory
    server: Memory
    processes: int


@contextmanager
def folder() -> Iterator[Path]:
    """A new folder that the embedded database's account may enter."""
    with tempfile.TemporaryDirectory(prefix="alongside-bench-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def measure(starts: int, settle: float = SETTLE_SECONDS) -> Rest:
    """Start in new folders and again in the same, `starts` times each (medians); then let the last one rest."""
    firsts, seconds = [], []
    rest = (Memory(0, 0), Memory(0, 0), 0)
    for turn in range(starts):
        with folder() as data_dir:
            with servers.alongside(data_dir) as (_, _, took):
                firsts.append(took)
            with servers.alongside(data_dir) as (_, process, took):
                seconds.append(took)
                if turn == starts - 1:
                    await asyncio.sleep(settle)
                    everybody = family(process.pid)
                    rest = (memory(everybody), memory([process.pid]), len(everybody))
    return Rest(statistics.median(firsts), statistics.median(seconds), *rest)
