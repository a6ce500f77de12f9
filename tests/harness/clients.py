"""A visitor's and an agent's live side, keeping the rules of the protocol to the letter and recording every frame.

Apply only last+1; drop what is earlier; keep aside what is later, and resume when the hole is not filled in 200 ms or
the heartbeat's head is higher. Reconnect with full jitter, obey `going_away`, resend what was not acknowledged.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from alongside.kit.ids import new_client_id
from tests.harness.journal import Journal
from tests.harness.nodes import ORIGIN
from tests.harness.until import until

Frame = dict[str, Any]

HOLE_SECONDS = 0.2
SILENCE_SECONDS = 25.0
FINAL_CODES = (4401, 4403, 4409, 4426)


class Refused(Exception):
    """The server said no for good."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(f"{frame['code']}: {frame['message']}")
        self.code: str = frame["code"]


@dataclass
class Log:
    """A copy of one log. `items` from the first known number on, without gaps."""

    items: list[Frame] = field(default_factory=list)
    last: int = 0
    epoch: str | None = None
    aside: dict[int, Frame] = field(default_factory=dict)
    known: int = 0
    resets: int = 0

    def reset(self, epoch: str, items: Sequence[Frame], head: int) -> None:
        """Everything from scratch; what arrived before still counts where it follows on."""
        if self.epoch not in (None, epoch):
            self.aside.clear()
        numbers = [item["seq"] for item in items]
        assert numbers == list(range(head - len(items) + 1, head + 1)), f"a snapshot with a hole: {numbers} of {head}"
        self.items, self.last, self.epoch = list(items), head, epoch
        self.resets += 1
        self._drain()

    def add(self, item: Frame) -> None:
        """One entry, in any order, any number of times."""
        if self.epoch is None or item["seq"] > self.last:
            known = self.aside.setdefault(item["seq"], item)
            assert _content(known) == _content(item), f"two contents for number {item['seq']}"
        if self.epoch is not None:
            self._drain()

    @property
    def hole(self) -> bool:
        return self.epoch is not None and (bool(self.aside) or self.known > self.last)

    @property
    def position(self) -> Frame | None:
        return {"epoch": self.epoch, "seq": self.last} if self.epoch else None

    def _drain(self) -> None:
        while item := self.aside.pop(self.last + 1, None):
            self.items.append(item)
            self.last += 1
        for seq in [seq for seq in self.aside if seq <= self.last]:
            del self.aside[seq]


def _content(item: Frame) -> tuple[Any, ...]:
    return item["seq"], item.get("text"), item.get("client_id"), item.get("kind"), item["at"]


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
        await self.until(lambda: self.settled, 20, f"{self.name} is live")
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

    @property
    def settled(self) -> bool:
        """Welcomed, and the log is there."""
        return self.live

    async def until(self, fact: Callable[[], bool], seconds: float = 10, what: str = "") -> float:
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


class VisitorClient(Client):
    """One tab of a visitor."""

    door = "/api/v1/widget/socket"

    def __init__(self, *urls: str, channel: str, token: str | None, **options: Any) -> None:
        super().__init__(*urls, **options)
        self.channel = channel
        self.token = token
        self.log = Log()
        self.team_seen = 0
        self.seen = 0

    @property
    def settled(self) -> bool:
        return self.live and (self.token is None or self.log.epoch is not None)

    def hello(self) -> Frame:
        page = {"url": "https://shop.test/", "title": "Shop", "language": "de"}
        return {
            "type": "hello",
            "channel": self.channel,
            "token": self.token,
            "resume": self.log.position,
            "visit": page,
        }

    def send(self, text: str, client_id: UUID | None = None) -> asyncio.Future[Frame]:
        """Write a message."""
        return self.post({"type": "send", "client_id": str(client_id or new_client_id()), "text": text})

    def entry_of(self, ack: Frame) -> Frame:
        entry: Frame = ack["message"]
        return entry

    async def heard(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                self._later(self.resend())
            case "message" | "ack":
                self.log.add(frame["message"])
            case "resumed":
                self._marks(frame["team_seen"], frame["seen"])
                for message in frame["messages"]:
                    self.log.add(message)
            case "reset":
                snapshot = frame["snapshot"]
                self._marks(snapshot["team_seen"], snapshot["seen"])
                self.log.reset(snapshot["epoch"], snapshot["messages"], snapshot["head"])
            case "team_seen":
                self._marks(frame["seq"], 0)
            case "own_marks":
                self._marks(0, frame["seen"])
            case "heartbeat":
                self._marks(frame["team_seen"], 0)
                self.log.known = max(self.log.known, frame["head"])
        self.watch_hole("own", self.log, lambda: {"type": "resume", "position": self.log.position})

    def _marks(self, team_seen: int, seen: int) -> None:
        self.team_seen, self.seen = max(self.team_seen, team_seen), max(self.seen, seen)


class AgentClient(Client):
    """One console of an agent."""

    door = "/api/v1/console/socket"

    def __init__(self, *urls: str, token: str, csrf: str, **options: Any) -> None:
        super().__init__(*urls, **options)
        self.headers = {"Cookie": f"__Host-alongside={token}"}
        self.csrf = csrf
        self.logs: dict[str, Log] = {}
        self.rows: dict[str, Frame] = {}

    @property
    def settled(self) -> bool:
        return self.live and all(log.epoch is not None for log in self.logs.values())

    def hello(self) -> Frame:
        return {"type": "hello", "csrf": self.csrf}

    async def open(self, conversation_id: UUID) -> Log:
        """Follow a conversation; returns when its log is there."""
        log = self.logs.setdefault(str(conversation_id), Log())
        await self.say(self._ask(str(conversation_id)))
        await self.until(lambda: log.epoch is not None)
        return log

    def send(self, conversation_id: UUID, text: str, *, then_done: bool = False, **more: Any) -> asyncio.Future[Frame]:
        """Write to the visitor."""
        return self.post(self._frame("send", conversation_id, text, then_done=then_done, **more))

    def note(self, conversation_id: UUID, text: str, **more: Any) -> asyncio.Future[Frame]:
        """Write for the team."""
        return self.post(self._frame("note", conversation_id, text, **more))

    def _frame(self, kind: str, conversation_id: UUID, text: str, **more: Any) -> Frame:
        client_id = str(more.pop("client_id", None) or new_client_id())
        return {
            "type": kind,
            "conversation_id": str(conversation_id),
            "client_id": client_id,
            "text": text,
            **more,
        }

    def entry_of(self, ack: Frame) -> Frame:
        entry: Frame = ack["entry"]
        return entry

    async def heard(self, frame: Frame) -> None:
        match frame["type"]:
            case "welcome":
                for conversation_id in self.logs:
                    await self.say(self._ask(conversation_id))
                self._later(self.resend())
            case "opened":
                snapshot = frame["snapshot"]
                self._row(snapshot["row"])
                log = self.logs.setdefault(snapshot["row"]["id"], Log())
                log.reset(snapshot["epoch"], snapshot["entries"], snapshot["row"]["last_seq"])
            case "resumed":
                self._row(frame["row"])
                for entry in frame["entries"]:
                    self.logs[frame["row"]["id"]].add(entry)
            case "entry" | "ack" if frame["conversation_id"] in self.logs:
                self.logs[frame["conversation_id"]].add(frame["entry"])
            case "row":
                self._row(frame["row"])
            case "heartbeat":
                for conversation_id, head in frame["heads"].items():
                    log = self.logs[conversation_id]
                    log.known = max(log.known, head)
        for conversation_id, log in self.logs.items():
            self.watch_hole(conversation_id, log, lambda each=conversation_id: self._ask(each))  # type: ignore[misc]

    def _row(self, row: Frame) -> None:
        known = self.rows.get(row["id"])
        if known is None or row["last_seq"] >= known["last_seq"]:
            self.rows[row["id"]] = row

    def _ask(self, conversation_id: str) -> Frame:
        return {
            "type": "open",
            "conversation_id": conversation_id,
            "resume": self.logs[conversation_id].position,
        }
