"""A visitor wrote before they signed in: what waits for an answer goes along, what was answered stays with a link."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.files.media import wav
from tests.harness.stage import Stage
from tests.harness.until import until
from tests.security.test_identity import Site, identify, new_site


@pytest.fixture
async def site(one: Stage) -> Site:
    return await new_site(one)


async def newcomer(stage: Stage, site: Site, *texts: str) -> str:
    """The token of somebody anonymous who wrote these."""
    async with stage.http() as http:
        token = str((await http.post("/widget/visitors", json={"channel": site.key})).json()["token"])
    await say(stage, token, *texts)
    return token


async def say(stage: Stage, token: str, *texts: str) -> None:
    async with stage.widget(token) as http:
        for text in texts:
            answer = await http.post("/conversation/messages", json={"client_id": str(uuid4()), "text": text})
            assert answer.status_code == 201, answer.text


async def texts_of(stage: Stage, token: str) -> list[str]:
    async with stage.widget(token) as http:
        return [each["text"] for each in (await http.get("/conversation")).json()["messages"]]


async def as_agents_see(stage: Stage, conversation_id: UUID) -> httpx.Response:
    async with stage.console(stage.world.ada) as http:
        return await http.get(f"/conversations/{conversation_id}")


async def recognised(stage: Stage, site: Site, bearer: str) -> str:
    answer = await identify(stage, site, site.sign(site.claims(name="Ada Berglund")), bearer)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])


@pytest.fixture
async def known(one: Stage, site: Site) -> str:
    """The customer has a history already, from another device."""
    token = (await identify(one, site, site.sign(site.claims()))).json()["token"]
    await say(one, token, "From my phone, last week")
    return str(token)


async def test_what_waits_for_an_answer_goes_along(one: Stage, site: Site, known: str) -> None:
    token = await newcomer(one, site, "Is it in stock?", "The green one")
    old = await one.conversation_of(token)
    mine = await recognised(one, site, token)
    told = ["From my phone, last week", "Is it in stock?", "The green one"]
    assert await texts_of(one, mine) == told == await texts_of(one, known)
    left = (await as_agents_see(one, old)).json()
    assert (left["row"]["status"], left["row"]["unread_count"]) == ("done", 0)
    line = left["entries"][-1]
    assert (line["kind"], line["name"], line["status"]) == ("identified", "Ada Berglund", "done")
    there = (await as_agents_see(one, line["conversation_id"])).json()
    assert (there["row"]["status"], there["row"]["preview"]) == ("unread", "The green one")


async def test_files_go_along(one: Stage, site: Site, known: str) -> None:
    token = await newcomer(one, site)
    async with one.widget(token) as http:
        begun = (await http.post("/uploads", json={"name": "voice.wav", "bytes": len(wav())})).json()
        await http.patch(f"/uploads/{begun['id']}", params={"offset": 0}, content=wav())
        body = {"client_id": str(uuid4()), "text": "", "attachments": [begun["id"]]}
        assert (await http.post("/conversation/messages", json=body)).status_code == 201
    mine = await recognised(one, site, token)
    async with one.widget(mine) as http:
        (file,) = (await http.get("/conversation")).json()["messages"][-1]["attachments"]
        assert (file["name"], file["id"] == begun["id"]) == ("voice.wav", False)
        (link,) = (await http.post("/attachments/links", json={"ids": [file["id"], begun["id"]]})).json()["links"]
    async with httpx.AsyncClient(base_url=one.node.url) as http:
        assert (await http.get(link["url"])).content == wav()


async def test_what_a_colleague_has_answered_stays_with_a_link(one: Stage, site: Site, known: str) -> None:
    token = await newcomer(one, site, "Is it in stock?")
    old = await one.conversation_of(token)
    async with one.console(one.world.ada) as http:
        await http.post(f"/conversations/{old}/messages", json={"client_id": str(uuid4()), "text": "It is"})
    mine = await recognised(one, site, token)
    assert await texts_of(one, mine) == ["From my phone, last week"]
    left = (await as_agents_see(one, old)).json()
    assert (left["row"]["status"], left["entries"][-1]["status"]) == ("unresolved", None)
    assert left["entries"][-1]["conversation_id"] == str(await one.conversation_of(mine))


async def test_another_customers_words_stay_theirs(one: Stage, site: Site, known: str) -> None:
    """Two customers, one browser: who signs in second does not get what the first one wrote."""
    other = str((await identify(one, site, site.sign(site.claims(sub="customer-2")))).json()["token"])
    await say(one, other, "My secret")
    mine = await recognised(one, site, other)
    assert "My secret" not in await texts_of(one, mine)


async def test_who_is_new_to_us_keeps_the_conversation(one: Stage, site: Site) -> None:
    token = await newcomer(one, site, "Is it in stock?")
    old = await one.conversation_of(token)
    mine = await recognised(one, site, token)
    assert await texts_of(one, mine) == ["Is it in stock?"]
    left = (await as_agents_see(one, old)).json()
    assert (left["row"]["status"], left["entries"][-1]["conversation_id"]) == ("unread", None)


@pytest.mark.parametrize("before", ["done", "unread"])
async def test_who_waits_in_the_queue_waits_on(one: Stage, site: Site, known: str, before: str) -> None:
    """Whoever signs in while they wait is not sent to its end, nor forgotten where their conversation was open."""
    there = await one.conversation_of(known)
    body = {"kind": "routing", "actions": [{"kind": "queue", "minutes": 30}]}
    wanted = {"name": "All wait", "state": "on", "conditions": {"kind": "group", "of": []}, "body": body}
    async with one.console(one.world.sol) as http:
        assert (await http.put(f"/conversations/{there}/status", json={"status": before})).is_success
        rule_id = (await http.post("/rules/routing", json=wanted)).json()["id"]
        first = await newcomer(one, site, "Is it in stock?")
        here = await one.conversation_of(first)
        await until(lambda: waits(http, here))
        second = await one.conversation_of(await newcomer(one, site, "And I?"))
        await until(lambda: waits(http, here, second))
        since = (await queue(http))[0]["since"]
        await recognised(one, site, first)
        await until(lambda: waits(http, there, second))
        assert (await queue(http))[0]["since"] == since
        assert (await http.delete(f"/rules/routing/{rule_id}")).is_success
        await until(lambda: waits(http))


async def queue(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = (await http.get("/routing/queue")).json()["entries"]
    return entries


async def waits(http: httpx.AsyncClient, *conversation_ids: UUID) -> bool:
    """Exactly these, in this order."""
    return [each["row"]["id"] for each in await queue(http)] == [str(each) for each in conversation_ids]
