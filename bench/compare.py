"""The product beside the floor: same driver, same PostgreSQL, turn about, in one run."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack

import msgspec

from bench import load, servers
from bench.cluster import Cluster, Company
from bench.load import Processes, Result
from bench.sides import AlongsideSide, FloorSide, Side, hang_up


class Plan(msgspec.Struct, frozen=True):
    """How long, and how much. Many short rounds: what else the machine does then meets all programs alike."""

    rounds: int = 7
    seconds: float = 2.0
    steady_seconds: float = 3.0
    warm_seconds: float = 0.5
    senders: int = 32
    rate: float = 100.0
    idle: int = 500


class Round(msgspec.Struct, frozen=True):
    """One program's turn."""

    side: str
    saturated: Result
    steady: Result


class Contender(msgspec.Struct, frozen=True):
    """A program under test and its process."""

    side: Side
    pid: int


async def compare(cluster: Cluster, company: Company, floor_url: str, plan: Plan) -> list[Round]:
    """Rounds of the floor, the product over sockets, and the product over HTTP."""
    with ExitStack() as stack:
        floor_port, floor_pid = stack.enter_context(servers.floor(floor_url))
        port, process, _ = stack.enter_context(servers.alongside(cluster.data_dir, company.url))
        contenders = [Contender(FloorSide(floor_port), floor_pid)]
        for door in ("socket", "HTTP"):
            side = AlongsideSide(port, door.lower())
            side.conversation_ids, side.lane_count = company.conversation_ids, plan.senders
            contenders.append(Contender(side, process.pid))
        idle = [await each.side.idle(plan.idle) for each in contenders[:2]]
        rounds = [await _turn(cluster, each, plan) for _ in range(plan.rounds) for each in contenders]
        hang_up(*idle)
        return rounds


async def _turn(cluster: Cluster, contender: Contender, plan: Plan) -> Round:
    side = contender.side
    lanes = await side.lanes(plan.senders)
    watcher = await side.watcher()

    def processes() -> Processes:
        return Processes([contender.pid], cluster.processes())

    await load.saturate(lanes, watcher, processes(), plan.warm_seconds)
    saturated = await load.saturate(lanes, watcher, processes(), plan.seconds)
    hang_up(lanes)
    lanes = await side.lanes(plan.senders)
    await load.steady(lanes, watcher, processes(), plan.rate, plan.warm_seconds)
    steady = await load.steady(lanes, watcher, processes(), plan.rate, plan.steady_seconds)
    hang_up(lanes, [watcher])
    await asyncio.sleep(0.2)  # the server takes leave of them, which is nobody's measurement
    print(
        f"· {side.name}: {saturated.per_second:,.0f} messages/s; at {plan.rate:.0f}/s delivered within "
        f"{steady.times.delivery_p99:.1f} ms (p99)",
        flush=True,
    )
    return Round(side.name, saturated, steady)
