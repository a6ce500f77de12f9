"""The driver's side of HTTP and of WebSocket: as little work as possible, so that the server is what is measured.

Requests and frames are made of templates of fixed length; of what comes back only the boundaries are read.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{headers}\r\n"
)


def request(method: str, path: str, host: str, headers: dict[str, str], body: bytes = b"") -> bytes:
    """An HTTP request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def text_frame(payload: bytes) -> bytes:
    """A client's text frame. The mask is zero, which the protocol allows and costs the driver nothing."""
    size = len(payload)
    head = struct.pack("!BB", 0x81, 0x80 | size) if size < 126 else struct.pack("!BBH", 0x81, 0x80 | 126, size)
    return head + b"\0\0\0\0" + payload


class HttpPeer(asyncio.Protocol):
    """A kept-alive connection with one request under way at most; calls `on_answer(status, body)`."""

    def __init__(self) -> None:
        self.on_answer: Callable[[int, bytes], None] = lambda _status, _body: None
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio calls it."""
        assert isinstance(transport, asyncio.Transport) or hasattr(transport, "write")
        self._transport = transport  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """asyncio calls it."""
        buffer = self._buffer + data if self._buffer else data
        end = buffer.find(b"\r\n\r\n")
        if end < 0:
            self._buffer = buffer
            return
        head = buffer[:end].lower()
        at = head.find(b"content-length:")
        size = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(buffer) < end + 4 + size:
            self._buffer = buffer
            return
        self._buffer = buffer[end + 4 + size :]
        self.on_answer(int(head[9:12]), buffer[end + 4 : end + 4 + size])

    def send(self, data: bytes) -> None:
        """Write a request. On a connection that the server has closed it is answered with status 0."""
        assert self._transport is not None
        if self._transport.is_closing():
            asyncio.get_running_loop().call_soon(self.on_answer, 0, b"")
        else:
            self._transport.write(data)

    async def ask(self, data: bytes) -> tuple[int, bytes]:
        """Write a request and wait for its status and body."""
        answer: asyncio.Future[tuple[int, bytes]] = asyncio.get_running_loop().create_future()
        self.on_answer = lambda status, body: None if answer.done() else answer.set_result((status, body))
        self.send(data)
        return await answer

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


class SocketPeer(asyncio.Protocol):
    """A WebSocket client; calls `on_frame(payload)` for each text."""

    def __init__(self) -> None:
        self.on_frame: Callable[[bytes], None] = lambda _payload: None
        self.closed_with: int | None = None
        self._wanted: asyncio.Future[bytes] | None = None
        self._open = asyncio.get_running_loop().create_future()
        self._upgraded = False
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio calls it."""
        self._transport = transport  # type: ignore[assignment]

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio calls it."""
        self.closed_with = self.closed_with or 1006
        if not self._open.done():
            self._open.set_exception(ConnectionError(f"no upgrade: {exc}"))
        if self._wanted and not self._wanted.done():
            self._wanted.set_exception(ConnectionError(f"closed with {self.closed_with}"))

    def data_received(self, data: bytes) -> None:
        """asyncio calls it."""
        buffer = self._buffer + data if self._buffer else data
        at = 0
        if not self._upgraded:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                self._buffer = buffer
                return
            self._accept(buffer[:end])
            at = end + 4
        while (parsed := _frame(buffer, at)) is not None:
            opcode, start, at = parsed
            self._take(opcode, buffer[start:at])
        self._buffer = buffer[at:]

    def _accept(self, head: bytes) -> None:
        self._upgraded = True
        if b" 101 " in head[:20]:
            self._open.set_result(None)
        else:
            self._open.set_exception(ConnectionError(head[:80].decode()))

    def _take(self, opcode: int, payload: bytes) -> None:
        if opcode == 0x1:
            self.on_frame(payload)
        elif opcode == 0x9:
            self.send(struct.pack("!BB", 0x8A, 0x80 | len(payload)) + b"\0\0\0\0" + payload)
        elif opcode == 0x8:
            self.closed_with = struct.unpack("!H", payload[:2])[0] if len(payload) >= 2 else 1005

    def send(self, data: bytes) -> None:
        """Write a frame."""
        assert self._transport is not None
        self._transport.write(data)

    async def opened(self) -> None:
        """Return when the handshake is done; raises `ConnectionError` if it was refused."""
        await self._open

    async def frame(self, kind: bytes) -> bytes:
        """Wait for the next frame whose `type` is `kind`. Raises `ConnectionError` if the server hangs up before."""
        found: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        self._wanted = found
        start = b'{"type":"' + kind + b'"'

        def look(payload: bytes) -> None:
            if payload.startswith(start) and not found.done():
                found.set_result(payload)

        self.on_frame = look
        async with asyncio.timeout(20):
            payload = await found
        self.on_frame = lambda _payload: None
        return payload

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.close()


def _frame(buffer: bytes, at: int) -> tuple[int, int, int] | None:
    """Opcode, start and end of the payload of the frame at `at`; None if it is not complete."""
    if len(buffer) < at + 2:
        return None
    size, start = buffer[at + 1] & 0x7F, at + 2
    if size >= 126:
        width = 2 if size == 126 else 8
        if len(buffer) < start + width:
            return None
        size, start = int.from_bytes(buffer[start : start + width]), start + width
    return (buffer[at] & 0x0F, start, start + size) if len(buffer) >= start + size else None


async def http(port: int) -> HttpPeer:
    """A connection to a server on this machine."""
    _, peer = await asyncio.get_running_loop().create_connection(HttpPeer, "127.0.0.1", port)
    return peer


async def socket(port: int, path: str, headers: str = "") -> SocketPeer:
    """An open WebSocket to a server on this machine. `headers` are whole lines with their line ends."""
    _, peer = await asyncio.get_running_loop().create_connection(SocketPeer, "127.0.0.1", port)
    peer.send(UPGRADE.format(path=path, host=f"localhost:{port}", headers=headers).encode())
    await peer.opened()
    return peer
