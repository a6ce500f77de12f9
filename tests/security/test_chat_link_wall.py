"""The wall around a chat link: its secret opens its own doors and no other, however it is brought."""

from __future__ import annotations

import json

import httpx
import pytest
from litestar import Litestar
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage
from tests.security.test_doors import api_doors, knock


@pytest.fixture
async def secret(one: Stage) -> str:
    async with one.console(one.world.sol) as sol:
        made = await sol.post(f"/contacts/{one.world.vera.actor.contact_id}/chat-links", json={})
    assert made.status_code == 201, made.text
    told: str = made.json()["url"].partition("#")[2]
    return told


async def test_a_links_secret_opens_no_other_door(app: Litestar, one: Stage, secret: str) -> None:
    doors = api_doors(app)
    own = {str(door) for door in doors if door.who.kind == "link"}
    assert own == {
        "GET /api/v1/chat-link",
        "GET /api/v1/chat-link/lines",
        "POST /api/v1/chat-link/messages",
        "POST /api/v1/chat-link/notes",
        "PUT /api/v1/chat-link/status",
    }
    async with httpx.AsyncClient(base_url=one.node.url, timeout=30) as http:
        for door in doors:
            if door.who.kind in ("agent", "visitor"):
                cookie = f"__Host-alongside={secret}"
                answer = await knock(http, door, Authorization=f"Bearer {secret}", Cookie=cookie)
                assert answer.status_code == 401, f"{door}: {answer.status_code} {answer.text}"
                alone = await knock(http, door, Cookie=cookie, **{"X-CSRF-Token": secret})
                assert alone.status_code == 401, f"{door}: {alone.status_code} {alone.text}"


async def test_nobody_else_comes_in_by_a_links_doors(app: Litestar, one: Stage) -> None:
    visitor, agent = await one.newcomer(), one.world.sol.token
    async with httpx.AsyncClient(base_url=one.node.url, timeout=30) as http:
        for door in (door for door in api_doors(app) if door.who.kind == "link"):
            for token in (visitor, agent):
                cookie = f"__Host-alongside={agent}"
                answer = await knock(http, door, Authorization=f"Bearer {token}", Cookie=cookie)
                assert answer.status_code == 401, f"{door}: {answer.text}"
            assert (await knock(http, door, Cookie=f"__Host-alongside={agent}")).status_code == 401


async def test_no_request_names_another_conversation(one: Stage, secret: str) -> None:
    token = await one.newcomer()
    async with one.visitor(token) as visitor:
        await visitor.send("Of somebody else")
    other = await one.conversation_of(token)
    before = one.sql("SELECT last_seq, status FROM conversation WHERE id = %s", other)
    named = {"conversation_id": str(other), "conversation": str(other)}
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(base_url=f"{one.node.url}/api/v1/chat-link", headers=headers, timeout=30) as http:
        for path in ("", "/lines"):
            answer = await http.get(path, params=named)
            assert answer.status_code == 200 and "Of somebody else" not in answer.text
        body = {"client_id": "0199c0de-0000-7000-8000-0000000000aa", "text": "Across the wall", **named}
        assert (await http.post("/messages", json=body)).status_code == 422
        assert (await http.put("/status", json={"status": "done", **named})).status_code == 422
    assert one.sql("SELECT last_seq, status FROM conversation WHERE id = %s", other) == before


async def test_a_socket_is_not_opened_by_it(one: Stage, secret: str) -> None:
    url = one.node.url.replace("http", "ws") + "/api/v1/console/socket"
    headers = {"Origin": ORIGIN, "Authorization": f"Bearer {secret}", "Cookie": f"__Host-alongside={secret}"}
    async with connect(url, additional_headers=headers, proxy=None) as socket:
        await socket.send(json.dumps({"type": "hello", "csrf": secret}))
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    assert socket.close_code == 4401
