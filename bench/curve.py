"""Cost per message against what else there is: conversations stored, consoles open, visitors idling."""

from __future__ import annotations

import asyncio

import msgspec

from bench import load, servers, wire
from bench.cluster import Cluster, Company
from bench.load import Processes, Result
from bench.sides import AlongsideSide, hang_up

SENDERS = 32


class Point(msgspec.Struct, frozen=True):
    """What there is while messages are sent: `consoles` follow the inbox, one of them with the conversations open."""

    conversations: int
    consoles: int
    visitors: int


class Measured(msgspec.Struct, frozen=True):
    """A point and what it came to."""

    point: Point
    result: Result


def points(small: int, large: int, consoles: tuple[int, ...], visitors: tuple[int, ...]) -> list[Point]:
    """One thing grows at a time, then all of them."""
    return [
        *(Point(small, each, 0) for each in consoles),
        *(Point(small, 1, each) for each in visitors if each),
        Point(large, 1, 0),
        Point(large, consoles[-1], visitors[-1]),
    ]


async def curve(cluster: Cluster, companies: dict[int, Company], wanted: list[Point], seconds: float) -> list[Measured]:
    """Every point, each size of company on a server of its own."""
    measured = []
    for size, company in companies.items():
        with servers.alongside(cluster.data_dir, company.url) as (port, process, _):
            for point in wanted:
                if point.conversations == size:
                    result = await _at(point, port, company, process.pid, cluster, seconds)
                    measured.append(Measured(point, result))
    return measured


async def _at(point: Point, port: int, company: Company, pid: int, cluster: Cluster, seconds: float) -> Result:
    side = AlongsideSide(port)
    side.conversation_ids = company.conversation_ids
    lanes = await side.lanes(SENDERS)
    watcher = await side.watcher()
    others = [await side.agent(number) for number in range(1, point.consoles)]
    idle = await _idle(side, point.visitors, company)

    def processes() -> Processes:
        return Processes([pid], cluster.processes())

    await load.saturate(lanes, watcher, processes(), seconds / 3)
    result = await load.saturate(lanes, watcher, processes(), seconds)
    hang_up(lanes, [watcher], others, idle)
    await asyncio.sleep(1)  # their leaving belongs to no point
    return result


async def _idle(side: AlongsideSide, count: int, company: Company) -> list[wire.SocketPeer]:
    known = min(count, len(company.conversation_ids) - SENDERS)
    return [*await side.idle(known), *await side.idle_strangers(count - known)]
