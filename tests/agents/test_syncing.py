"""Agents kept in step with another system: made, changed, sent away, and never given more than its key may give."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from alongside.domains.integrations.scopes import SCOPES
from tests.integrations.program import Program, made
from tests.world import AGENT, COLLEAGUE, PASSWORD, Browser, World, make_role

SYNC = ("read", "agents.manage", *AGENT)


@pytest.fixture
async def program(browser: Browser, world: World) -> Program:
    return (await made(browser, world, *SYNC))[0]


@pytest.fixture
async def role_id(world: World) -> UUID:
    return await make_role(world.database, "Shop", COLLEAGUE)


def walter(role_id: UUID, **more: object) -> dict[str, Any]:
    return {"email": "walter@shop.test", "display_name": "Walter", "role_id": str(role_id), **more}


async def put(program: Program, body: object, external_id: str = "hr-42") -> dict[str, Any]:
    answer = await program.call("PUT", f"/agents/external/{external_id}", body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_agent_is_made_changed_and_sent_away(
    program: Program, browser: Browser, world: World, role_id: UUID
) -> None:
    team = (await browser.be(world.sol).post("/teams", {"name": "Shop", "member_ids": []})).json()["id"]
    whole = walter(role_id, team_ids=[team], tags=["French"], chat_limit=3, area="both", password=PASSWORD)
    made_now = await put(program, whole)
    agent = made_now["agent"]
    assert (made_now["created"], made_now["external_id"]) == (True, "hr-42")
    assert (agent["team_ids"], agent["tags"], agent["chat_limit"], agent["area"]) == ([team], ["French"], 3, "both")

    world.facts.clear()
    before = await audited(world)
    again = await put(program, whole)
    assert (again["created"], again["agent"]) == (False, agent)
    assert await audited(world) == before, "a repeat is no deed"

    changed = await put(program, {"display_name": "Walter W.", "tags": ["French", "Returns"], "team_ids": []})
    assert (changed["agent"]["id"], changed["agent"]["email"]) == (agent["id"], "walter@shop.test")
    assert (changed["agent"]["display_name"], changed["agent"]["team_ids"]) == ("Walter W.", [])
    assert len(await audited(world)) == len(before) + 1

    listed = (await program.get("/agents/external")).json()
    assert listed == [{"external_id": "hr-42", "agent_id": agent["id"], "active": True}]
    assert (await browser.sign_in("walter@shop.test")).status_code == 200
    assert (await browser.get("/session")).status_code == 200
    cookies = dict(browser.client.cookies)
    gone = await put(program, {"active": False})
    assert gone["agent"]["active"] is False
    browser.client.cookies.update(cookies)
    assert (await browser.get("/session")).status_code == 401, "sessions end at once"
    assert (await put(program, {"active": False}))["agent"]["active"] is False
    back = await put(program, {"active": True})
    assert back["agent"]["active"] is True
    for _ in range(2):
        left = await program.call("DELETE", "/agents/external/hr-42")
        assert (left.status_code, left.json()["active"]) == (200, False)


async def audited(world: World) -> list[str]:
    async with world.database.reading() as reading:
        return [row["type"] for row in await reading.rows("SELECT type FROM audit_entry ORDER BY id")]


async def test_who_is_there_already_is_known_by_their_address(program: Program, world: World) -> None:
    linked = await put(program, {"email": world.ben.email.upper(), "active": True})
    assert (linked["created"], linked["agent"]["id"]) == (False, str(world.ben.id))
    refused = await program.call("PUT", "/agents/external/another", {"email": world.ben.email})
    assert (refused.status_code, refused.json()["code"]) == (409, "known-otherwise")


async def test_two_at_once_make_one(program: Program, role_id: UUID) -> None:
    answers = await asyncio.gather(*(put(program, walter(role_id)) for _ in range(4)))
    assert sorted(each["created"] for each in answers) == [False, False, False, True]
    assert len({each["agent"]["id"] for each in answers}) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"display_name": "Walter"}, "agent-incomplete"),
        ({"email": "nobody", "display_name": "W", "role_id": "role"}, "email-malformed"),
        ({"email": "w@shop.test", "display_name": "W", "role_id": "role", "password": "short"}, "password-too-short"),
        ({"email": "w@shop.test", "display_name": "W", "role_id": "00000000-0000-4000-8000-000000000001"},
         "no-such-role"),
        ({"email": "w@shop.test", "display_name": "W", "role_id": "role",
          "team_ids": ["00000000-0000-4000-8000-000000000001"]}, "no-such-team"),
    ],
)  # fmt: skip
async def test_what_makes_nobody(program: Program, role_id: UUID, body: dict[str, Any], code: str) -> None:
    sent = {**body, "role_id": str(role_id)} if body.get("role_id") == "role" else body
    answer = await program.call("PUT", "/agents/external/hr-42", sent)
    assert answer.json()["code"] == code
    assert (await program.get("/agents/external")).json() == []
    assert (await program.call("DELETE", "/agents/external/hr-42")).status_code == 404


async def test_a_key_gives_no_more_than_it_holds(browser: Browser, world: World, role_id: UUID) -> None:
    """P24: not by making an agent, not by changing one, not by taking over who may more."""
    program, _ = await made(browser, world, *SYNC)
    admin = (await browser.be(world.sol).get("/session")).json()["me"]["role"]["id"]
    more = str(await make_role(world.database, "More", [*COLLEAGUE, "audit.read"]))
    for role in (admin, more):
        body = walter(role_id) | {"role_id": role}
        refused = await program.call("PUT", "/agents/external/hr-42", body)
        assert refused.status_code == 403 and "Choose another role" in refused.json()["message"]
    await put(program, walter(role_id))
    assert (await program.call("PUT", "/agents/external/hr-42", {"role_id": more})).status_code == 403
    for taken in ({"email": world.sol.email}, {"email": world.sol.email, "active": False}):
        assert (await program.call("PUT", "/agents/external/boss", taken)).status_code == 403
    everything, _ = await made(browser, world, *SCOPES)
    assert (await everything.call("PUT", "/agents/external/boss", {"email": world.sol.email})).status_code == 403
    weak, _ = await made(browser, world, "read", *COLLEAGUE)
    assert (await weak.call("PUT", "/agents/external/hr-42", {"active": False})).status_code == 403
    assert (await weak.get("/agents/external")).status_code == 403


async def test_a_key_does_no_more_than_its_maker_still_may(browser: Browser, world: World, role_id: UUID) -> None:
    program, _ = await made(browser, world, *SYNC)
    assert (await program.get("/agents/external")).status_code == 200
    async with world.database.work() as work:
        await work.run("UPDATE agent SET role_id = $2 WHERE id = $1", world.sol.id, role_id)
    refused = await program.get("/agents/external")
    assert (refused.status_code, refused.json()["details"]) == (403, {"scope": "agents.manage"})
    assert (await program.get("/conversations")).status_code == 200
