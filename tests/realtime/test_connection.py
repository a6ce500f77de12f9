"""One socket's queue: bounded, in order, and honest with a peer that lags."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import pytest

from alongside.platform.realtime.connection import (
    QUEUE_BYTES,
    QUEUE_FRAMES,
    SIGNAL_FRAMES,
    TOO_SLOW,
    Connection,
)
from tests.harness.until import until


class Peer:
    """The other end: takes frames while `reading` is set; `gone` makes the way to it fail."""

    def __init__(self) -> None:
        self.got: list[MutableMapping[str, Any]] = []
        self.reading = asyncio.Event()
        self.reading.set()
        self.gone = False

    async def send(self, message: MutableMapping[str, Any]) -> None:
        await self.reading.wait()
        if self.gone:
            raise OSError
        self.got.append(message)

    @property
    def texts(self) -> list[str]:
        return [message["text"] for message in self.got if message["type"] == "websocket.send"]

    @property
    def closes(self) -> list[int]:
        return [message["code"] for message in self.got if message["type"] == "websocket.close"]


@pytest.fixture
def peer() -> Peer:
    return Peer()


@pytest.fixture
def connection(peer: Peer) -> Connection:
    return Connection(peer.send)


async def test_frames_keep_their_order(connection: Connection, peer: Peer) -> None:
    for number in range(100):
        connection.push(str(number))
    await connection.flushed()
    assert peer.texts == [str(number) for number in range(100)]


async def test_signals_are_dropped_first(connection: Connection, peer: Peer) -> None:
    peer.reading.clear()
    for number in range(2 * SIGNAL_FRAMES):
        connection.push(f"typing {number}", signal=True)
    connection.push("a fact")
    peer.reading.set()
    await connection.flushed()
    assert peer.texts[-1] == "a fact"
    assert len(peer.texts) <= SIGNAL_FRAMES + 1
    assert peer.closes == []


async def test_too_many_frames_close(connection: Connection, peer: Peer) -> None:
    peer.reading.clear()
    for number in range(QUEUE_FRAMES + 10):
        connection.push(str(number))
    peer.reading.set()
    await connection.flushed()
    assert peer.closes == [TOO_SLOW]
    assert len(peer.texts) <= 1, "what would leave a hole is not sent any more"
    connection.push("too late")
    await connection.flushed()
    assert "too late" not in peer.texts


async def test_too_many_bytes_close(connection: Connection, peer: Peer) -> None:
    peer.reading.clear()
    connection.push("x")
    for _ in range(3):
        connection.push("x" * (QUEUE_BYTES // 2))
    peer.reading.set()
    await connection.flushed()
    assert peer.closes == [TOO_SLOW]


async def test_a_peer_that_keeps_up_is_never_too_slow(connection: Connection, peer: Peer) -> None:
    for number in range(3 * QUEUE_FRAMES):
        connection.push(str(number))
        if number % (QUEUE_FRAMES // 2) == 0:
            await connection.flushed()
    await connection.flushed()
    assert len(peer.texts) == 3 * QUEUE_FRAMES
    assert peer.closes == []


async def test_what_is_queued_goes_out_before_the_close(connection: Connection, peer: Peer) -> None:
    peer.reading.clear()
    connection.push("one")
    connection.push("two")
    connection.close(4401, "signed out")
    connection.close(1012, "another reason")
    connection.push("three")
    peer.reading.set()
    await connection.flushed()
    assert (peer.texts, peer.closes) == (["one", "two"], [4401])


async def test_a_peer_that_is_gone_ends_it_quietly(connection: Connection, peer: Peer) -> None:
    peer.gone = True
    connection.push("one")
    await connection.flushed()
    assert connection.closed
    connection.push("two")
    await connection.flushed()
    assert peer.got == []


async def test_idle_costs_no_task(connection: Connection, peer: Peer) -> None:
    before = len(asyncio.all_tasks())
    connection.push("one")
    await connection.flushed()
    await until(lambda: len(asyncio.all_tasks()) == before)
