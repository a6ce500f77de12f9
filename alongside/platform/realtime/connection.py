"""One open socket: a bounded queue in front of the peer, drained only while there is something to say."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# A peer that lets this much pile up is told to come back and resume. Signals are dropped far earlier.
QUEUE_FRAMES = 1_024
QUEUE_BYTES = 1_048_576
SIGNAL_FRAMES = 64

TOO_SLOW = 4408


class Connection:
    """A socket as the hub sees it. `push` never waits."""

    __slots__ = ("_bytes", "_closing", "_drain", "_queue", "_send", "closed", "data", "topics")

    def __init__(self, send: Send, data: Any = None) -> None:
        self._send = send
        self._queue: deque[str] = deque()
        self._bytes = 0
        self._closing: tuple[int, str] | None = None
        self._drain: asyncio.Task[None] | None = None
        self.topics: set[str] = set()
        self.closed = False
        self.data = data

    def push(self, frame: str, *, signal: bool = False) -> None:
        """Queue a frame. A signal is dropped when the peer lags; anything else closes a peer that lags too far."""
        if self.closed or self._closing:
            return
        if signal and len(self._queue) >= SIGNAL_FRAMES:
            return
        if len(self._queue) >= QUEUE_FRAMES or self._bytes + len(frame) > QUEUE_BYTES:
            self._queue.clear()
            self.close(TOO_SLOW, "too slow: reconnect and resume")
            return
        self._queue.append(frame)
        self._bytes += len(frame)
        self._wake()

    def close(self, code: int, reason: str) -> None:
        """Send what is queued, then close. The reason has at most 120 bytes."""
        if not self.closed and not self._closing:
            self._closing = (code, reason)
            self._wake()

    def _wake(self) -> None:
        if self._drain is None:
            self._drain = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        try:
            while self._queue:
                frame = self._queue.popleft()
                self._bytes -= len(frame)
                await self._send({"type": "websocket.send", "text": frame})
            if self._closing:
                code, reason = self._closing
                self.closed = True
                await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (OSError, RuntimeError):
            # The peer is gone (uvicorn's ClientDisconnected is an OSError); the reading side notices and cleans up.
            self.closed = True
            self._queue.clear()
        finally:
            self._drain = None
            if not self.closed and (self._queue or self._closing):
                self._wake()

    async def flushed(self) -> None:
        """Return when nothing is waiting to be sent."""
        while self._drain is not None:
            await asyncio.wait({self._drain})
