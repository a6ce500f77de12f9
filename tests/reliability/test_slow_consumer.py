"""P38: whoever stops reading is sent away to resume, costs little memory, and slows nobody."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from dataclasses import dataclass, field
from statistics import quantiles
from uuid import UUID

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.uri import parse_uri

from alongside.domains.console.socket import ASK_SECONDS, WAIT_SECONDS
from alongside.platform.auth.tokens import csrf_of
from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage
from tests.harness.until import until, within

TOO_SLOW = 4408
# Four bytes each: what the system keeps in front of our queue is full after few of them.
TEXT = "\N{SEEDLING}" * 9_000
# Who reads nothing answers no ping either, and is cut after so long: what has lasted longer proves nothing.
CUT_SECONDS = ASK_SECONDS + WAIT_SECONDS
# 1 MiB may wait before each (and 64 KiB in front of that in the transport); the rest is the interpreter's.
EACH_BYTES = 2 * 1024 * 1024


@dataclass
class StoppedReader:
    """A console over a bare socket with a tiny window, which reads only when told to."""

    stage: Stage
    closed: int | None = None
    texts: list[str] = field(default_factory=list)

    async def open(self, conversation_id: UUID) -> None:
        """Shake hands, say hello, follow a conversation; read until it is opened, and then no more."""
        who = self.stage.world.ben
        bare = socket.socket()
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        bare.setblocking(False)
        await asyncio.get_running_loop().sock_connect(bare, ("127.0.0.1", self.stage.node.port))
        self.reader, self.writer = await asyncio.open_connection(sock=bare, limit=4_096)
        self.peer = ClientProtocol(
            parse_uri(self.stage.node.url.replace("http", "ws") + "/api/v1/console/socket"),
            origin=ORIGIN,  # type: ignore[arg-type]
            max_size=None,
        )
        request = self.peer.connect()
        request.headers["Cookie"] = f"__Host-alongside={who.token}"
        self.peer.send_request(request)
        self._flush()
        await self._read_until(lambda event: isinstance(event, Response))
        for frame in (
            {"type": "hello", "csrf": csrf_of(who.token)},
            {"type": "open", "conversation_id": str(conversation_id)},
        ):
            self.peer.send_text(json.dumps(frame).encode())
            self._flush()
        await self._read_until(lambda _: any('"opened"' in text for text in self.texts))

    async def read_to_the_end(self) -> None:
        """Read all that is left, up to the close frame."""
        await self._read_until(lambda event: isinstance(event, Frame) and event.opcode is Opcode.CLOSE)
        if self.peer.close_rcvd is not None:
            self.closed = self.peer.close_rcvd.code
        self.writer.close()

    async def _read_until(self, found) -> None:  # type: ignore[no-untyped-def]  # any event of the protocol
        while True:
            for event in self.peer.events_received():
                if isinstance(event, Frame) and event.opcode is Opcode.TEXT:
                    self.texts.append(bytes(event.data).decode())
                if found(event):
                    return
            data = await self.reader.read(65_536)
            if not data:
                self.peer.receive_eof()
                return
            self.peer.receive_data(data)

    def _flush(self) -> None:
        self.writer.write(b"".join(self.peer.data_to_send()))


async def stop_reading(stage: Stage, readers: int, messages: int) -> float:
    """Seconds for which nothing was read."""
    journal = stage.begin()
    token = await stage.newcomer()
    async with stage.visitor(token) as visitor, stage.agent(stage.world.ada) as ada:
        await visitor.send("hello")
        conversation_id = await stage.conversation_of(token)
        log = await ada.open(conversation_id)
        usual = [await timed(visitor, ada, log, f"before {n}") for n in range(30)]
        began = time.monotonic()
        stopped = [StoppedReader(stage) for _ in range(readers)]
        for reader in stopped:
            await reader.open(conversation_id)
        before = stage.node.memory
        slowed = [await timed(visitor, ada, log, f"{n} {TEXT}") for n in range(messages)]
        grown = stage.node.memory - before
        took = time.monotonic() - began
        async with asyncio.timeout(120):
            await asyncio.gather(*(reader.read_to_the_end() for reader in stopped))
        # None: cut by the keep-alive.
        assert {reader.closed for reader in stopped} <= {TOO_SLOW, None}
        assert took >= CUT_SECONDS or TOO_SLOW in {reader.closed for reader in stopped}
        assert grown < readers * EACH_BYTES + 16 * 1024 * 1024
        assert p90(slowed) < max(0.25, 5 * p90(usual)), "others are as fast as before, longer texts considered"
        # They come back and have all of it.
        async with stage.agent(stage.world.ben) as returned:
            fresh = await returned.open(conversation_id)
            assert fresh.last == log.last
        await until(lambda: stage.node.files < 200)
    print(
        f"{readers} stopped reading {messages} messages of {len(TEXT)} characters: {grown / 1e6:.1f} MB more, p90 "
        f"{p90(usual) * 1000:.0f} -> {p90(slowed) * 1000:.0f} ms; {journal.check(stage.database_url)}"
    )
    return took


async def timed(visitor, ada, log, text: str) -> float:  # type: ignore[no-untyped-def]
    """Seconds from sending until the agent has it."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    entry = await visitor.send(text)
    await ada.until(lambda: log.last >= entry["seq"])
    return loop.time() - began


def p90(values: list[float]) -> float:
    return quantiles(values, n=10)[-1]


async def test_ten_stop_reading(one: Stage) -> None:
    await within(CUT_SECONDS, lambda: stop_reading(one, 10, 300))


@pytest.mark.deep
@pytest.mark.timeout(600)
async def test_two_hundred_stop_reading(one: Stage) -> None:
    await stop_reading(one, 200, 300)
