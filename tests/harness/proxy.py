"""A TCP proxy between clients and a server that breaks the link as told: cut, swallow, stall.

It understands just enough of WebSocket to count frames. Its rules hold for connections made afterwards.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum

CHUNK = 65_536
HEAD_END = b"\r\n\r\n"


class Way(Enum):
    """Which of the two streams."""

    UP = "client to server"
    DOWN = "server to client"


@dataclass
class Fault:
    """What happens to one connection. Counts are from its beginning, the HTTP upgrade included in bytes."""

    way: Way = Way.DOWN
    cut_after_bytes: int | None = None
    cut_after_frames: int | None = None
    swallow_frame: int | None = None  # the k-th frame, from 1, and all after it up to `swallow_until`
    swallow_until: int | None = None
    swallow_holding: bytes | None = None  # every frame that holds these bytes, once


@dataclass
class Link:
    """One connection through the proxy. `passed` counts bytes, `frames` whole frames, by way."""

    fault: Fault
    passed: dict[Way, int] = field(default_factory=lambda: dict.fromkeys(Way, 0))
    frames: dict[Way, int] = field(default_factory=lambda: dict.fromkeys(Way, 0))
    swallowed: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def cut(self) -> None:
        """Reset both sides, as a mobile network does."""
        for writer in self.writers:
            writer.transport.abort()


class FrameSplitter:
    """Splits a stream into the HTTP head and WebSocket frames; a frame is given when it is whole."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._in_head = True

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bool]]:
        """Pieces to pass on, in order; the flag says whether a piece is a frame."""
        self._buffer += data
        while size := self._whole():
            piece = bytes(self._buffer[:size])
            del self._buffer[:size]
            yield piece, not self._in_head
            self._in_head = False

    def _whole(self) -> int:
        if self._in_head:
            return self._buffer.find(HEAD_END) + len(HEAD_END) if HEAD_END in self._buffer else 0
        if len(self._buffer) < 2:
            return 0
        length, at = self._buffer[1] & 0x7F, 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            if len(self._buffer) < at + wide:
                return 0
            length, at = int.from_bytes(self._buffer[at : at + wide]), at + wide
        at += 4 if self._buffer[1] & 0x80 else 0
        return at + length if len(self._buffer) >= at + length else 0


class FaultProxy:
    """Listens on a port of its own in front of `target`."""

    def __init__(self, target: int) -> None:
        self.target = target
        self.fault = Fault()
        self.links: list[Link] = []
        self.flowing = asyncio.Event()
        self.flowing.set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> FaultProxy:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self.cut_all()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def cut_all(self) -> None:
        """Every connection ends now."""
        for link in self.links:
            link.cut()

    def stall(self) -> None:
        """Pass nothing, though both sides stay connected."""
        self.flowing.clear()

    def flow(self) -> None:
        """Pass again what waited."""
        self.flowing.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(self.fault)
        self.links.append(link)
        try:
            up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        link.writers = [writer, up_writer]
        for way, source, sink in ((Way.UP, reader, up_writer), (Way.DOWN, up_reader, writer)):
            task = asyncio.create_task(self._pump(link, way, source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _pump(self, link: Link, way: Way, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        splitter = FrameSplitter()
        with suppress(OSError):
            while data := await source.read(CHUNK):
                await self.flowing.wait()
                if not self._pass(link, way, splitter, data, sink):
                    link.cut()
                    return
                await sink.drain()
            sink.write_eof()

    def _pass(self, link: Link, way: Way, splitter: FrameSplitter, data: bytes, sink: asyncio.StreamWriter) -> bool:
        """Write what may pass; False when the link is to be cut here."""
        fault = link.fault
        if fault.way is not way:
            sink.write(data)
            link.passed[way] += len(data)
            return True
        if fault.cut_after_bytes is not None:
            room = fault.cut_after_bytes - link.passed[way]
            sink.write(data[:room])
            link.passed[way] += len(data)
            return len(data) < room
        return all(self._pass_piece(link, way, piece, framed, sink) for piece, framed in splitter.feed(data))

    def _pass_piece(self, link: Link, way: Way, piece: bytes, framed: bool, sink: asyncio.StreamWriter) -> bool:
        fault = link.fault
        link.frames[way] += framed
        number = link.frames[way]
        if framed and _swallows(fault, number, piece):
            link.swallowed += 1
            return True
        sink.write(piece)
        link.passed[way] += len(piece)
        return fault.cut_after_frames is None or not framed or number < fault.cut_after_frames


def _swallows(fault: Fault, number: int, piece: bytes) -> bool:
    if fault.swallow_holding is not None and fault.swallow_holding in piece:
        fault.swallow_holding = None
        return True
    if fault.swallow_frame is None:
        return False
    return fault.swallow_frame <= number <= (fault.swallow_until or fault.swallow_frame)
