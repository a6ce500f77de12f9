"""Who hears what, in one process and across the bus."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, MutableMapping
from contextlib import AsyncExitStack
from typing import Any

import msgspec
import pytest

from alongside.platform.embedded.nats import EmbeddedNats
from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.hub import Hub
from alongside.platform.realtime.nats import NatsBus
from tests.harness.ports import free_port
from tests.harness.until import until, within


class Word(msgspec.Struct, frozen=True, tag_field="type", tag="word"):
    text: str


class Listener:
    """A connection of `hub` that notes what it is told."""

    def __init__(self, hub: Hub, *topics: str) -> None:
        self.got: list[str] = []
        self.closes: list[int] = []
        self.connection = Connection(self._send)
        hub.add(self.connection)
        for topic in topics:
            hub.subscribe(self.connection, topic)

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "websocket.close":
            self.closes.append(message["code"])
        else:
            self.got.append(msgspec.json.decode(message["text"])["text"])


async def test_a_topic_reaches_its_listeners_alone() -> None:
    hub = Hub()
    one, both, other = Listener(hub, "a"), Listener(hub, "a", "b"), Listener(hub, "b")
    hub.publish("a", Word("to a"))
    hub.publish("b", Word("to b"))
    hub.publish("nobody", Word("to nobody"))
    await asyncio.gather(*(each.connection.flushed() for each in (one, both, other)))
    assert (one.got, both.got, other.got) == (["to a"], ["to a", "to b"], ["to b"])


async def test_who_is_gone_leaves_nothing_behind() -> None:
    hub = Hub()
    gone, stays = Listener(hub, "a", "b"), Listener(hub, "b")
    hub.remove(gone.connection)
    hub.publish("a", Word("x"))
    hub.publish("b", Word("y"))
    await stays.connection.flushed()
    assert (gone.got, stays.got) == ([], ["y"])
    hub.remove(stays.connection)
    assert (hub.connections, hub._topics) == (set(), {})


async def test_closing_a_topic() -> None:
    hub = Hub()
    theirs, others = Listener(hub, "session:1"), Listener(hub, "session:2")
    hub.close("session:1", 4401, "signed out")
    await theirs.connection.flushed()
    assert (theirs.closes, others.closes) == ([4401], [])


@pytest.fixture
async def two(nats: EmbeddedNats) -> AsyncIterator[tuple[Hub, Hub]]:
    """The hubs of two processes on one bus."""
    hubs = Hub(), Hub()
    async with AsyncExitStack() as stack:
        for hub in hubs:
            bus = NatsBus(hub, lambda: None)
            hub.bus = bus
            stack.push_async_callback(bus.stop)
            await bus.start(nats.url.reveal())
            await joined(bus)
        yield hubs


async def joined(*buses: NatsBus) -> None:
    """`start` does not wait for ever, and what is told before all have joined reaches nobody."""
    await until(lambda: all(bus.connected for bus in buses))


async def test_facts_cross_the_bus_once(two: tuple[Hub, Hub]) -> None:
    here, there = two
    own, far = Listener(here, "a"), Listener(there, "a")
    for number in range(50):
        here.publish("a", Word(str(number)), signal=number % 2 == 0)
    there.publish("a", Word("answer"))
    await until(lambda: len(own.got) == 51 and len(far.got) == 51)
    assert [each for each in far.got if each != "answer"] == [str(number) for number in range(50)]


async def test_orders_cross_the_bus(two: tuple[Hub, Hub]) -> None:
    here, there = two
    far = Listener(there, "session:1")
    heard: list[str] = []
    for name, hub in (("here", here), ("there", there)):
        hub.on_node("people", lambda payload, name=name: heard.append(f"{name} {payload}"))  # type: ignore[misc]
    here.tell_nodes("people", "again")
    here.close("session:1", 4401, "signed out")
    await until(lambda: far.closes == [4401] and sorted(heard) == ["here again", "there again"])


async def test_what_is_queued_at_the_end_still_goes_out(nats: EmbeddedNats) -> None:
    for _ in range(20):
        await leave_with_many(nats)


async def leave_with_many(nats: EmbeddedNats) -> None:
    """Two hundred frames are queued when a process leaves; one that has just joined hears them all."""
    leaving, staying = Hub(), Hub()
    far = Listener(staying, "a")
    buses = [NatsBus(hub, lambda: None) for hub in (leaving, staying)]
    for hub, bus in zip((leaving, staying), buses, strict=True):
        hub.bus = bus
        await bus.start(nats.url.reveal())
    await joined(*buses)
    for number in range(200):
        leaving.publish("a", Word(str(number)))
    await buses[0].stop()
    await until(lambda: len(far.got) == 200)
    await buses[1].stop()


async def test_a_bus_that_is_away_is_waited_for_in_the_background() -> None:
    async def started() -> float:
        hub = Hub()
        changes: list[bool] = []
        bus = NatsBus(hub, lambda: changes.append(bus.connected))
        hub.bus = bus
        loop = asyncio.get_running_loop()
        began = loop.time()
        await bus.start(f"nats://nobody@127.0.0.1:{free_port()}")
        took = loop.time() - began
        assert not bus.connected
        near = Listener(hub, "a")
        hub.publish("a", Word("told here"))
        await near.connection.flushed()
        assert near.got == ["told here"]
        await bus.stop()
        assert changes == []
        return took

    await within(10, started)


async def test_a_frozen_bus_is_noticed_and_so_is_its_return() -> None:
    server = EmbeddedNats()
    server.start()
    hub = Hub()
    changes: list[bool] = []
    bus = NatsBus(hub, lambda: changes.append(bus.connected))
    hub.bus = bus
    try:
        await bus.start(server.url.reveal())
        await joined(bus)

        async def noticed() -> float:
            await until(lambda: changes[-1:] == [True])
            known = len(changes)
            os.kill(server.pid, signal.SIGSTOP)
            took = await until(lambda: not bus.connected)
            os.kill(server.pid, signal.SIGCONT)
            await until(lambda: bus.connected and changes[known:][-1:] == [True])
            told = changes[known:]
            # On a busy machine a bus that has just returned may seem to be away once more.
            assert told == [False, True] * (len(told) // 2)
            return took

        print(f"noticed after {await within(6, noticed):.1f} s")
    finally:
        await bus.stop()
        server.stop()
