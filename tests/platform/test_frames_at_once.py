"""Frames of one turn leave in one write, and a fast peer's frames are read ahead only so far. On a real server."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import uvicorn
from websockets.asyncio.client import ClientConnection, connect

from alongside.platform.realtime.connection import Connection
from alongside.platform.realtime.protocol import FRAMES_AHEAD, TEXTS, WebSocketProtocol

App = Callable[..., Awaitable[None]]


class Echo:
    """Sends back what it is told to, in bursts; reads only while `reading` is set."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.received = 0
        self.reading = asyncio.Event()
        self.queued: Callable[[], int] = lambda: 0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            return
        await receive()
        await send({"type": "websocket.accept"})
        self.queued = receive.__self__.queue.qsize

        async def counted(message: Any) -> None:
            self.sent.append(message)
            await send(message)

        connection = Connection(counted, together=TEXTS in scope["extensions"])
        await self.reading.wait()
        while (message := await receive())["type"] == "websocket.receive":
            self.received += 1
            size, _, count = message["text"].partition("x")
            for number in range(int(count)):
                connection.push(f"{number}:" + "ü" * int(size))


async def until(holds: Callable[[], bool]) -> None:
    """Give way to the loop until a fact holds; the test's own limit of time ends it otherwise."""
    while not holds():  # noqa: ASYNC110 - what is waited for happens in code that knows no events
        await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def serving(app: App) -> AsyncIterator[str]:
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, ws=WebSocketProtocol, lifespan="off", log_config=None, ws_per_message_deflate=False)
    )
    task = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield f"ws://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    await task


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
async def client(echo: Echo) -> AsyncIterator[ClientConnection]:
    async with serving(echo) as address, connect(address) as opened:
        yield opened


@pytest.mark.parametrize("size", [0, 100, 200, 30_000, 40_000])
async def test_a_burst_arrives_whole_and_in_order_in_few_messages(
    echo: Echo, client: ClientConnection, size: int
) -> None:
    echo.reading.set()
    await client.send(f"{size}x9")
    assert [await client.recv() for _ in range(9)] == [f"{number}:" + "ü" * size for number in range(9)]
    assert len(echo.sent) == 1


async def test_reading_pauses_for_an_app_that_lags_and_goes_on_when_it_catches_up(
    echo: Echo, client: ClientConnection
) -> None:
    sending = asyncio.create_task(_send_many(client, 5_000))
    await until(lambda: echo.queued() > FRAMES_AHEAD)
    assert not sending.done()
    echo.reading.set()
    await sending
    await until(lambda: echo.received == 5_000)


async def _send_many(client: ClientConnection, count: int) -> None:
    for _ in range(count):
        await client.send("0x0" + " " * 2_000)
