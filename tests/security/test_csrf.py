"""P25 over HTTP: a page of another site cannot act for an agent who is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from alongside.app import create_app
from alongside.platform.auth.tokens import csrf_of
from alongside.platform.web.who import SAFE_METHODS, Who
from tests.world import ORIGIN, PASSWORD, Browser, World, make_config, sign_in

FOREIGN = [
    "null",
    "https://evil.test",
    "http://chat.test",
    "https://chat.test:8443",
    "https://chat.test.evil.test",
    "https://evilchat.test",
    "https://shop.chat.test",
    "https://CHAT.test",
]


FILLED = {"uuid": str(uuid4()), "int": "1"}


def changing_routes(app: Litestar) -> Iterator[tuple[str, str]]:
    """Method and path (with ids filled in) of everything that an agent can change."""
    for route in app.routes:
        for handler in getattr(route, "route_handlers", []):
            wanted = handler.opt.get("who")
            if not isinstance(handler, HTTPRouteHandler) or not isinstance(wanted, Who) or wanted.kind != "agent":
                continue
            path = route.path.removeprefix("/api/v1")
            for component in route.path_components:
                if not isinstance(component, str):
                    path = path.replace(f"{{{component.full}}}", FILLED.get(component.full.partition(":")[2], "k1"))
            yield from ((method, path) for method in handler.http_methods - SAFE_METHODS)


async def test_no_change_without_the_proof_of_our_page(world: World, browser: Browser) -> None:
    assert world.config.database_url is not None
    routes = sorted(changing_routes(create_app(world.config)))
    assert len(routes) >= 25
    before = await checksum(world)
    for proof in (None, "", "0" * 64, csrf_of(world.ben.token)):
        browser.be(world.sol)
        browser.csrf = proof
        for method, path in routes:
            answer = await browser.call(method, path)
            assert (answer.status_code, answer.json()["code"]) == (403, "csrf"), (method, path)
    assert await checksum(world) == before


async def test_no_change_from_another_origin_even_with_the_proof(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    before = await checksum(world)
    for origin in FOREIGN:
        for method, path in (("POST", "/teams"), ("DELETE", "/session"), ("PUT", "/me/online")):
            answer = await browser.call(method, path, headers={"origin": origin}, json={"name": "x", "online": True})
            assert (answer.status_code, answer.json()["code"]) == (403, "foreign-origin"), origin
    assert await checksum(world) == before


async def test_the_proof_alone_is_no_key(world: World, browser: Browser) -> None:
    browser.csrf = csrf_of(world.sol.token)
    assert (await browser.post("/teams", {"name": "x"})).status_code == 401


async def test_nobody_is_signed_in_by_another_site(world: World, browser: Browser) -> None:
    body = {"email": "ada@shop.test", "password": PASSWORD}
    for headers in (
        *({"origin": origin} for origin in FOREIGN),
        {"origin": None, "sec-fetch-site": "cross-site"},
        {"origin": None, "sec-fetch-site": "same-site"},
    ):
        answer = await browser.call("POST", "/session", json=body, headers=headers)
        assert answer.status_code == 403, headers
        assert "set-cookie" not in answer.headers
    form = await browser.call(
        "POST", "/session", content=b'{"email":"ada@shop.test","password":"', headers={"content-type": "text/plain"}
    )
    assert form.status_code in (400, 415, 422)
    assert (await browser.call("POST", "/session", json=body, headers={"origin": None})).status_code == 200


@pytest.mark.parametrize("path", ["/me/online", "/teams", "/session", "/sessions", "/agents"])
async def test_no_method_is_smuggled_in(world: World, browser: Browser, path: str) -> None:
    browser.be(world.sol)
    before = await checksum(world)
    await browser.call("GET", f"{path}?_method=DELETE", headers={"x-http-method-override": "DELETE"})
    await browser.call("GET", path, content=b'{"name": "x", "online": true}')
    assert await checksum(world) == before


async def test_foreign_pages_get_no_permission_to_read(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    for method in ("GET", "OPTIONS"):
        answer = await browser.call(
            method,
            "/agents",
            headers={
                "origin": "https://evil.test",
                "access-control-request-method": "POST",
                "access-control-request-headers": "x-csrf-token",
            },
        )
        assert "access-control-allow-origin" not in answer.headers
        assert "access-control-allow-credentials" not in answer.headers


async def test_a_foreign_host_name_gets_no_session_from_ours(world: World, browser: Browser) -> None:
    body = {"email": "ada@shop.test", "password": PASSWORD}
    answer = await browser.call("POST", "/session", json=body, headers={"host": "evil.test", "origin": ORIGIN})
    assert "domain" not in answer.headers["set-cookie"].lower()
    answer = await browser.call(
        "POST", "/session", json=body, headers={"host": "evil.test", "origin": "https://evil.test"}
    )
    assert answer.status_code == 403


async def test_the_proof_changes_with_the_session(world: World) -> None:
    again = await sign_in(world.config, world.database, "ada@shop.test")
    assert csrf_of(again.token) != csrf_of(world.ada.token)


def test_no_agents_route_escapes_the_list(tmp_path: object) -> None:
    config = make_config("postgresql://nobody@localhost/none", tmp_path)  # type: ignore[arg-type]
    found = {path.split("/")[1] for _, path in changing_routes(create_app(config))}
    assert {"session", "sessions", "me", "agents", "invitations", "teams", "channels", "conversations"} <= found


async def checksum(world: World) -> str:
    """Of everything a foreign page might want to change."""
    async with world.database.reading() as reading:
        parts = [
            await reading.value(f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t")
            for table in ("agent", "team", "team_member", "channel", "invitation", "role", "conversation", "entry")
        ]
        parts.append(await reading.value("SELECT count(*) FROM session WHERE revoked_at IS NULL"))
    return str(parts)
