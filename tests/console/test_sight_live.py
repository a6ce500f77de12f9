"""Rows and logs go to the consoles that may see them, and leave those that may no longer, as it happens."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import pytest

from alongside.kit.ids import new_client_id
from tests.harness.client import Refused
from tests.harness.clients import AgentClient
from tests.harness.stage import Stage
from tests.harness.until import within
from tests.reliability.acts.scene import barrier
from tests.world import COLLEAGUE, Colleague

# Ten seconds, and what a busy machine needs.
ONE_ROUND = 15.0


async def narrow(stage: Stage, sees: str) -> Colleague:
    """An agent who sees not everything."""
    colleague = await stage.hire(COLLEAGUE)
    stage.sql("UPDATE role SET sees = %s FROM agent a WHERE a.role_id = role.id AND a.id = %s", sees, colleague.id)
    return colleague


async def give(stage: Stage, conversation_id: UUID, agent: Colleague | None, team_id: str | None = None) -> None:
    async with stage.console(stage.world.sol) as http:
        body = {"agent_id": str(agent.id) if agent else None, "team_id": team_id}
        answer = await http.put(f"/conversations/{conversation_id}/assignment", json=body)
        assert answer.status_code == 200, answer.text


def rows_of(client: AgentClient, conversation_id: UUID) -> list[dict[str, Any]]:
    return [frame for frame in client.of_type("row") if frame["row"]["id"] == str(conversation_id)]


def last_of(client: AgentClient, conversation_id: UUID) -> dict[str, Any]:
    """The conversation's row as it was told last."""
    rows = rows_of(client, conversation_id)
    return dict(rows[-1]["row"]) if rows else {}


def gone(client: AgentClient, conversation_id: UUID) -> list[dict[str, Any]]:
    return [frame for frame in client.of_type("row_gone") if frame["conversation_id"] == str(conversation_id)]


@asynccontextmanager
async def written(stage: Stage, text: str) -> AsyncIterator[tuple[Any, UUID]]:
    token = await stage.newcomer()
    async with stage.visitor(token, stage.urls[0]) as visitor:
        await visitor.send(text)
        yield visitor, await stage.conversation_of(token)


async def test_a_conversation_that_is_given_away_leaves_and_nothing_follows(deployed: Stage) -> None:
    olga = await narrow(deployed, "own")
    async with (
        deployed.agent(olga, deployed.urls[-1]) as console,
        deployed.agent(deployed.world.ben, deployed.urls[-1]) as all_seeing,
        written(deployed, "hello all") as (visitor, conversation_id),
    ):
        await console.until(lambda: bool(rows_of(console, conversation_id)), what="what nobody has is seen")
        await give(deployed, conversation_id, olga)
        log = await console.open(conversation_id)
        await visitor.send("for Olga's eyes")
        await console.until(lambda: log.last == 3)
        await console.say({"type": "looking", "conversation_id": str(conversation_id)})
        await give(deployed, conversation_id, deployed.world.ada)
        await console.until(lambda: bool(gone(console, conversation_id)))
        frame = gone(console, conversation_id)[0]
        assert (frame["last_seq"], frame["was_status"]) == (4, "unread")
        told = len(console.frames)

        secret = f"not for Olga {new_client_id()}"
        await visitor.send(secret)
        await visitor.say({"type": "typing", "on": True})
        with pytest.raises(Refused) as refusal:
            await console.send(conversation_id, "I had something to add")
        assert refusal.value.code == "no-such-conversation"
        await console.say({"type": "open", "conversation_id": str(conversation_id)})
        await all_seeing.until(lambda: last_of(all_seeing, conversation_id).get("preview") == secret)
        await all_seeing.until(lambda: bool(all_seeing.of_type("visitor_typing")))
        await barrier(console)
        # What Olga hears of the next one arrives after whatever could have come of the last.
        async with written(deployed, "another") as (_, another):
            await console.until(lambda: bool(rows_of(console, another)))
        later = [each for _, each in console.frames[told:]]
        assert secret not in json.dumps(later)
        about = [each for each in later if str(conversation_id) in json.dumps(each)]
        assert {each["type"] for each in about} <= {"error"}, about
        assert {each["code"] for each in about} == {"no-such-conversation"}
        assert not all_seeing.of_type("row_gone"), "who sees everything loses nothing"


async def test_one_that_comes_into_sight_appears_as_new(deployed: Stage) -> None:
    olga = await narrow(deployed, "own")
    async with (
        written(deployed, "hello Ada") as (visitor, conversation_id),
        deployed.agent(olga, deployed.urls[-1]) as console,
    ):
        await give(deployed, conversation_id, deployed.world.ada)
        await console.until(lambda: bool(gone(console, conversation_id)))
        before = len(rows_of(console, conversation_id))
        await visitor.send("still for Ada")
        await give(deployed, conversation_id, olga)
        await console.until(lambda: len(rows_of(console, conversation_id)) > before)
        row = rows_of(console, conversation_id)[before]
        assert (row["row"]["assignee_id"], row["was_status"]) == (str(olga.id), None)
        await console.until(lambda: bool(console.of_type("assigned")))
        await console.open(conversation_id)
        await visitor.send("and now for Olga")
        await console.until(lambda: last_of(console, conversation_id).get("preview") == "and now for Olga")
        assert rows_of(console, conversation_id)[-1]["was_status"] == "unread"


async def test_within_a_team_it_stays_in_sight(deployed: Stage) -> None:
    tim, tess = await narrow(deployed, "own"), await narrow(deployed, "team")
    async with deployed.console(deployed.world.sol) as sol:
        members = [str(tim.id), str(tess.id)]
        team = (await sol.post("/teams", json={"name": f"T {new_client_id()}", "member_ids": members})).json()
    async with (
        written(deployed, "hello team") as (visitor, conversation_id),
        deployed.agent(tess, deployed.urls[-1]) as console,
        deployed.agent(tim, deployed.urls[-1]) as of_tim,
    ):
        await give(deployed, conversation_id, None, team["id"])
        log = await console.open(conversation_id)
        await give(deployed, conversation_id, tim)
        await visitor.send("between you")
        await console.until(lambda: log.last == 4)
        await console.until(lambda: last_of(console, conversation_id).get("preview") == "between you")
        assert not gone(console, conversation_id)
        await give(deployed, conversation_id, tess)
        await of_tim.until(lambda: bool(gone(of_tim, conversation_id)), what="a colleague's is not Tim's")
        assert not gone(console, conversation_id)


async def test_a_changed_team_or_sight_renews_the_console(deployed: Stage) -> None:
    tim, tess = await narrow(deployed, "own"), await narrow(deployed, "team")
    async with (
        written(deployed, "hello Tim") as (visitor, conversation_id),
        deployed.agent(tess, deployed.urls[-1]) as console,
        deployed.console(deployed.world.sol) as sol,
    ):
        await give(deployed, conversation_id, tim)
        body = {"name": f"T {new_client_id()}", "member_ids": [str(tess.id)]}
        team = (await sol.post("/teams", json=body)).json()
        await console.until(lambda: console.connections == 2 and console.live)
        members = [str(tess.id), str(tim.id)]
        await sol.patch(f"/teams/{team['id']}", json={"member_ids": members})
        await console.until(lambda: console.connections == 3 and console.live, what="a colleague more to see")
        await visitor.send("seen by Tess now")
        await console.until(lambda: bool(rows_of(console, conversation_id)))
        roles = (await sol.get("/roles")).json()
        role = next(
            each for each in roles if each["sees"] == "team" and each["name"].lower() == name_of(deployed, tess)
        )
        await sol.patch(f"/roles/{role['id']}", json={"sees": "own"})
        await console.until(lambda: console.connections == 4 and console.live)
        with pytest.raises(Refused):
            await console.send(conversation_id, "no longer mine to see")
        await sol.delete(f"/teams/{team['id']}")
        await console.until(lambda: console.connections == 5 and console.live)


def name_of(stage: Stage, colleague: Colleague) -> str:
    found = stage.sql("SELECT lower(r.name) FROM role r JOIN agent a ON a.role_id = r.id WHERE a.id = %s", colleague.id)
    return str(found[0][0])


async def test_what_the_bus_did_not_tell_is_taken_away_by_the_heartbeat(one: Stage) -> None:
    olga = await narrow(one, "own")

    async def taken_away() -> float:
        async with written(one, "hello") as (_, conversation_id), one.agent(olga) as console:
            await give(one, conversation_id, olga)
            await console.open(conversation_id)
            one.sql("UPDATE conversation SET assignee_id = %s WHERE id = %s", one.world.ada.id, conversation_id)
            took = await console.until(lambda: bool(gone(console, conversation_id)))
            one.sql("UPDATE conversation SET assignee_id = %s WHERE id = %s", olga.id, conversation_id)
            return took

    await within(ONE_ROUND, taken_away)


async def test_who_sees_a_part_is_shown_typing_and_looking_where_they_have_it_open(deployed: Stage) -> None:
    olga = await narrow(deployed, "own")
    async with (
        written(deployed, "hello") as (visitor, conversation_id),
        deployed.agent(olga, deployed.urls[-1]) as console,
        deployed.agent(deployed.world.ben) as ben,
    ):
        await ben.open(conversation_id)
        key = str(conversation_id)
        await console.open(conversation_id)
        await visitor.say({"type": "typing", "on": True})
        await console.until(lambda: bool(console.of_type("visitor_typing")))
        await ben.say({"type": "looking", "conversation_id": key})
        await console.until(lambda: bool(console.of_type("agent_looking")))
        await ben.say({"type": "looking", "conversation_id": None})
        await console.until(lambda: console.of_type("agent_looking")[-1]["conversation_id"] is None)
        await give(deployed, conversation_id, deployed.world.ada)
        await console.until(lambda: bool(gone(console, conversation_id)))
        heard = len(console.of_type("agent_looking"))
        await ben.say({"type": "looking", "conversation_id": key})
        async with written(deployed, "another") as (_, another):
            await console.until(lambda: bool(rows_of(console, another)))
        assert len(console.of_type("agent_looking")) == heard
