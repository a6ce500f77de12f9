"""The programs that are compared, as the driver sees them: lanes to send on, a watcher who receives, idle sockets."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from typing import Protocol

from alongside.platform.auth.tokens import csrf_of
from bench import wire
from bench.seed import CHANNEL_KEY, agent_token, visitor_token

TEXT = b"Good morning, is the blue one still in stock, and when would it arrive? "
DIGITS = 8
CONNECTING_AT_ONCE = 32
# The database of a busy machine may stand still for some seconds: whoever connects then is asked to come again.
TRIES = 10


class Lane:
    """One sender. `send` writes a message that carries `number`; `on_answer(ok)` tells that it was acknowledged."""

    def __init__(self, peer: wire.HttpPeer | wire.SocketPeer, before: bytes, between: bytes, after: bytes) -> None:
        self._peer = peer
        self._parts = before, between, after
        self.on_answer: Callable[[bool], None] = lambda _ok: None

    def send(self, number: int) -> None:
        """Write the message."""
        before, between, after = self._parts
        self._peer.send(b"%b%012x%b%b#%08d#%b" % (before, number, between, TEXT, number, after))

    def close(self) -> None:
        """Hang up."""
        self._peer.close()


def size_of(json_parts: tuple[bytes, bytes, bytes]) -> int:
    """Bytes of the JSON that `Lane.send` makes of these parts."""
    return sum(map(len, json_parts)) + 12 + len(TEXT) + DIGITS + 2


def http_lane(peer: wire.HttpPeer, path: str, host: str, headers: dict[str, str], parts: tuple[bytes, ...]) -> Lane:
    """A lane of posts; `parts` is the body before the id, between id and text, after the text."""
    before, between, after = parts
    head = {**headers, "Content-Type": "application/json", "Content-Length": str(size_of((before, between, after)))}
    lane = Lane(peer, wire.request("POST", path, host, head) + before, between, after)
    peer.on_answer = lambda status, _body: lane.on_answer(status == 201)
    return lane


class Watcher:
    """A client that is shown the messages; calls `on_text(number)` when it holds one."""

    def __init__(self, peer: wire.SocketPeer, start: bytes = b"") -> None:
        self._peer = peer
        self._start = start
        self.on_text: Callable[[int], None] = lambda _number: None
        peer.on_frame = self._look

    def _look(self, payload: bytes) -> None:
        if payload.startswith(self._start) and (at := payload.find(b"#")) > 0:
            self.on_text(int(payload[at + 1 : at + 1 + DIGITS]))

    def close(self) -> None:
        """Hang up."""
        self._peer.close()


def hang_up(*groups: Iterable[Lane | Watcher | wire.SocketPeer]) -> None:
    """Close all of them."""
    for group in groups:
        for each in group:
            each.close()


class Side(Protocol):
    """A program under test."""

    name: str

    async def lanes(self, count: int) -> list[Lane]:
        """Connected senders, each with a conversation of its own."""

    async def watcher(self) -> Watcher:
        """A client who is shown what the lanes send."""

    async def idle(self, count: int) -> list[wire.SocketPeer]:
        """Open sockets of visitors who say nothing."""


class FloorSide:
    """`bench/floor.py`."""

    name = "floor"

    def __init__(self, port: int) -> None:
        self._port = port

    async def lanes(self, count: int) -> list[Lane]:
        """Posts over kept-alive connections."""
        return [await self._lane(number + 1) for number in range(count)]

    async def _lane(self, number: int) -> Lane:
        # The floor knows no client ids; the twelve digits travel in a field that it does not read.
        parts = b'{"id":"', b'","conversation":%d,"text":"' % number, b'"}'
        return http_lane(await wire.http(self._port), "/messages", f"localhost:{self._port}", {}, parts)

    async def watcher(self) -> Watcher:
        """The subscribed socket."""
        return Watcher(await wire.socket(self._port, "/subscribe"))

    async def idle(self, count: int) -> list[wire.SocketPeer]:
        """Sockets that subscribe to nothing."""
        return await _connect(count, lambda _: wire.socket(self._port, "/idle"))


class AlongsideSide:
    """The product, through the doors that visitors and agents use. `door` is how messages are sent."""

    def __init__(self, port: int, door: str = "socket") -> None:
        self.name = f"alongside, {door}"
        self._port = port
        self._door = door
        # Ids of one run never meet those of another in the same database.
        self._run = f"{secrets.token_hex(4)}-0000-7000-8000-"
        self.lane_count = 0
        self.conversation_ids: list[str] = []

    async def lanes(self, count: int) -> list[Lane]:
        """Visitors 0, 1, ... with their tokens."""
        self.lane_count = count
        return [await (self._over_socket(n) if self._door == "socket" else self._over_http(n)) for n in range(count)]

    async def _over_http(self, number: int) -> Lane:
        parts = b'{"client_id":"%b' % self._run.encode(), b'","text":"', b'"}'
        headers = {"Authorization": f"Bearer {visitor_token(number)}"}
        path, host = "/api/v1/widget/conversation/messages", f"localhost:{self._port}"
        return http_lane(await wire.http(self._port), path, host, headers, parts)

    async def _over_socket(self, number: int) -> Lane:
        peer = await self.visitor(number)
        parts = b'{"type":"send","client_id":"%b' % self._run.encode(), b'","text":"', b'"}'
        head = wire.text_frame(b"x" * size_of(parts))[: -size_of(parts)]
        lane = Lane(peer, head + parts[0], parts[1], parts[2])

        def look(payload: bytes) -> None:
            if payload.startswith(b'{"type":"ack"'):
                lane.on_answer(True)
            elif payload.startswith(b'{"type":"error"'):
                lane.on_answer(False)

        peer.on_frame = look
        return lane

    async def visitor(self, number: int | None) -> wire.SocketPeer:
        """An open widget of visitor `number`, or of somebody without a token. Sent away, it comes again."""
        for _ in range(TRIES):
            with suppress(ConnectionError):
                return await self._visitor(number)
            await asyncio.sleep(1)
        return await self._visitor(number)

    async def _visitor(self, number: int | None) -> wire.SocketPeer:
        peer = await wire.socket(self._port, "/api/v1/widget/socket", "User-Agent: Mozilla/5.0 (X11; Linux)\r\n")
        token = f',"token":"{visitor_token(number)}"' if number is not None else ""
        visit = '{"url":"https://shop.example/blue","title":"Blue","language":"en","screen":"1280x800"}'
        hello = f'{{"type":"hello","channel":"{CHANNEL_KEY}"{token},"visit":{visit}}}'
        peer.send(wire.text_frame(hello.encode()))
        await peer.frame(b"welcome" if number is None else b"reset")
        return peer

    async def agent(self, number: int = 0) -> wire.SocketPeer:
        """A console of agent `number` that follows the inbox."""
        token = agent_token(number)
        headers = f"Cookie: __Host-alongside={token}\r\nOrigin: http://localhost:{self._port}\r\n"
        peer = await wire.socket(self._port, "/api/v1/console/socket", headers)
        peer.send(wire.text_frame(b'{"type":"hello","csrf":"%b"}' % csrf_of(token).encode()))
        await peer.frame(b"welcome")
        return peer

    async def watcher(self) -> Watcher:
        """Agent 0, with the inbox and the conversations of the lanes open."""
        peer = await self.agent()
        for conversation_id in self.conversation_ids[: self.lane_count]:
            peer.send(wire.text_frame(b'{"type":"open","conversation_id":"%b"}' % conversation_id.encode()))
            await peer.frame(b"opened")
        return Watcher(peer, b'{"type":"entry"')

    async def idle(self, count: int) -> list[wire.SocketPeer]:
        """Known visitors with a conversation, behind those of the lanes."""
        return await _connect(count, lambda n: self.visitor(self.lane_count + n))

    async def idle_strangers(self, count: int) -> list[wire.SocketPeer]:
        """Widgets whose visitor has never written."""
        return await _connect(count, lambda _: self.visitor(None))


async def _connect(
    count: int, connect: Callable[[int], Coroutine[None, None, wire.SocketPeer]]
) -> list[wire.SocketPeer]:
    gate = asyncio.Semaphore(CONNECTING_AT_ONCE)

    async def one(number: int) -> wire.SocketPeer:
        async with gate:
            return await connect(number)

    return list(await asyncio.gather(*(one(number) for number in range(count))))
