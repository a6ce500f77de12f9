"""P03: one client id, one row, one number in every answer: in parallel, by every door, later, and after a restart."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from alongside.kit.ids import new_client_id
from tests.harness.client import Refused
from tests.harness.journal import Journal
from tests.harness.stage import Stage


async def post(stage: Stage, token: str, url: str, client_id: UUID, text: str) -> tuple[int, int | str]:
    """By HTTP: the status and the number, or the code of the refusal."""
    async with stage.widget(token, url) as http:
        answer = await http.post("/conversation/messages", json={"client_id": str(client_id), "text": text})
    body = answer.json()
    return answer.status_code, body["message"]["seq"] if answer.status_code == 201 else body["code"]


async def test_in_parallel_by_every_door(deployed: Stage) -> None:
    journal = deployed.begin()
    token, client_id = await deployed.newcomer(), new_client_id()
    tabs = [deployed.visitor(token, url, name=f"tab at {url}") for url in deployed.urls]
    for tab in tabs:
        tab.start()
        await tab.until(lambda tab=tab: tab.settled)  # type: ignore[misc]
    by_http = [post(deployed, token, deployed.urls[n % len(deployed.urls)], client_id, "once") for n in range(12)]
    answers = await asyncio.gather(*by_http, *(tab.send("once", client_id) for tab in tabs))
    numbers = {answer[1] if isinstance(answer, tuple) else answer["seq"] for answer in answers}
    assert numbers == {1}
    assert {answer[0] for answer in answers if isinstance(answer, tuple)} == {201}
    for tab in tabs:
        await tab.stop()
    assert [text for _, _, text in deployed.entries(await deployed.conversation_of(token))] == ["once"]
    journal.acked(client_id, 1, "once")
    journal.check(deployed.database_url)


async def test_other_content_is_refused_by_every_door(deployed: Stage) -> None:
    token, client_id = await deployed.newcomer(), new_client_id()
    own = Journal()
    async with deployed.visitor(token) as visitor, deployed.agent(deployed.world.ada, journal=own) as ada:
        await visitor.send("this", client_id)
        with pytest.raises(Refused) as refusal:
            await visitor.send("that", client_id)
        assert refusal.value.code == "client-id-reused"
        assert await post(deployed, token, deployed.urls[-1], client_id, "that") == (409, "client-id-reused")
        assert await post(deployed, token, deployed.urls[-1], client_id, "this") == (201, 1)
        conversation_id = await deployed.conversation_of(token)
        # Ids belong to their sender: the same one from somebody else is another message.
        entry = await ada.send(conversation_id, "this", client_id=client_id)
        assert entry["seq"] == 2
        with pytest.raises(Refused) as refusal:
            await ada.note(conversation_id, "this", client_id=client_id)
        assert refusal.value.code == "client-id-reused"
    assert [text for _, _, text in deployed.entries(conversation_id)] == ["this", "this"]


async def test_a_month_later(deployed: Stage) -> None:
    token, client_id = await deployed.newcomer(), new_client_id()
    async with deployed.visitor(token) as visitor:
        await visitor.send("once", client_id)
        conversation_id = await deployed.conversation_of(token)
        past = "- interval '30 days'"
        deployed.sql(f"UPDATE entry SET at = at {past} WHERE conversation_id = %s", conversation_id)
        deployed.sql(
            f"UPDATE conversation SET last_message_at = last_message_at {past}, created_at = created_at {past}, "
            f"waiting_since = waiting_since {past} WHERE id = %s",
            conversation_id,
        )
        assert (await visitor.send("once", client_id))["seq"] == 1
        assert await post(deployed, token, deployed.urls[-1], client_id, "once") == (201, 1)
    assert len(deployed.entries(conversation_id)) == 1


async def test_after_a_restart(fragile: Stage) -> None:
    journal = fragile.begin()
    token, client_id = await fragile.newcomer(), new_client_id()
    async with fragile.visitor(token, fragile.urls[0]) as visitor:
        await visitor.send("once", client_id)
        await fragile.node.again()
        await visitor.until(lambda: visitor.connections > 1 and visitor.live)
        assert (await visitor.send("once", client_id))["seq"] == 1
    assert await post(fragile, token, fragile.urls[-1], client_id, "other") == (409, "client-id-reused")
    journal.check(fragile.database_url)
