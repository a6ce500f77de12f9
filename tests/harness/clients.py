"""A visitor's and an agent's live side, keeping the rules of the protocol to the letter."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

from alongside.kit.ids import new_client_id
from tests.harness.client import Client
from tests.harness.log import Frame, Log


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
