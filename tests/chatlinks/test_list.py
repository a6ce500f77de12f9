"""All chat links that hold: who sees which, page by page, with their last use; and who hears that they changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from tests.chatlinks.guest import CRM, SCOPES, Guest, give, make
from tests.harness.stage import Stage
from tests.integrations.program import Program, made
from tests.reliability.acts.scene import barrier
from tests.world import Browser, Colleague, World, make_role


async def listed(program: Program, **asked: str) -> dict[str, Any]:
    answer = await program.get(f"/chat-links?{httpx.QueryParams(asked)}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_the_newest_come_first_page_by_page(browser: Browser, program: Program, world: World) -> None:
    made_ids = [(await make(program, world))["id"] for _ in range(5)]
    first = await listed(program, limit="2")
    second = await listed(program, limit="2", cursor=first["next_cursor"])
    third = await listed(program, limit="2", cursor=second["next_cursor"])
    found = [each["id"] for page in (first, second, third) for each in page["links"]]
    assert found == made_ids[::-1] and third["next_cursor"] is None
    newest = first["links"][0]
    assert (newest["contact_id"], newest["channel_name"]) == (str(world.vera.actor.contact_id), "Green Shop")
    assert (newest["agent_id"], newest["origins"], newest["last_used_at"]) == (str(world.ada.id), [CRM], None)
    assert "#" not in str(first), "no secret"
    refused = await program.get("/chat-links?cursor=mine")
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-cursor")


async def test_its_last_use_is_told_to_the_minute(browser: Browser, program: Program, world: World) -> None:
    guest = Guest(browser, (await make(program, world))["url"])
    assert (await guest.call("GET")).status_code == 200
    used = (await listed(program))["links"][0]["last_used_at"]
    assert used is not None
    assert (await guest.call("GET")).status_code == 200
    assert (await listed(program))["links"][0]["last_used_at"] == used, "within the minute it is not written again"
    async with world.database.work() as work:
        await work.run("UPDATE chat_link SET last_used_at = now() - interval '61 s'")
    assert (await guest.call("GET")).status_code == 200
    assert (await listed(program))["links"][0]["last_used_at"] > used


async def test_what_is_over_is_listed_no_more(browser: Browser, program: Program, world: World) -> None:
    kept, revoked, expired = [(await make(program, world))["id"] for _ in range(3)]
    assert (await program.call("DELETE", f"/chat-links/{revoked}")).status_code == 204
    async with world.database.work() as work:
        await work.run(
            "UPDATE chat_link SET created_at = now() - interval '2 h', expires_at = now() - interval '1 s' "
            "WHERE id = $1",
            UUID(expired),
        )
    assert [each["id"] for each in (await listed(program))["links"]] == [kept]


async def test_who_sees_which_links(browser: Browser, program: Program, world: World) -> None:
    link = await make(program, world)
    refused = await browser.be(world.ada).get("/chat-links")
    assert (refused.status_code, refused.json()["code"]) == (403, "not-permitted")
    reader, _ = await made(browser, world, "read", "conversations.reply")
    assert (await reader.get("/chat-links")).status_code == 403
    await grant(world, world.ben)
    personal, _ = await made(browser, world, *SCOPES, only_of=str(world.ben.id))
    await give(browser, world, world.ada)
    assert await seen(browser, world.ben) == [] and (await listed(personal))["links"] == []
    refused = await browser.be(world.ben).delete(f"/chat-links/{link['id']}")
    assert (refused.status_code, refused.json()["code"]) == (404, "no-such-chat-link")
    await give(browser, world, world.ben)
    assert await seen(browser, world.ben) == [link["id"]]
    assert [each["id"] for each in (await listed(personal))["links"]] == [link["id"]]


async def test_consoles_of_those_who_make_links_hear_of_each(one: Stage) -> None:
    path = f"/contacts/{one.world.vera.actor.contact_id}/chat-links"
    async with one.agent(one.world.sol) as sol, one.agent(one.world.ada) as ada, one.console(one.world.sol) as http:
        link = (await http.post(path, json={})).json()
        await sol.until(lambda: len(sol.of_type("chat_links_changed")) == 1)
        assert (await http.delete(f"/chat-links/{link['id']}")).status_code == 204
        await sol.until(lambda: len(sol.of_type("chat_links_changed")) == 2)
        await barrier(ada)
        assert not ada.of_type("chat_links_changed"), "Ada may make none"


async def grant(world: World, to: Colleague) -> None:
    """A role that makes links, and sees only what its holder has."""
    role_id = await make_role(world.database, "Linker", ["chat_links.manage", "conversations.reply"])
    async with world.database.work() as work:
        await work.run("UPDATE role SET sees = 'own' WHERE id = $1", role_id)
        await work.run("UPDATE agent SET role_id = $2 WHERE id = $1", to.id, role_id)


async def seen(browser: Browser, by: Colleague) -> list[str]:
    answer = await browser.be(by).get("/chat-links")
    assert answer.status_code == 200, answer.text
    return [each["id"] for each in answer.json()["links"]]
