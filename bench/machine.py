"""What processes cost: memory and processor time, read from /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


class Memory(msgspec.Struct, frozen=True):
    """Of one or several processes, in KiB. RSS counts a shared page in each of them, PSS only once."""

    rss: int
    pss: int

    def __add__(self, other: Memory) -> Memory:
        return Memory(self.rss + other.rss, self.pss + other.pss)


def memory(pids: Iterable[int]) -> Memory:
    """All of these processes together; those that have ended count nothing."""
    total = Memory(0, 0)
    for pid in pids:
        try:
            lines = (PROC / str(pid) / "smaps_rollup").read_text().splitlines()[1:]
        except (FileNotFoundError, ProcessLookupError):
            continue
        fields = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
        total += Memory(fields["Rss"], fields["Pss"])
    return total


def processor_seconds(pids: Iterable[int]) -> float:
    """User and system time that these processes have used since they began."""
    ticks = 0
    for pid in pids:
        try:
            fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def busy_seconds() -> float:
    """Time that all cores together have not been idle since the machine started."""
    user, nice, system, _, _, irq, softirq, *_ = map(int, (PROC / "stat").read_text().split("\n", 1)[0].split()[1:])
    return (user + nice + system + irq + softirq) / TICKS


def family(pid: int) -> list[int]:
    """A process and all its descendants."""
    found = [pid]
    for each in found:
        for task in (PROC / str(each) / "task").glob("*/children"):
            try:
                found += [int(child) for child in task.read_text().split()]
            except (FileNotFoundError, ProcessLookupError):
                continue
    return found


def load_average() -> float:
    """Of the last minute."""
    return os.getloadavg()[0]
