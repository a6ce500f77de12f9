"""What a visitor is writing: shown to agents only where the channel wants that, to who may see it, and never kept."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from alongside.kit.ids import new_client_id
from tests.console.test_sight_live import give, narrow
from tests.harness.client import Client
from tests.harness.clients import AgentClient
from tests.harness.stage import Stage
from tests.security.payloads import PAYLOADS


async def switch(stage: Stage, *, on: bool) -> None:
    async with stage.console(stage.world.sol) as http:
        body = {"settings": {"around": {"typing_preview": on}}}
        answer = await http.patch(f"/channels/{stage.world.site.id}", json=body)
        assert answer.status_code == 200, answer.text


@asynccontextmanager
async def shown(stage: Stage) -> AsyncIterator[None]:
    """On, and off again: the stage is everybody's."""
    await switch(stage, on=True)
    try:
        yield
    finally:
        await switch(stage, on=False)


def previews(client: AgentClient, conversation_id: UUID) -> list[str]:
    frames = client.of_type("visitor_preview")
    return [frame["text"] for frame in frames if frame["conversation_id"] == str(conversation_id)]


def everything(stage: Stage) -> str:
    """All rows of all tables, as one text."""
    tables = stage.sql("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
                       "AND table_type = 'BASE TABLE'")  # fmt: skip
    return json.dumps([stage.sql(f'SELECT t::text FROM "{name}" t') for (name,) in tables])


def heard(client: Client) -> str:
    return json.dumps([frame for _, frame in client.frames])


async def test_where_it_is_off_nothing_is_passed_on(deployed: Stage) -> None:
    token, secret = await deployed.newcomer(), f"not for you {new_client_id()}"
    async with deployed.visitor(token, deployed.urls[0]) as visitor, deployed.agent(deployed.world.ada) as ada:
        await visitor.send("hello")
        conversation_id = await deployed.conversation_of(token)
        await ada.open(conversation_id)
        await visitor.say({"type": "typing", "on": True, "text": secret})
        await ada.until(lambda: bool(ada.of_type("visitor_typing")))
        await visitor.send("after it")
        await ada.until(lambda: ada.logs[str(conversation_id)].last == 2)
        assert previews(ada, conversation_id) == []
        assert secret not in heard(ada)


async def test_where_it_is_on_who_has_it_open_sees_it(deployed: Stage) -> None:
    cast, token, other_token = deployed.world, await deployed.newcomer(), await deployed.newcomer()
    mark = str(new_client_id())
    long = f"{mark} {'x' * 5_000} the end"
    olga = await narrow(deployed, "own")
    async with (
        shown(deployed),
        deployed.visitor(token, deployed.urls[0]) as visitor,
        deployed.visitor(other_token, deployed.urls[-1]) as other,
        deployed.agent(cast.ada, deployed.urls[-1]) as ada,
        deployed.agent(cast.ben, deployed.urls[-1]) as ben,
        deployed.agent(olga, deployed.urls[-1]) as out_of_sight,
    ):
        look = await visitor_look(deployed)
        assert (look["typing_preview"], look["around"]) == (True, True)
        await visitor.send("hello")
        conversation_id = await deployed.conversation_of(token)
        await give(deployed, conversation_id, olga)
        await out_of_sight.open(conversation_id)
        await give(deployed, conversation_id, cast.ada)
        await ada.open(conversation_id)
        for text in (f"{mark} I would like", long, *PAYLOADS[:3]):
            await visitor.say({"type": "typing", "on": True, "text": text})
        await ada.until(lambda: len(previews(ada, conversation_id)) == 5)
        first, cut, *nasty = previews(ada, conversation_id)
        assert first == f"{mark} I would like"
        assert len(cut) == 1_000
        assert cut.endswith("the end")
        assert nasty == [text.strip() for text in PAYLOADS[:3]]
        await visitor.say({"type": "typing", "on": False, "text": f"{mark} gone"})
        await ada.until(lambda: previews(ada, conversation_id)[-1] == "")
        await visitor.send("goodbye")
        await ben.until(lambda: ben.rows.get(str(conversation_id), {}).get("preview") == "goodbye")
        # Ben sees the row and has it not open; Olga may not see it any more; visitors are told nothing of each other.
        for client in (ben, out_of_sight, other):
            assert mark not in heard(client)
        assert mark not in everything(deployed)


async def visitor_look(stage: Stage) -> dict[str, object]:
    async with stage.http() as http:
        answer = await http.get(f"/widget/channels/{stage.world.site.key}")
        look: dict[str, object] = answer.json()
        return look
