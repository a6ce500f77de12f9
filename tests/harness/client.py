"""One socket that is kept alive and records every frame: what both doors' clients have in common.

Reconnect with full jitter, obey `going_away`, resend what was not acknowledged, ask again for what is missing.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from tests.harness.journal import Journal
from tests.harness.log import Frame, Log
from tests.harness.nodes import ORIGIN
from tests.harness.until import PATIENCE, until

HOLE_SECONDS = 0.2
SILENCE_SECONDS = 25.0
FINAL_CODES = (4401, 4403, 4409, 4426)


class Refused(Exception):
    """The server said no for good."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame['code']}: {frame['message']}")
        self.code: str = frame["code"]


@dataclass
class Pending:
    """Sent and not yet answered."""

    frame: Frame
    answer: asyncio.Future[Frame]


class Client:
    """What both doors have in common. `urls`: one is drawn for every connection."""

    door: str

    def __init__(self, *urls: str, name: str = "", journal: Journal | None = None, seed: int = 0) -> None:
        self.urls = list(urls)
        self.name = name or f"{type(self).__name__}-{id(self):x}"
        self.journal = journal or Journal()
        self.frames: list[tuple[float, Frame]] = []
        self.closes: list[tuple[int, str]] = []
        self.connections = 0
        self.live = False
        self.longest_wait = 1.0
        self.outbox: dict[UUID, Pending] = {}
        self.headers: dict[str, str] = {}
        self._random = random.Random(f"{seed}-{self.name}")
        self._socket: ClientConnection | None = None
        self._task: asyncio.Task[None] | None = None
        self._repairing: set[str] = set()
        self._come_back: float | None = None
        self._leaving = False

    # ---- life

    async def __aenter__(self) -> Any:
        self.start()
        await self.until(lambda: self.settled, what=f"{self.name} is live")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def start(self) -> None:
        """Connect, and from then on stay connected."""
        self._leaving = False
        self._task = asyncio.create_task(self._live(), name=self.name)
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Whoever waits for an answer hears of an error in a handler."""
        error = None if task.cancelled() else task.exception()
        for pending in self.outbox.values():
            if error and not pending.answer.done():
                pending.answer.set_exception(error)

    async def stop(self) -> None:
        """Leave, closing in order. An error in a handler comes to light here."""
        task, self._task = self._task, None
        self._leaving = True
        if self._socket is not None:
            await self._socket.close()
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        # Whoever starts again is not live by what was: the task may have been ended before it could say so.
        self.live, self._socket = False, None

    def cut(self) -> None:
        """Gone without a word, for good."""
        assert self._socket is not None
        self._leaving = True
        self._socket.transport.abort()

    @property
    def settled(self) -> bool:
        """Welcomed, and the log is there."""
        return self.live

    async def until(self, fact: Callable[[], bool], seconds: float = PATIENCE, what: str = "") -> float:
        """Wait for a fact; an error in a handler comes to light at once."""

        def held() -> bool:
            if self._task is not None and self._task.done():
                self._task.result()
            return fact()

        return await until(held, seconds, what or f"{self.name} sees it; last frames: {self.frames[-3:]}")

    async def _live(self) -> None:
        tries = 0
        while not self._leaving:
            heard = len(self.frames)
            closed = len(self.closes)
            with suppress(OSError, WebSocketException, TimeoutError):
                await self._connect()
            self.live, self._socket = False, None
            if any(code in FINAL_CODES for code, _ in self.closes[closed:]):
                return
            tries = 0 if len(self.frames) > heard else tries + 1
            wait = self._random.uniform(0, min(self.longest_wait, 0.1 * 2**tries))
            await asyncio.sleep(self._come_back if self._come_back is not None else wait)
            self._come_back = None

    async def _connect(self) -> None:
        url = self._random.choice(self.urls).replace("http", "ws", 1) + self.door
        async with connect(
            url,
            origin=ORIGIN,  # type: ignore[arg-type]
            additional_headers=self.headers,
            compression=None,
            ping_interval=None,
            close_timeout=1,
            open_timeout=10,
            max_size=None,
            proxy=None,
        ) as socket:
            self._socket = socket
            self.connections += 1
            try:
                await self.say(self.hello())
                while True:
                    async with asyncio.timeout(SILENCE_SECONDS):
                        text = await socket.recv()
                    frame = json.loads(text)
                    self.frames.append((time.monotonic(), frame))
                    await self._hear(frame)
            except ConnectionClosed as closed:
                code, reason = (closed.rcvd.code, closed.rcvd.reason) if closed.rcvd else (1006, "")
                self.closes.append((code, reason))

    async def _hear(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                self.live = True
            case "going_away":
                self._come_back = frame["retry_in_ms"] / 1000
            case "ack":
                self._acked(frame)
            case "error" if frame.get("client_id"):
                await self._failed(frame)
        await self.heard(frame)

    # ---- what each door knows

    def hello(self) -> Frame:
        """The first frame."""
        raise NotImplementedError

    async def heard(self, frame: Frame) -> None:
        """A frame of this door."""
        raise NotImplementedError

    def entry_of(self, ack: Frame) -> Frame:
        """What an acknowledgement says was stored."""
        raise NotImplementedError

    # ---- sending

    async def say(self, frame: Frame) -> bool:
        """Hand a frame to the socket; False where there is none."""
        if self._socket is None:
            return False
        with suppress(ConnectionClosed):
            await self._socket.send(json.dumps(frame))
            return True
        return False

    def post(self, frame: Frame) -> asyncio.Future[Frame]:
        """Send, and send again after each reconnect until the answer is here: the entry that was stored."""
        client_id = UUID(frame["client_id"])
        pending = Pending(frame, asyncio.get_running_loop().create_future())
        self.outbox[client_id] = pending
        self.journal.sent(self.name, client_id, frame["text"], frame.get("conversation_id", ""))
        if self.live:
            self._later(self.say(frame))
        return pending.answer

    def give_up(self) -> None:
        """Send nothing again: what was not answered has an unknown outcome."""
        for pending in self.outbox.values():
            pending.answer.cancel()
        self.outbox.clear()

    async def resend(self) -> None:
        """All that was not answered, in order."""
        for pending in list(self.outbox.values()):
            await self.say(pending.frame)

    def _acked(self, frame: Frame) -> None:
        client_id, entry = UUID(frame["client_id"]), self.entry_of(frame)
        if client_id in self.journal.sends:
            self.journal.acked(client_id, entry["seq"], entry["text"])
        pending = self.outbox.pop(client_id, None)
        if pending and not pending.answer.done():
            pending.answer.set_result(entry)

    async def _failed(self, frame: Frame) -> None:
        client_id = UUID(frame["client_id"])
        pending = self.outbox.get(client_id)
        if pending is None:
            return
        if frame.get("retry_after_ms") is not None:
            wait = min(frame["retry_after_ms"] / 1000, self.longest_wait)
            asyncio.get_running_loop().call_later(wait, self._again, client_id)
            return
        del self.outbox[client_id]
        if frame["code"] != "client-id-reused":
            self.journal.refused(client_id)
        pending.answer.set_exception(Refused(frame))

    def _again(self, client_id: UUID) -> None:
        if client_id in self.outbox:
            self._later(self.say(self.outbox[client_id].frame))

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        task.add_done_callback(lambda done: done.cancelled() or done.exception())

    # ---- holes

    def watch_hole(self, key: str, log: Log, ask: Callable[[], Frame]) -> None:
        """Ask again for what is missing, 200 ms after it was missed, then each second until it is there."""
        if not log.hole:
            log.known = 0
            return
        if key not in self._repairing:
            self._repairing.add(key)
            self._later(self._repair(key, log, ask))

    async def _repair(self, key: str, log: Log, ask: Callable[[], Frame]) -> None:
        wait = HOLE_SECONDS
        try:
            while True:
                await asyncio.sleep(wait)
                if not log.hole or self._task is None:
                    return
                if self.live:
                    await self.say(ask())
                wait = 1.0
        finally:
            self._repairing.discard(key)

    def of_type(self, kind: str) -> list[Frame]:
        """The frames of one type, in order of arrival."""
        return [frame for _, frame in self.frames if frame["type"] == kind]
