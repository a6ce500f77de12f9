"""P22: every door has a lock, and all doors have the same one."""

from __future__ import annotations

import json
import typing
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from alongside.domains.console.agent_schemas import AgentFrame
from alongside.domains.widget.frame_schemas import VisitorFrame
from alongside.platform.web.who import Who
from tests.harness.client import Refused
from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage

UNSAFE = ("POST", "PUT", "PATCH", "DELETE")
ANYTHING = {"uuid": str(uuid4()), "str": "anything", "path": "anything", "int": "1"}


class Door(msgspec.Struct, frozen=True):
    """One method of one address, and who may."""

    method: str
    path: str
    who: Who

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def doors(app: Litestar) -> list[Door]:
    """Every route of our own."""
    return list(_doors(app))


def _doors(app: Litestar) -> Iterator[Door]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            who = handler.opt.get("who")
            if not isinstance(who, Who):
                assert handler.fn.__module__.startswith("litestar."), f"{route.path} has no policy"
                continue
            for method in handler.http_methods - {"OPTIONS", "HEAD"}:
                yield Door(str(method), _filled(route), who)


def _filled(route: HTTPRoute) -> str:
    parts = (part if isinstance(part, str) else ANYTHING[part.type.__name__.lower()] for part in route.path_components)
    return "/" + "/".join(parts)


def api_doors(app: Litestar) -> list[Door]:
    return [door for door in doors(app) if door.path.startswith("/api/")]


async def knock(http: httpx.AsyncClient, door: Door, **headers: str) -> httpx.Response:
    body = b"{}" if door.method in UNSAFE else b""
    given = {"Content-Type": "application/json", "Origin": ORIGIN} | headers
    return await http.request(door.method, door.path, content=body, headers=given)


def test_every_route_of_ours_says_who_may(app: Litestar) -> None:
    found = doors(app)
    assert len(found) > 60
    assert {door.who.kind for door in found} == {"agent", "visitor", "link", "public"}
    assert all(door.who.reason for door in found if door.who.kind == "public"), "public for a stated reason"
    print(f"{len(found)} doors: " + ", ".join(f"{kind} {sum(d.who.kind == kind for d in found)}"
                                             for kind in ("agent", "visitor", "link", "public")))  # fmt: skip


def test_the_description_knows_every_api_route(app: Litestar) -> None:
    described = app.openapi_schema.to_schema()["paths"]
    paths = {path for path in described if path.startswith("/api/")}
    routed = {
        route.path_format for route in app.routes if isinstance(route, HTTPRoute) and route.path.startswith("/api/")
    }
    assert routed == paths


async def test_nobody_in_particular_is_refused(app: Litestar, one: Stage) -> None:
    async with httpx.AsyncClient(base_url=one.node.url, timeout=30) as http:
        for door in api_doors(app):
            answer = await knock(http, door)
            if door.who.kind == "public":
                assert answer.status_code != 401 or answer.json()["code"] != "not-signed-in", str(door)
            else:
                assert answer.status_code == 401, f"{door}: {answer.status_code} {answer.text}"
            assert answer.status_code < 500, f"{door}: {answer.text}"


async def test_the_frameworks_own_pages_are_closed(one: Stage) -> None:
    async with httpx.AsyncClient(base_url=one.node.url, timeout=30) as http:
        for path in ("/schema", "/schema/openapi.json", "/schema/swagger", "/schema/redoc"):
            assert (await http.get(path)).status_code in (403, 404), path


async def test_other_methods_are_refused(app: Litestar, one: Stage) -> None:
    known: dict[str, set[str]] = {}
    for door in doors(app):
        known.setdefault(door.path, set()).add(door.method)
    overridden = {"X-HTTP-Method-Override": "GET", "X-Method-Override": "GET"}
    async with httpx.AsyncClient(base_url=one.node.url, timeout=30) as http:
        for path, methods in known.items():
            for method in {"GET", *UNSAFE, "TRACE", "PROPFIND"} - methods:
                answer = await http.request(method, path, headers=overridden)
                assert answer.status_code in (401, 403, 404, 405), f"{method} {path}: {answer.status_code}"


async def test_a_visitor_is_no_agent_and_an_agent_no_visitor(app: Litestar, one: Stage) -> None:
    visitor, agent = await one.newcomer(), one.world.sol.token
    async with httpx.AsyncClient(base_url=one.node.url, timeout=30) as http:
        for door in api_doors(app):
            if door.who.kind == "agent":
                cookie = f"__Host-alongside={visitor}"
                answer = await knock(http, door, Authorization=f"Bearer {visitor}", Cookie=cookie)
                assert answer.status_code == 401, f"{door}: {answer.text}"
            if door.who.kind == "visitor":
                cookie = f"__Host-alongside={agent}"
                answer = await knock(http, door, Authorization=f"Bearer {agent}", Cookie=cookie)
                assert answer.status_code == 401, f"{door}: {answer.text}"


async def test_permissions_are_needed_and_suffice(app: Litestar, one: Stage) -> None:
    """Whoever lacks only what the route names is refused; whoever has just that is not, for want of rights."""
    guarded = [door for door in api_doors(app) if door.who.permission]
    permissions = sorted({str(door.who.permission) for door in guarded})
    assert len(permissions) > 3
    for permission in permissions:
        has, lacks = await one.hire([permission]), await one.hire([each for each in permissions if each != permission])
        async with one.console(has) as allowed, one.console(lacks) as refused:
            for door in (door for door in guarded if door.who.permission == permission):
                path = door.path.removeprefix("/api/v1")
                answer = await refused.request(door.method, path, content=b"{}" if door.method in UNSAFE else b"")
                assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted"), f"{door}: {answer.text}"
                answer = await allowed.request(door.method, path, json={})
                assert answer.status_code not in (401, 403), f"{door}: {answer.text}"
                assert answer.status_code < 500, f"{door}: {answer.text}"


async def test_changes_need_the_proof_of_our_page(app: Litestar, one: Stage) -> None:
    async with one.console(one.world.sol) as http:
        for door in api_doors(app):
            if door.who.kind == "agent" and door.method in UNSAFE:
                for spoiled in ({"X-CSRF-Token": ""}, {"X-CSRF-Token": "0" * 64}, {"Origin": "https://evil.test"}):
                    path = door.path.removeprefix("/api/v1")
                    answer = await http.request(door.method, path, json={}, headers=spoiled)
                    assert answer.status_code == 403, f"{door} with {spoiled}: {answer.text}"


# ---- frames

AGENT_FRAMES: dict[str, dict[str, Any]] = {
    "hello": {"csrf": "x"},
    "open": {"conversation_id": str(uuid4())},
    "leave": {"conversation_id": str(uuid4())},
    "send": {"conversation_id": str(uuid4()), "client_id": str(uuid4()), "text": "x"},
    "note": {"conversation_id": str(uuid4()), "client_id": str(uuid4()), "text": "x"},
    "typing": {"conversation_id": str(uuid4()), "on": True},
    "seen": {"conversation_id": str(uuid4()), "seq": 1},
    "looking": {"conversation_id": str(uuid4())},
}
VISITOR_FRAMES: dict[str, dict[str, Any]] = {
    "hello": {"channel": "unknown-channel"},
    "resume": {"position": {"epoch": "x", "seq": 0}},
    "send": {"client_id": str(uuid4()), "text": "x"},
    "typing": {"on": True},
    "marks": {"delivered": 1, "seen": 1},
    "page": {"visit": {}},
}


def tags(union: Any) -> set[str]:
    return {str(kind.__struct_config__.tag) for kind in typing.get_args(union)}


def test_every_frame_is_tried() -> None:
    assert tags(AgentFrame) == AGENT_FRAMES.keys(), "a new frame needs a line here"
    assert tags(VisitorFrame) == VISITOR_FRAMES.keys(), "a new frame needs a line here"


async def test_no_frame_counts_before_the_greeting(one: Stage) -> None:
    for door, frames in (("/api/v1/console/socket", AGENT_FRAMES), ("/api/v1/widget/socket", VISITOR_FRAMES)):
        for kind, fields in frames.items():
            url = one.node.url.replace("http", "ws") + door
            async with connect(url, additional_headers={"Origin": ORIGIN}, proxy=None) as socket:
                await socket.send(json.dumps({"type": kind, **fields}))
                with pytest.raises(ConnectionClosed):
                    await socket.recv()
            assert socket.close_code == (4400 if kind != "hello" else 4401 if "csrf" in fields else 4409), kind


async def test_no_frame_counts_without_a_token(one: Stage) -> None:
    async with one.visitor(None) as tab:
        for kind, fields in VISITOR_FRAMES.items():
            told = len(tab.of_type("error"))
            await tab.say({"type": kind, **fields})
            await tab.until(lambda: len(tab.of_type("error")) > told)  # noqa: B023
            assert tab.of_type("error")[-1]["code"] == "visitor-token-needed"


async def test_frames_ask_for_the_permissions_that_routes_ask_for(one: Stage) -> None:
    """Whoever may not reply by HTTP may not by the socket either, nor be seen typing."""
    token = await one.newcomer()
    powerless = await one.hire([])
    async with one.visitor(token) as tab, one.agent(powerless) as console:
        await tab.send("hello")
        conversation_id = await one.conversation_of(token)
        await console.open(conversation_id)
        for write in (console.send, console.note):
            with pytest.raises(Refused) as refusal:
                await write(conversation_id, "I may not")
            assert refusal.value.code == "not-permitted"
        await console.say({"type": "typing", "conversation_id": str(conversation_id), "on": True})
        async with one.agent(one.world.ada) as ada:
            await ada.send(conversation_id, "I may")
        await tab.until(lambda: tab.log.last == 2)
        assert not tab.of_type("team_typing")
