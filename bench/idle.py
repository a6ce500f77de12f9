"""What an idle socket weighs: growth of the server's memory over many of them, the same for both programs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from bench import servers, wire
from bench.machine import memory
from bench.sides import AlongsideSide, FloorSide

# Before the first figure: code is loaded and caches are filled by what the first sockets need.
WARM = 20
# Two heartbeats, after which a socket has what it needs to live.
SETTLE_SECONDS = 22.0

Connect = Callable[[int, int], Awaitable[list[wire.SocketPeer]]]


class Weight(msgspec.Struct, frozen=True):
    """KiB of the server's RSS per socket, measured over `sockets` of them."""

    kind: str
    sockets: int
    kib_each: float


async def measure(data_dir: Path, url: str, floor_url: str, counts: tuple[int, ...], settle: float) -> list[Weight]:
    """Three kinds of idle sockets, each on a server of its own: the floor's, strangers, known visitors."""
    with servers.floor(floor_url) as (port, pid):
        weights = await _grow("floor", pid, _floor(port), counts, settle)
    for kind, known in (("alongside, no token", False), ("alongside, token and conversation", True)):
        with servers.alongside(data_dir, url) as (port, process, _):
            weights += await _grow(kind, process.pid, _alongside(port, known), counts, settle)
    return weights


def _floor(port: int) -> Connect:
    side = FloorSide(port)
    return lambda _first, count: side.idle(count)


def _alongside(port: int, known: bool) -> Connect:
    async def connect(first: int, count: int) -> list[wire.SocketPeer]:
        side = AlongsideSide(port)
        side.lane_count = first
        return await (side.idle(count) if known else side.idle_strangers(count))

    return connect


async def _grow(kind: str, pid: int, connect: Connect, counts: tuple[int, ...], settle: float) -> list[Weight]:
    peers = await connect(0, WARM)
    await asyncio.sleep(settle)
    before = memory([pid]).rss
    weights = []
    for count in counts:
        first = len(peers)
        peers += await connect(first, count - (first - WARM))
        await asyncio.sleep(settle)
        weights.append(Weight(kind, count, (memory([pid]).rss - before) / count))
    lost = sum(1 for peer in peers if peer.closed_with is not None)
    if lost:
        raise RuntimeError(f"{kind}: {lost} idle sockets were closed")
    for peer in peers:
        peer.close()
    return weights
