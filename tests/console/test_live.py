"""The agents' live side: rows for everybody, entries for who follows, calls for who is given something."""

from __future__ import annotations

from alongside.kit.ids import new_client_id
from tests.harness.clients import AgentClient
from tests.harness.stage import Stage


async def test_everybody_hears_of_the_row_and_followers_of_the_entry(deployed: Stage) -> None:
    cast, token = deployed.world, await deployed.newcomer()
    here, there = deployed.urls[0], deployed.urls[-1]
    async with (
        deployed.visitor(token, here) as visitor,
        deployed.agent(cast.ada, there) as follows,
        deployed.agent(cast.ben, there) as looks,
    ):
        await visitor.send("hello")
        conversation_id = await deployed.conversation_of(token)
        log = await follows.open(conversation_id)
        await visitor.send("are you there?")
        await follows.until(lambda: log.last == 2)
        await looks.until(lambda: looks.rows.get(str(conversation_id), {}).get("last_seq") == 2)
        row = looks.rows[str(conversation_id)]
        assert (row["preview"], row["unread_count"], row["status"]) == ("are you there?", 2, "unread")
        assert not looks.of_type("entry")
        first = next(each for each in looks.of_type("row") if each["row"]["id"] == str(conversation_id))
        assert first["was_status"] is None, "it has just begun"


async def test_who_is_given_something_is_called(deployed: Stage) -> None:
    cast, token = deployed.world, await deployed.newcomer()
    async with deployed.console(cast.sol) as sol, deployed.visitor(token) as visitor:
        await visitor.send("hello")
        key = str(await deployed.conversation_of(token))
        path = f"/conversations/{key}/assignment"
        body = {"name": f"T {new_client_id()}", "member_ids": [str(cast.ben.id)]}
        team = (await sol.post("/teams", json=body)).json()
        async with deployed.agent(cast.ada) as ada, deployed.agent(cast.ben, deployed.urls[-1]) as ben:
            await sol.put(path, json={"agent_id": str(cast.ada.id), "team_id": None})
            await ada.until(lambda: len(ada.of_type("assigned")) == 1)
            await sol.put(path, json={"agent_id": None, "team_id": team["id"]})
            await ben.until(lambda: len(ben.of_type("assigned")) == 1)
            assert ben.of_type("assigned")[0]["by_agent_id"] == str(cast.sol.id)
            async with deployed.console(cast.ada) as own:
                await own.put(path, json={"agent_id": str(cast.ada.id), "team_id": None})
            # Given to Ada, to the team, and taken: the fourth entry.
            await ada.until(lambda: ada.rows.get(key, {}).get("last_seq") == 4)
            assert ada.rows[key]["assignee_id"] == str(cast.ada.id)
            assert len(ada.of_type("assigned")) == 1, "nobody is called by themselves"


async def test_a_change_of_text_blocks_rings_at_agents_and_not_at_visitors(deployed: Stage) -> None:
    cast, token = deployed.world, await deployed.newcomer()
    async with (
        deployed.visitor(token, deployed.urls[0]) as visitor,
        deployed.agent(cast.ada, deployed.urls[-1]) as ada,
        deployed.console(cast.sol) as sol,
    ):
        made = await sol.post("/text-blocks", json={"title": f"T {new_client_id()}", "text": "x"})
        await ada.until(lambda: len(ada.of_type("text_blocks_changed")) == 1)
        await sol.delete(f"/text-blocks/{made.json()['id']}")
        await ada.until(lambda: len(ada.of_type("text_blocks_changed")) == 2)
        await visitor.send("anything")
        assert not [frame for frame in visitor.frames if "text_block" in str(frame)]


async def test_typing_and_looking_are_shown_and_forgotten(deployed: Stage) -> None:
    cast, token = deployed.world, await deployed.newcomer()
    async with deployed.visitor(token, deployed.urls[0]) as visitor, deployed.agent(cast.ada) as ada:
        await visitor.send("hello")
        conversation_id = str(await deployed.conversation_of(token))
        await ada.open(await deployed.conversation_of(token))
        await visitor.say({"type": "typing", "on": True})
        await ada.until(lambda: {"type": "visitor_typing", "conversation_id": conversation_id, "on": True} in
                        ada.of_type("visitor_typing"))  # fmt: skip
        await ada.say({"type": "typing", "conversation_id": conversation_id, "on": True})
        await visitor.until(lambda: bool(visitor.of_type("team_typing")))
        assert visitor.of_type("team_typing")[0]["person"]["display_name"] == "Ada"
        async with deployed.agent(cast.ben, deployed.urls[-1]) as ben:
            await ben.say({"type": "looking", "conversation_id": conversation_id})
            # That Ben went elsewhere before, in another test, may be told late.
            await ada.until(lambda: looked_at(ada) == conversation_id)
        await ada.until(lambda: looked_at(ada) is None)


def looked_at(console: AgentClient) -> str | None:
    """Which conversation a colleague looks at, as this console was told last."""
    frames = console.of_type("agent_looking")
    return frames[-1]["conversation_id"] if frames else None


async def test_seen_both_ways(deployed: Stage) -> None:
    cast, token = deployed.world, await deployed.newcomer()
    async with deployed.visitor(token, deployed.urls[0]) as visitor, deployed.agent(cast.ada, deployed.urls[-1]) as ada:
        await visitor.send("hello")
        conversation_id = await deployed.conversation_of(token)
        await ada.open(conversation_id)
        await ada.note(conversation_id, "a note between")
        await ada.send(conversation_id, "hello too")
        await ada.say({"type": "seen", "conversation_id": str(conversation_id), "seq": 3})
        await visitor.until(lambda: visitor.team_seen == 2)
        await visitor.say({"type": "marks", "delivered": 2, "seen": 2})
        await ada.until(lambda: (2, 2) in [(mark["delivered"], mark["seen"]) for mark in ada.of_type("visitor_marks")])


async def test_a_budget_of_messages_delays_and_loses_nothing(deployed: Stage) -> None:
    """Frames beyond the budget of a socket are refused with a time to wait; resent, they arrive."""
    token = await deployed.newcomer()
    async with deployed.visitor(token) as visitor:
        # Cheap ones first: messages alone, on a busy machine, take as long as the budget takes to fill again.
        for _ in range(240):
            await visitor.say({"type": "typing", "on": True})
        answers = [visitor.send(f"number {number}") for number in range(500)]
        numbers = [(await answer)["seq"] for answer in answers]
        assert sorted(numbers) == list(range(1, 501))
        refusals = [frame for frame in visitor.of_type("error") if frame["code"] == "too-many-frames"]
        assert refusals
        assert all(frame["retry_after_ms"] > 0 for frame in refusals)
    deployed.journal = deployed.begin()
