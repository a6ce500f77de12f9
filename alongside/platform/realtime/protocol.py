"""uvicorn's WebSocket protocol, which also lets go of a peer that takes nothing any more.

uvicorn closes such a peer by waiting for the buffer in front of it to empty, which never happens: the connection, its
tasks and its buffers would stay for as long as the peer's machine keeps the connection. We cut instead.

It tells the app when the peer was last heard, and asks more often where the app wants to know (`Life`).

It also spares system calls, which cost more than the frames themselves: what a socket is told in one turn leaves in one
write, and reading pauses only when the app lags several frames behind, not after each.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import Any, cast

from uvicorn._types import ASGISendEvent
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame
from websockets.http11 import Request
from websockets.protocol import State

# An ASGI extension of our own: `{"type": "websocket.send", "texts": [...]}` sends several texts at once.
TEXTS = "alongside.texts"

# Another: the scope of a socket has the peer's `Life` there, by the same name.
LIFE = "alongside.life"

# Frames that may wait for the app before reading pauses.
FRAMES_AHEAD = 8

# From our close frame until the peer must have answered it, and at the end of the process.
CLOSE_SECONDS = 10.0
LEAVE_SECONDS = 3.0


class Life:
    """How long ago a peer was heard: a frame of its own, or the answer to a ping, which browsers give by themselves."""

    __slots__ = ("_heard_at", "_protocol")

    def __init__(self, protocol: WebSocketProtocol) -> None:
        self._protocol = protocol
        self._heard_at = protocol.loop.time()

    def heard(self) -> None:
        """Just now."""
        self._heard_at = self._protocol.loop.time()

    @property
    def silent(self) -> float:
        """Seconds since it was heard last."""
        return self._protocol.loop.time() - self._heard_at

    def watch(self, ask_seconds: float, wait_seconds: float) -> None:
        """Ask so long after each answer from now on, and cut where none comes in time."""
        self._protocol.watch(ask_seconds, wait_seconds)


class WebSocketProtocol(WebSocketsSansIOProtocol):
    """Cuts what cannot be closed in order; sends several texts in one write."""

    def handle_connect(self, event: Request) -> None:
        """A handshake: the app learns of the extension."""
        super().handle_connect(event)
        if self.response.status_code == 101:
            self.life = Life(self)
            self.scope["extensions"][TEXTS] = {}
            self.scope["extensions"][LIFE] = {LIFE: self.life}

    def handle_pong(self, event: Frame) -> None:
        """The peer has answered a ping."""
        self.life.heard()
        super().handle_pong(event)

    def watch(self, ask_seconds: float, wait_seconds: float) -> None:
        """Ask the peer at another pace from now on."""
        self.ping_interval, self.ping_timeout, self.last_ping_rtt = ask_seconds, wait_seconds, 0.0
        if self.ping_timer is not None or self.pong_timer is not None:
            self.stop_keepalive()
            self.start_keepalive()

    def send_receive_event_to_app(self) -> None:
        """A message is complete; uvicorn would pause reading after each."""
        self.life.heard()
        paused, self.read_paused = self.read_paused, True
        super().send_receive_event_to_app()
        self.read_paused = paused
        if not paused and self.queue.qsize() > FRAMES_AHEAD:
            self.read_paused = True
            self.transport.pause_reading()

    def keepalive_timeout(self) -> None:
        """The peer left a ping unanswered."""
        super().keepalive_timeout()
        self.transport.abort()

    def shutdown(self) -> None:
        """The process leaves."""
        super().shutdown()
        self.loop.call_later(LEAVE_SECONDS, self.transport.abort)

    async def send(self, message: ASGISendEvent) -> None:
        """Several texts leave in one write; a close frame that is not answered in time cuts."""
        texts = cast("Mapping[str, Any]", message).get("texts")
        if texts is not None:
            await self._send_texts(texts)
            return
        await super().send(message)
        if message["type"] == "websocket.close" and self.close_timer is not None:
            self.close_timer.cancel()
            self.close_timer = self.loop.call_later(CLOSE_SECONDS, self.transport.abort)

    async def _send_texts(self, texts: Sequence[str]) -> None:
        if not self.writable.is_set():
            await self.writable.wait()
        if self.disconnected or self.conn.state is not State.OPEN:
            raise ClientDisconnected
        self.transport.write(b"".join([part for text in texts for part in _frame(text.encode())]))


def _frame(payload: bytes) -> tuple[bytes, bytes]:
    """Head and payload of an unmasked text frame (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return struct.pack("!BB", 0x81, size), payload
    return struct.pack("!BBH", 0x81, 126, size) if size < 65_536 else struct.pack("!BBQ", 0x81, 127, size), payload
