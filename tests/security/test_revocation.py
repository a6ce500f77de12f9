"""P23: who is signed out is out, over HTTP at once and on open sockets within two seconds, in every process."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest

from alongside.platform.auth.actor import AgentActor
from alongside.platform.auth.tokens import csrf_of
from tests.harness.client import Refused
from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage
from tests.harness.until import within
from tests.world import PASSWORD, Colleague

SIGNED_OUT = 4401
NEW = "another fine password"

Way = Callable[[Stage, Colleague, Colleague], Awaitable[None]]


async def sign_in(stage: Stage, email: str | None = None, password: str = PASSWORD) -> Colleague:
    """A new session, by the door of some process: of an agent whose sessions may end, unless told otherwise."""
    email = email or (await stage.doomed()).email
    async with stage.http() as http:
        answer = await http.post("/session", json={"email": email, "password": password}, headers={"Origin": ORIGIN})
    assert answer.status_code == 200, answer.text
    token = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
    me = answer.json()["me"]
    actor = AgentActor(me["id"], me["id"], me["display_name"], frozenset(me["permissions"]))
    assert answer.json()["csrf"] == csrf_of(token)
    return Colleague(actor, email, token)


async def session_id(http: httpx.AsyncClient) -> str:
    """Of the browser that asks."""
    found: str = next(row["id"] for row in (await http.get("/sessions")).json() if row["current"])
    return found


async def by_signing_out(stage: Stage, victim: Colleague, _: Colleague) -> None:
    async with stage.console(victim) as http:
        assert (await http.delete("/session")).status_code == 204


async def by_revoking_it_elsewhere(stage: Stage, victim: Colleague, other: Colleague) -> None:
    async with stage.console(victim) as http:
        target = await session_id(http)
    async with stage.console(other) as http:
        assert (await http.delete(f"/sessions/{target}")).status_code == 204


async def by_revoking_all_others(stage: Stage, _: Colleague, other: Colleague) -> None:
    async with stage.console(other) as http:
        assert (await http.delete("/sessions")).status_code == 204


async def by_a_new_password(stage: Stage, _: Colleague, other: Colleague) -> None:
    async with stage.console(other) as http:
        for current, new in ((PASSWORD, NEW), (NEW, PASSWORD)):
            answer = await http.put("/me/password", json={"current": current, "new": new})
            assert answer.status_code == 204, answer.text


async def by_deactivation(stage: Stage, victim: Colleague, _: Colleague) -> None:
    async with stage.console(stage.world.sol) as http:
        for deed in ("deactivate", "reactivate"):
            assert (await http.post(f"/agents/{victim.actor.id}/{deed}")).status_code == 200


async def closing(stage: Stage, way: Way, url: str) -> float:
    """Seconds until the socket of a session that ends in this way is closed. Its HTTP is refused at once."""
    victim, other = await sign_in(stage), await sign_in(stage)
    async with stage.agent(victim, url) as console:
        await way(stage, victim, other)
        took = await console.until(lambda: bool(console.closes), what="the socket closes")
        assert console.closes[0][0] == SIGNED_OUT
    async with stage.console(victim, url) as http:
        assert (await http.get("/session")).status_code == 401
    return took


WAYS = [by_signing_out, by_revoking_it_elsewhere, by_revoking_all_others, by_a_new_password, by_deactivation]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
async def test_sockets_close_within_two_seconds(deployed: Stage, way: Way) -> None:
    bystander = await sign_in(deployed, "ben@shop.test")
    async with deployed.agent(bystander, deployed.urls[-1]) as still_there:
        for url in deployed.urls:
            await within(2, lambda url=url: closing(deployed, way, url))  # type: ignore[misc]
        assert still_there.closes == []


async def test_a_revoked_session_opens_no_socket(deployed: Stage) -> None:
    victim = await sign_in(deployed)
    await by_signing_out(deployed, victim, victim)
    client = deployed.agent(victim)
    client.start()
    await client.until(lambda: bool(client.closes), what="the socket is refused")
    assert client.closes[0][0] == SIGNED_OUT
    assert not client.of_type("welcome")
    await client.stop()


async def test_another_role_takes_effect_on_open_sockets(deployed: Stage) -> None:
    ben = await sign_in(deployed, "ben@shop.test")
    deployed.sql("INSERT INTO role (name, permissions) VALUES ('Reader', '{}') ON CONFLICT DO NOTHING")
    roles = dict(deployed.sql("SELECT name, id::text FROM role"))
    address = f"/agents/{ben.actor.id}"
    async with deployed.agent(ben) as console, deployed.console(deployed.world.sol) as http:
        await console.send(deployed.world.conversation_id, "I may answer")
        assert (await http.patch(address, json={"role_id": roles["Reader"]})).status_code == 200
        await console.until(lambda: console.connections == 2 and console.live, what="the socket comes back")
        with pytest.raises(Refused, match="not-permitted"):
            await console.send(deployed.world.conversation_id, "I may no longer")
        assert (await http.patch(address, json={"role_id": roles["Agent"]})).status_code == 200


@pytest.mark.deep
async def test_what_the_bus_does_not_tell_is_found_out(deployed: Stage) -> None:
    victim = await sign_in(deployed)
    async with deployed.console(victim) as http:
        target = await session_id(http)
    async with deployed.agent(victim) as console:
        deployed.sql("UPDATE session SET revoked_at = now() WHERE id = %s", target)
        await console.until(lambda: bool(console.closes), 35, "the socket closes by the re-check")
        assert console.closes[0][0] == SIGNED_OUT


@pytest.mark.deep
async def test_a_changed_role_that_the_bus_does_not_tell_is_found_out(deployed: Stage) -> None:
    victim = await deployed.hire(["conversations.reply"])
    async with deployed.agent(victim) as console:
        deployed.sql(
            "UPDATE role r SET permissions = '{}' FROM agent a WHERE a.role_id = r.id AND a.id = %s", victim.id
        )
        await console.until(lambda: console.connections == 2 and console.live, 35, "the socket is renewed")
        with pytest.raises(Refused, match="not-permitted"):
            await console.send(deployed.world.conversation_id, "I may no longer")
