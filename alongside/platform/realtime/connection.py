"""One open socket: a bounded queue in front of the peer, drained only while there is something to say."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# A peer that lets this much pile up is told to come back and resume. Signals are dropped far earlier.
QUEUE_FRAMES = 1_024
QUEUE_BYTES = 1_048_576
SIGNAL_FRAMES = 64
# Frames that leave in one write where the server can do that.
FRAMES_AT_ONCE = 32

TOO_SLOW = 4408


class Life(Protocol):
    """How a socket's server knows that its peer is still there (`platform/realtime/protocol.py`)."""

    @property
    def silent(self) -> float:
        """Seconds since the peer was heard."""

    def watch(self, ask_seconds: float, wait_seconds: float) -> None:
        """Ask at this pace."""


class Connection:
    """A socket as the hub sees it. `push` never waits.

    `together`: the server takes several texts in one message (`platform/realtime/protocol.py`). `life`: it knows when
    the peer was heard; without, a peer counts as heard until its socket closes.
    """

    __slots__ = ("_bytes", "_closing", "_drain", "_queue", "_send", "_together", "closed", "data", "life", "topics")

    def __init__(self, send: Send, data: Any = None, *, together: bool = False, life: Life | None = None) -> None:
        self._send = send
        self._together = together
        self._queue: deque[str] = deque()
        self._bytes = 0
        self._closing: tuple[int, str] | None = None
        self._drain: asyncio.Task[None] | None = None
        self.topics: set[str] = set()
        self.closed = False
        self.data = data
        self.life = life

    @property
    def silent(self) -> float:
        """Seconds since the peer was heard."""
        return self.life.silent if self.life else 0.0

    def watch(self, ask_seconds: float, wait_seconds: float) -> None:
        """From now on ask the peer so long after each answer whether it is there; cut where none comes in time."""
        if self.life:
            self.life.watch(ask_seconds, wait_seconds)

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
                await self._send(self._next())
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

    def _next(self) -> MutableMapping[str, Any]:
        count = min(len(self._queue), FRAMES_AT_ONCE) if self._together else 1
        frames = [self._queue.popleft() for _ in range(count)]
        self._bytes -= sum(map(len, frames))
        content = {"texts": frames} if self._together else {"text": frames[0]}
        return {"type": "websocket.send", **content}

    async def flushed(self) -> None:
        """Return when nothing is waiting to be sent."""
        while self._drain is not None:
            await asyncio.wait({self._drain})
