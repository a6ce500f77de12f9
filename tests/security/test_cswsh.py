"""P25 at the sockets: a page of another site opens neither, and the cookie alone opens nothing."""

from __future__ import annotations

import json

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from alongside.platform.auth.tokens import csrf_of
from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage

AGENTS = "/api/v1/console/socket"
VISITORS = "/api/v1/widget/socket"

FOREIGN = [
    "null",
    "https://evil.test",
    "https://localhost:8400",  # another scheme
    "http://localhost:8401",  # another port
    "http://localhost",
    "http://chat.localhost:8400",  # a sibling
    "http://localhost:8400.evil.test",  # ours as a prefix
    "http://evil-localhost:8400",  # ours as a suffix
    "http://localhost:8400@evil.test",
    "http://LOCALHOST:8400",  # no browser sends this
    "http://localhost:8400/",
    "http://localhost:8400, https://evil.test",
    "",
    "file://",
]


async def handshake(stage: Stage, door: str, origin: str | None, cookie: str = "") -> int:
    """101 where the door opens, else the status of the refusal."""
    headers = ({"Origin": origin} if origin is not None else {}) | ({"Cookie": cookie} if cookie else {})
    try:
        async with connect(stage.node.url.replace("http", "ws") + door, additional_headers=headers, proxy=None):
            return 101
    except InvalidStatus as refusal:
        return refusal.response.status_code


@pytest.mark.parametrize("origin", [*FOREIGN, None])
async def test_agents_door_opens_to_our_own_page_alone(one: Stage, origin: str | None) -> None:
    cookie = f"__Host-alongside={one.world.ada.token}"
    assert await handshake(one, AGENTS, origin, cookie) == 403
    assert await handshake(one, AGENTS, ORIGIN, cookie) == 101


@pytest.mark.parametrize("origin", FOREIGN)
async def test_visitors_door_refuses_foreign_pages(one: Stage, origin: str) -> None:
    """The panel is our own page, whatever site frames it. Programs that are no browsers send no Origin."""
    assert await handshake(one, VISITORS, origin) == 403
    assert await handshake(one, VISITORS, ORIGIN) == 101
    assert await handshake(one, VISITORS, None) == 101


async def test_two_origins_are_none(one: Stage) -> None:
    headers = [("Origin", ORIGIN), ("Origin", "https://evil.test")]
    for pair in (headers, headers[::-1]):
        with pytest.raises(InvalidStatus):
            async with connect(one.node.url.replace("http", "ws") + AGENTS, additional_headers=pair, proxy=None):
                pass


@pytest.mark.parametrize("csrf", ["", "x", "0" * 64, None])
async def test_the_cookie_alone_opens_nothing(one: Stage, csrf: str | None) -> None:
    cookie = {"Cookie": f"__Host-alongside={one.world.ada.token}", "Origin": ORIGIN}
    hello = {"type": "hello"} | ({"csrf": csrf} if csrf is not None else {})
    assert await ends(one, cookie, hello) == (4403 if csrf is not None else 4400)


async def test_the_proof_of_another_session_opens_nothing(one: Stage) -> None:
    cookie = {"Cookie": f"__Host-alongside={one.world.ada.token}", "Origin": ORIGIN}
    assert await ends(one, cookie, {"type": "hello", "csrf": csrf_of(one.world.ben.token)}) == 4403
    proof = {"type": "hello", "csrf": csrf_of(one.world.ada.token)}
    assert await ends(one, {"Origin": ORIGIN}, proof) == 4401
    assert await ends(one, {"Origin": ORIGIN, "Cookie": "__Host-alongside=" + "A" * 43}, proof) == 4401


async def test_secrets_in_the_address_open_nothing(one: Stage) -> None:
    ada = one.world.ada.token
    for query in (f"?token={ada}&csrf={csrf_of(ada)}", f"?session={ada}", f"?__Host-alongside={ada}"):
        url = one.node.url.replace("http", "ws") + AGENTS + query
        async with connect(url, additional_headers={"Origin": ORIGIN}, proxy=None) as socket:
            await socket.send(json.dumps({"type": "hello", "csrf": csrf_of(ada)}))
            with pytest.raises(ConnectionClosed):
                await socket.recv()
        assert socket.close_code == 4401


async def ends(stage: Stage, headers: dict[str, str], hello: dict[str, str]) -> int | None:
    """The code with which the agents' door closes after this hello."""
    url = stage.node.url.replace("http", "ws") + AGENTS
    async with connect(url, additional_headers=headers, proxy=None) as socket:
        await socket.send(json.dumps(hello))
        with pytest.raises(ConnectionClosed):
            await socket.recv()
    return socket.close_code
