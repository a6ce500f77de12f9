"""P09: without NATS messages come a few seconds later, nobody is told of an error, and nobody reconnects."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alongside.platform.embedded.nats import EmbeddedNats
from tests.harness.clients import AgentClient, VisitorClient
from tests.harness.nodes import Node
from tests.harness.stage import Stage, stage
from tests.harness.until import until, within

LATE_SECONDS = 5.0
REVOKED_SECONDS = 30.0
MESSAGES = 4


@pytest.fixture
def bus() -> Iterator[EmbeddedNats]:
    server = EmbeddedNats()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def two(make_database: Callable[[bool], str], tmp_path: Path, bus: EmbeddedNats) -> Iterator[Stage]:
    with stage(make_database(True), tmp_path, 2, bus) as made:
        yield made


async def exchange(visitor: VisitorClient, ada: AgentClient) -> float:
    """Both write to each other over two processes; returns the longest way in seconds."""
    (conversation_id, log), *_ = ada.logs.items()
    loop, longest = asyncio.get_running_loop(), 0.0
    for number in range(MESSAGES):
        before = loop.time()
        if number % 2:
            await ada.post(ada._frame("send", conversation_id, f"answer {number}"))  # type: ignore[arg-type]
        else:
            await visitor.send(f"question {number}")
        last = max(log.last, visitor.log.last)
        await visitor.until(lambda: visitor.log.last == log.last == last)  # noqa: B023
        longest = max(longest, loop.time() - before)
    return longest


def returns(two: Stage) -> list[int]:
    """How often the bus has come back to each process."""
    return [node.log.count('"bus.returned"') for node in two.nodes]


async def without(
    two: Stage, bus: EmbeddedNats, sign: signal.Signals, visitor: VisitorClient, ada: AgentClient
) -> float:
    """The longest way while the bus is frozen, or was killed and comes back; everybody has it again afterwards."""
    before = returns(two)
    os.kill(bus.pid, sign)
    longest = await exchange(visitor, ada)
    if sign is signal.SIGSTOP:
        os.kill(bus.pid, signal.SIGCONT)
    await until(lambda: all(now > then for now, then in zip(returns(two), before, strict=True)), what="the bus is back")
    return longest


async def revoke(two: Stage) -> float:
    """P23 without the bus: a token that ends in one process closes its socket in another, after so many seconds."""
    token = await two.newcomer()
    async with two.visitor(token, two.urls[0]) as visitor, two.widget(token, two.urls[1]) as http:
        assert (await http.post("/reset")).status_code == 204
        took = await visitor.until(lambda: bool(visitor.closes), REVOKED_SECONDS)
        assert visitor.closes[0][0] == 4401
        return took


async def test_frozen_and_killed(two: Stage, bus: EmbeddedNats) -> None:
    journal = two.begin()
    token = await two.newcomer()
    async with two.visitor(token, two.urls[0]) as visitor, two.agent(two.world.ada, two.urls[1]) as ada:
        await visitor.send("hello")
        await ada.open(await two.conversation_of(token))
        usual = await within(LATE_SECONDS, lambda: exchange(visitor, ada))
        frozen = await within(LATE_SECONDS, lambda: without(two, bus, signal.SIGSTOP, visitor, ada))

        os.kill(bus.pid, signal.SIGSTOP)
        revoked = await revoke(two)
        late = Node(two.database_url, bus.url.reveal())
        late.start()
        try:
            began = await late.ready()
        finally:
            late.end()
        os.kill(bus.pid, signal.SIGCONT)
        await ada.until(lambda: bool(ada.of_type("refresh")), what="the console is told to read its list again")

        killed = await within(LATE_SECONDS, lambda: without(two, bus, signal.SIGKILL, visitor, ada))
        assert (visitor.connections, ada.connections) == (1, 1)
        assert not visitor.of_type("error")
        assert not ada.of_type("error")
    print(
        f"usual {usual:.2f} s, frozen {frozen:.2f} s, killed {killed:.2f} s, "
        f"revoked after {revoked:.1f} s, started without it in {began:.1f} s; "
        f"{journal.check(two.database_url)}"
    )
