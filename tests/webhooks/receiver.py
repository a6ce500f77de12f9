"""A receiver on a real socket: it keeps what it was sent, and answers as the test says."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from alongside.domains.webhooks import actions, queries
from alongside.domains.webhooks.schemas import EventType, NewWebhook, Webhook, WebhookMade
from alongside.domains.webhooks.sender import Sender
from alongside.platform.egress import Egress
from tests.world import World

LOOPBACK = Egress(["127.0.0.0/8"])
CONSOLE = "https://chat.test/console"
ALL: list[EventType] = [
    "conversation.opened",
    "conversation.status_changed",
    "conversation.assigned",
    "conversation.rated",
    "message.created",
    "message.edited",
    "message.deleted",
    "note.created",
    "note.edited",
    "note.deleted",
    "contact.changed",
    "contact.labelled",
    "contact.merged",
    "contact.erased",
    "ticket.created",
    "ticket.changed",
    "ticket.commented",
]


class Received(msgspec.Struct):
    """One request."""

    headers: dict[str, str]
    body: str

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]

    @property
    def event(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def type(self) -> str:
        return self.event["type"]


Answer = Callable[[Received], int]


class Receiver:
    """`answer` says the status; `open` cleared means that it answers nobody until it is set."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Answer = lambda _: 200
        self.open = asyncio.Event()
        self.open.set()
        self.port = 0
        self.elsewhere = ""

    @property
    def url(self) -> str:
        return self.elsewhere or f"http://127.0.0.1:{self.port}/hook"

    def at(self, url: str) -> Receiver:
        """Not here at all, but at an address of which only the words matter."""
        self.elsewhere = url
        return self

    @property
    def types(self) -> list[str]:
        return [each.type for each in self.received]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
        body = (await reader.readexactly(int(headers["content-length"]))).decode()
        got = Received(headers, body)
        self.received.append(got)
        await self.open.wait()
        status = self.answer(got)
        writer.write(f"HTTP/1.1 {status} Told\r\ncontent-length: 6\r\nlocation: /else\r\n\r\nthanks".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def receiving() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    server = await asyncio.start_server(receiver.serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    try:
        yield receiver
    finally:
        receiver.open.set()
        server.close()


@asynccontextmanager
async def sending(world: World) -> AsyncIterator[Sender]:
    """A process that sends."""
    sender = Sender(world.database, LOOPBACK, CONSOLE, "0")
    running = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def hook(world: World, receiver: Receiver, *events: EventType, name: str = "CRM") -> WebhookMade:
    """A webhook of Sol's for these events, or for all."""
    async with world.database.work() as work:
        new = NewWebhook(name=name, url=receiver.url, events=list(events) or ALL)
        return await actions.create_webhook(work, world.sol.actor, LOOPBACK, new)


async def standing(world: World, made: WebhookMade) -> Webhook:
    async with world.database.reading() as reading:
        found = await queries.webhook(reading, made.webhook.id)
    assert found is not None
    return found


async def hurry(world: World, *, dead: bool = False) -> None:
    """The next try of everything is due now; with `dead` also of what somebody took on and never finished."""
    async with world.database.work() as work:
        await work.run(
            "UPDATE webhook_delivery SET due_at = now() WHERE state = 'waiting' AND (tried_at IS NOT NULL OR $1)", dead
        )


async def noted(world: World) -> bool:
    """Whether the last try of everything has ended."""
    async with world.database.reading() as reading:
        return bool(await reading.value("SELECT bool_and(tried_at IS NOT NULL) FROM webhook_delivery"))


async def states(world: World) -> dict[str, int]:
    """How many deliveries are in which state."""
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT state, count(*) AS n FROM webhook_delivery GROUP BY state")
        left = await reading.value("SELECT count(*) FROM webhook_fact")
    found = {row["state"]: row["n"] for row in rows}
    return found | ({"facts": left} if left else {})
