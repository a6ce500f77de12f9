"""P32: hostile frames and parameters get short answers that reveal nothing, and cost the server nothing."""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from alongside.domains.console.socket import decoder as agent_decoder
from alongside.domains.widget.socket import decoder as visitor_decoder
from alongside.platform.auth.tokens import csrf_of
from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage
from tests.harness.until import PATIENCE, until

# What an answer would say if it told of our insides.
INSIDES = re.compile(
    r"Traceback|File \"|\.py\b|site-packages|/alongside/|alongside\.(domains|platform|kit)|asyncpg|psycopg|postgres"
    r"|litestar|uvicorn|msgspec|SELECT |INSERT |UPDATE |\bentry_client_id\b|relation \"|[A-Z][a-z]+Error\b|object at 0x"
)
SOCKETS = 6
# How the server cuts who leaves a ping unanswered for seconds: we, on a busy machine, whatever we sent.
SILENT = (1011, "keepalive ping timeout")
# Who hangs up is the server; on a busy machine it takes its time for all that was sent before.
PATIENTLY: Any = {"proxy": None, "compression": None, "ping_interval": None, "close_timeout": PATIENCE}
GROWTH = 64 * 1024 * 1024

TEXTS = [
    *("", " ", "x", "x" * 9_000, "\x00", "a\x00b", "'; DROP TABLE entry; --", "%s%n", "${jndi:ldap://x}"),
    *(
        "{{7*7}}",
        "<script>alert(1)</script>",
        "\u202e\u2066",
        "\ufeff",
        "👩‍👩‍👧‍👦" * 50,
        "a\r\nSet-Cookie: x=1",
        "../../etc/passwd",
    ),
    *("NaN", "null", "-1", "1e400", "\u0000\u0001\u0002", "ﷺ" * 500, "\u0301" * 500),
]
NUMBERS = [0, -1, 1, 2**31, 2**53, 2**62, 2**63 - 1, 2**63, 2**64, 10**30, -(10**30), 1.5, -0.0, 1e308]


def hostile(dice: random.Random, depth: int = 0) -> Any:
    """Any JSON value, mostly small, sometimes deep."""
    makers: list[Callable[[], Any]] = [
        lambda: dice.choice(TEXTS),
        lambda: dice.choice(NUMBERS),
        lambda: dice.choice([None, True, False]),
        lambda: str(uuid4()),
        lambda: [hostile(dice, depth + 1) for _ in range(dice.randrange(4))] if depth < 4 else [],
        lambda: {dice.choice(TEXTS): hostile(dice, depth + 1) for _ in range(dice.randrange(4))} if depth < 4 else {},
    ]
    return dice.choice(makers)()


def shaped(dice: random.Random, shapes: list[dict[str, Any]]) -> dict[str, Any]:
    """A frame of the right shape with values that nobody expects, and sometimes one field too many."""
    frame = {name: _like(dice, value) if name != "type" else value for name, value in dice.choice(shapes).items()}
    if dice.random() < 0.3:
        frame[dice.choice(TEXTS)] = hostile(dice)
    return frame


def _like(dice: random.Random, value: Any) -> Any:
    if isinstance(value, bool):
        return dice.choice([True, False])
    if isinstance(value, int):
        return dice.choice([number for number in NUMBERS if isinstance(number, int) and abs(number) < 2**63])
    if isinstance(value, dict):
        return {name: _like(dice, each) for name, each in value.items()}
    if value == "uuid":
        return str(uuid4())
    return dice.choice(TEXTS)


# Every other frame ends its socket, and the next costs a handshake.
MALFORMED = 0.02


def wire(dice: random.Random, shapes: list[dict[str, Any]]) -> str | bytes:
    """What goes over the wire: mostly JSON of the right shape."""
    if dice.random() > MALFORMED:
        return json.dumps(shaped(dice, shapes))
    return dice.choice(
        [
            lambda: json.dumps(hostile(dice)),
            lambda: json.dumps({"type": dice.choice([*TEXTS, "send", "hello"]), **dict.fromkeys("abc", hostile(dice))}),
            lambda: json.dumps(shaped(dice, shapes))[: dice.randrange(1, 60)],
            lambda: "[" * 20_000,
            lambda: '{"type":"send","text":' + '{"a":' * 5_000,
            lambda: dice.randbytes(dice.randrange(200)),
            lambda: '{"type":"send","type":"hello"}',
            lambda: json.dumps({"type": "send", "client_id": str(uuid4()), "text": "\ud800"}),
        ]
    )()


PAGE = {"url": "text", "title": "text", "referrer": "text", "language": "text", "screen": "text", "timezone": "text"}
POSITION = {"epoch": "text", "seq": 1}
VISITOR_SHAPES: list[dict[str, Any]] = [
    {"type": "send", "client_id": "uuid", "text": "text"},
    {"type": "resume", "position": POSITION},
    {"type": "marks", "delivered": 1, "seen": 1},
    {"type": "typing", "on": True},
    {"type": "page", "visit": PAGE},
    {"type": "hello", "channel": "text", "token": "text", "visit": PAGE},
]
AGENT_SHAPES: list[dict[str, Any]] = [
    {"type": "open", "conversation_id": "uuid", "resume": POSITION},
    {"type": "leave", "conversation_id": "uuid"},
    {"type": "send", "conversation_id": "uuid", "client_id": "uuid", "text": "text", "then_done": True},
    {"type": "note", "conversation_id": "uuid", "client_id": "uuid", "text": "text"},
    {"type": "typing", "conversation_id": "uuid", "on": True, "note": True},
    {"type": "seen", "conversation_id": "uuid", "seq": 1},
    {"type": "looking", "conversation_id": "uuid"},
    {"type": "hello", "csrf": "text"},
]


class Attack:
    """Frames at one door, over as many sockets as it takes, until the count is reached."""

    def __init__(
        self,
        url: str,
        headers: dict[str, str],
        hello: dict[str, Any],
        shapes: list[dict[str, Any]],
        decoder: msgspec.json.Decoder[Any],
    ) -> None:
        self.url, self.headers, self.hello, self.shapes = url, headers, hello, shapes
        self.decoder = decoder
        self.sent = 0
        self.malformed = 0
        self.heard: list[str] = []
        self.closed: list[int | None] = []

    async def run(self, dice: random.Random, count: int) -> None:
        while self.sent < count:
            async with connect(self.url, additional_headers=self.headers, **PATIENTLY) as socket:
                with suppress(ConnectionClosed):
                    await socket.send(json.dumps(self.hello))
                    self.heard.append(str(await socket.recv()))
                    listening = asyncio.create_task(self._listen(socket))
                    while self.sent < count and not listening.done():
                        await self._send(dice, socket, listening)
                await socket.close()
                with suppress(ConnectionClosed):
                    await listening
            if (socket.close_code, socket.close_reason) != SILENT:
                self.closed.append(socket.close_code)
            self.heard.append(socket.close_reason or "")

    async def _send(self, dice: random.Random, socket: Any, listening: asyncio.Task[None]) -> None:
        """One frame; after a malformed one the server must hang up."""
        frame = wire(dice, self.shapes)
        self.sent += 1
        await socket.send(frame)
        if self._is_malformed(frame):
            self.malformed += 1
            async with asyncio.timeout(PATIENCE):
                await asyncio.wait({listening})
            how = socket.close_code, socket.close_reason
            assert how == SILENT or how[0] in (1007, 4400, 4429), f"{how} after {frame[:200]!r}"
        elif self.sent % 10 == 0:
            await asyncio.sleep(0.01)  # lets answers in; nothing is waited for

    def _is_malformed(self, frame: str | bytes) -> bool:
        try:
            self.decoder.decode(frame)
        except (msgspec.DecodeError, RecursionError):
            return True
        return isinstance(frame, bytes)

    async def _listen(self, socket: Any) -> None:
        async for text in socket:
            self.heard.append(str(text))


async def fuzz(stage: Stage, seed: int, count: int) -> None:
    token, ada = await stage.newcomer(), stage.world.ada.token
    base = stage.node.url.replace("http", "ws") + "/api/v1"
    visitors = Attack(
        f"{base}/widget/socket",
        {},
        {"type": "hello", "channel": stage.world.site.key, "token": token},
        VISITOR_SHAPES,
        visitor_decoder,
    )
    agents = Attack(
        f"{base}/console/socket",
        {"Origin": ORIGIN, "Cookie": f"__Host-alongside={ada}"},
        {"type": "hello", "csrf": csrf_of(ada)},
        AGENT_SHAPES,
        agent_decoder,
    )
    before, said = stage.node.memory, len(stage.node.log)
    dice = [random.Random(f"{seed}-{place}") for place in range(2 * SOCKETS)]
    await asyncio.gather(
        *(visitors.run(each, count // 2) for each in dice[:SOCKETS]),
        *(agents.run(each, count // 2) for each in dice[SOCKETS:]),
    )
    answers = visitors.heard + agents.heard
    revealing = [answer[:300] for answer in answers if INSIDES.search(answer)]
    assert revealing == []
    codes = set(visitors.closed + agents.closed)
    assert codes <= {1000, 1007, 4400, 4429}, f"closed with {codes}"
    assert stage.node.memory - before < GROWTH
    assert "socket.failed" not in stage.node.log[said:], "a hostile frame is no mistake of ours"
    async with stage.visitor(await stage.newcomer()) as tab:
        assert (await tab.send("others are served as before"))["seq"] == 1
    print(
        f"{visitors.sent + agents.sent} frames, {visitors.malformed + agents.malformed} of them malformed, "
        f"{len(answers)} answers, {len(visitors.closed + agents.closed)} sockets, "
        f"{(stage.node.memory - before) / 1e6:.1f} MB more"
    )


async def test_ten_thousand_frames(one: Stage, seed: int) -> None:
    await fuzz(one, seed, 10_000)


@pytest.mark.deep
@pytest.mark.timeout(900)
async def test_a_hundred_thousand_frames(one: Stage, seed: int) -> None:
    await fuzz(one, seed, 100_000)


async def test_hostile_parameters_and_bodies(one: Stage, seed: int) -> None:
    """No parameter, path or body makes the server fail, whoever sends it."""
    dice = random.Random(seed)
    async with one.http() as http:
        described = (await http.get(one.node.url + "/openapi.json")).json()
    said, tried = len(one.node.log), 0
    token = await one.newcomer()
    async with one.console(one.world.ada) as console, one.widget(token) as widget:
        widget.base_url = one.http().base_url
        for path, operations in described["paths"].items():
            for method, operation in operations.items():
                if "session" in path or path.endswith(("/me/password", "/setup", "/reset")):
                    continue  # they end or begin what the next request needs; tests/agents has them
                http = widget if "/widget/" in path else console
                for _ in range(12):
                    answer = await http.request(method, **_request(dice, path, operation))
                    tried += 1
                    assert answer.status_code < 500, f"{method} {path}: {answer.text}; {answer.request.url}"
                    assert not INSIDES.search(answer.text) or answer.status_code == 200, answer.text
    assert "request.failed" not in one.node.log[said:]
    print(f"{tried} requests")


def _request(dice: random.Random, path: str, operation: dict[str, Any]) -> dict[str, Any]:
    query: dict[str, str] = {}
    for parameter in operation.get("parameters", []):
        value = dice.choice([str(dice.choice(NUMBERS)), dice.choice(TEXTS).encode("utf-8", "ignore").decode()])
        if parameter["in"] == "path":
            chosen = dice.choice([str(uuid4()), "0", "%00", "x" * 300, "..%2f", "%F0%9F%98%80"])
            path = path.replace("{" + parameter["name"] + "}", chosen)
        elif dice.random() < 0.7:
            query[parameter["name"]] = value
    body = json.dumps(dice.choice([{}, hostile(dice), {"text": hostile(dice), "client_id": str(uuid4())}]))
    return {
        "url": path.removeprefix("/api/v1"),
        "params": query,
        "content": body if "requestBody" in operation else None,
        "headers": {"Content-Type": "application/json"},
    }


async def test_words_that_broke_searches(one: Stage) -> None:
    """Named cases: digits that are none, a NUL, a cursor and numbers beyond what the database holds."""
    async with one.console(one.world.ada) as http:
        for params in (
            {"search": "²"},
            {"search": "①②"},
            {"search": "١٢٣"},
            {"search": "a\x00b"},
            {"search": "%_\\"},
            {"search": "9" * 200},
            {"provider": "web\x00chat"},
            {"cursor": "AAAA"},
        ):
            answer = await http.get("/conversations", params=params | {"folder": "all"})
            assert answer.status_code in (200, 422), f"{params}: {answer.text}"
        row = (await http.get("/conversations", params={"folder": "all"})).json()["rows"][0]
        for params in ({"before": 10**30}, {"after": 10**30}, {"before": 2**63}, {"limit": 10**30}):
            answer = await http.get(f"/conversations/{row['id']}/entries", params=params)
            assert answer.status_code in (200, 422), f"{params}: {answer.text}"


async def test_those_who_leave_before_the_greeting_are_forgotten(one: Stage) -> None:
    """Half-open visits cost nothing afterwards: file descriptors come back."""
    before = one.node.files
    host, port = httpx.URL(one.node.url).host, one.node.port
    upgrade = (
        f"GET /api/v1/widget/socket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    for _ in range(200):
        reader, writer = await asyncio.open_connection(host, port)
        writer.write(upgrade.encode())
        await reader.readuntil(b"\r\n\r\n")
        writer.transport.abort()
    await until(lambda: one.node.files <= before + 10, what="the server has closed its side")
