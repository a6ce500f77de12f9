"""The floor: the smallest program that stores a message and shows it to somebody.

A raw ASGI function on the same uvicorn, asyncpg and PostgreSQL as the product: it decodes a JSON post, bumps the
conversation's counter and inserts the message in one statement and one commit, pushes one encoded text to the
subscribed sockets, and answers 201. No accounts, no repeats, no order of a log, no resume: nothing but the work itself.
A PATCH it writes to a file below FOLDER, and does not look at it.

`python -m bench.floor PORT DATABASE_URL FOLDER`
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

POOL = 10

TABLES = """
CREATE TABLE IF NOT EXISTS floor_conversation (id int PRIMARY KEY, last_seq bigint NOT NULL DEFAULT 0)
    WITH (fillfactor = 80);
CREATE TABLE IF NOT EXISTS floor_message (
    conversation_id int NOT NULL, seq bigint NOT NULL, text text NOT NULL, at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation_id, seq)
);
INSERT INTO floor_conversation SELECT generate_series(1, 1000) ON CONFLICT DO NOTHING;
"""

POST = """
WITH bumped AS (UPDATE floor_conversation SET last_seq = last_seq + 1 WHERE id = $1 RETURNING id, last_seq)
INSERT INTO floor_message (conversation_id, seq, text) SELECT id, last_seq, $2 FROM bumped RETURNING seq
"""


class Draft(msgspec.Struct):
    """What is posted."""

    conversation: int
    text: str


class Posted(msgspec.Struct):
    """What is answered, and pushed."""

    conversation: int
    seq: int
    text: str


class Floor:
    """The ASGI application."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._folder = folder
        self._pool: asyncpg.Pool[asyncpg.Record]
        self._subscribers: set[Send] = set()
        self._decode = msgspec.json.Decoder(Draft).decode
        self._encode = msgspec.json.Encoder().encode

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """One request, one socket, or the server's life."""
        if scope["type"] == "http":
            match scope["method"]:
                case "POST":
                    await self._post(receive, send)
                case "PATCH":
                    await self._keep(scope["path"], receive, send)
                case _:
                    await _answer(send, 200, b"{}")
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        else:
            await self._live(receive, send)

    async def _keep(self, path: str, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        await asyncio.to_thread((self._folder / path.rpartition("/")[2]).write_bytes, body)
        await _answer(send, 200, b"{}")

    async def _post(self, receive: Receive, send: Send) -> None:
        draft = self._decode(await _body(receive))
        async with self._pool.acquire() as connection:
            seq = await connection.fetchval(POST, draft.conversation, draft.text)
        encoded = self._encode(Posted(draft.conversation, seq, draft.text))
        text = encoded.decode()
        for subscriber in tuple(self._subscribers):
            await subscriber({"type": "websocket.send", "text": text})
        await _answer(send, 201, encoded)

    async def _socket(self, scope: Message, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        if scope["path"] == "/subscribe":
            self._subscribers.add(send)
        while (await receive())["type"] != "websocket.disconnect":
            pass
        self._subscribers.discard(send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._pool = await asyncpg.create_pool(self._url, min_size=POOL, max_size=POOL, reset=_leave_as_is)
        await self._pool.execute(TABLES)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._pool.close()
        await send({"type": "lifespan.shutdown.complete"})


async def _leave_as_is(_: object) -> None:
    """No RESET between uses: the floor does not pay for what the product does not."""


async def _body(receive: Receive) -> bytes:
    pieces = []
    more = True
    while more:
        message = await receive()
        pieces.append(message["body"])
        more = message.get("more_body", False)
    return b"".join(pieces)


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def main() -> None:
    """Serve until a signal comes."""
    uvicorn.run(
        Floor(sys.argv[2], Path(sys.argv[3])),
        port=int(sys.argv[1]),
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
