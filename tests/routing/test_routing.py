"""An episode begins: the rules are asked once, and what they decide is done and kept."""

from __future__ import annotations

import asyncio

from alongside.domains.agents.schemas import EditAgent
from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.routing.router import Router
from tests.routing.desk import (
    answer,
    begin,
    close,
    come,
    decide,
    decisions,
    edit,
    holder,
    limit_to,
    make_message,
    make_rule,
    row,
    said,
    switch,
    take,
    team_of,
    visitor,
    write,
)
from tests.world import Browser, World

ANY = {"kind": "route", "state": "any"}


async def test_the_least_loaded_of_a_team_gets_it_and_the_reasons_are_kept(world: World) -> None:
    team = await team_of(world, world.ada, world.ben)
    rule = await make_rule(world, {"kind": "route", "team_id": team})
    await come(world, world.ada, world.ben, world.sol)
    await take(world, world.ada, world.conversation_id)
    asked = await begin(world)
    await decide(world)
    assert await holder(world, asked) == world.ben.id
    [decision] = await decisions(world, asked)
    assert (decision.cause, decision.outcome, decision.agent_id) == ("begun", "agent", world.ben.id)
    assert (decision.rule_id, decision.rule_name, decision.rule_version) == (rule.id, "Everybody", rule.version)
    assert decision.facts.message == "Hello"
    [step] = decision.steps
    assert [(each.agent_id, each.open, each.reason) for each in step.considered] == [
        (world.ben.id, 0, None),
        (world.ada.id, 1, None),
        (world.sol.id, 0, "not_in_team"),
    ]


async def test_who_is_not_let_in_gets_nothing(world: World) -> None:
    """The full, the absent, those for calls: nobody is left, nothing happens, and it is said why."""
    await make_rule(world, {"kind": "route", "team_id": await team_of(world, world.ada, world.ben, world.sol)})
    await come(world, world.ada, world.ben, limit=1)
    await take(world, world.ada, world.conversation_id)
    await edit(world, world.ben, EditAgent(area="call"))
    asked = await begin(world)
    await decide(world)
    assert await holder(world, asked) is None
    [decision] = await decisions(world, asked)
    assert decision.outcome == "nobody"
    assert {each.agent_id: each.reason for each in decision.steps[0].considered} == {
        world.ada.id: "full",
        world.ben.id: "wrong_area",
        world.sol.id: "offline",
    }
    # What is Done is not open.
    await close(world, world.ada, world.conversation_id)
    later = await begin(world)
    await decide(world)
    assert await holder(world, later) == world.ada.id


async def test_the_first_rule_that_holds_acts_and_a_draft_does_not(world: World) -> None:
    french = {"kind": "group", "of": [{"kind": "message", "compare": "contains", "value": "bonjour"}]}
    await make_rule(world, {"kind": "route", "agent_id": str(world.sol.id), "state": "any"}, state="draft")
    await make_rule(world, ANY | {"agent_id": str(world.ben.id)}, conditions=french, name="French")
    everybody = await make_rule(world, ANY | {"agent_id": str(world.ada.id)})
    bonjour, hello = await begin(world, "Bonjour!"), await begin(world)
    await decide(world)
    assert (await holder(world, bonjour), await holder(world, hello)) == (world.ben.id, world.ada.id)
    await switch(world, everybody, "off")
    unmatched = await begin(world)
    await decide(world)
    assert await holder(world, unmatched) is None
    assert [each.outcome for each in await decisions(world, unmatched)] == ["no_rule"]


async def test_actions_in_turn_then_the_first_fallback_that_holds(world: World) -> None:
    sorry, one_moment = await make_message(world, "Nobody is here."), await make_message(world, "{agent} comes.")
    never = {"kind": "group", "of": [{"kind": "agent_online"}]}
    await make_rule(
        world,
        {"kind": "route", "agent_id": str(world.ada.id)},
        {"kind": "tell", "system_message_id": one_moment},
        {"kind": "route", "agent_id": str(world.ben.id)},
        fallbacks=[
            {"conditions": never, "actions": [ANY | {"agent_id": str(world.sol.id)}]},
            {"conditions": {"kind": "group", "of": []}, "actions": [{"kind": "tell", "system_message_id": sorry}]},
        ],
    )
    asked = await begin(world)
    await decide(world)
    assert await holder(world, asked) is None
    assert await said(world, asked) == ["comes.", "Nobody is here."]
    [decision] = await decisions(world, asked)
    assert [(type(each.action).__name__, each.fallback) for each in decision.steps] == [
        ("RouteAction", None),
        ("TellAction", None),
        ("RouteAction", None),
        ("TellAction", 1),
    ]
    await come(world, world.ben)
    welcomed = await begin(world)
    await decide(world)
    assert await holder(world, welcomed) == world.ben.id
    assert await said(world, welcomed) == ["Ben comes."]
    # Telling answers nothing: they still wait.
    assert (await row(world, welcomed)).status == "unread"


async def test_without_rules_nothing_happens_and_nothing_is_kept(world: World) -> None:
    await come(world, world.ada)
    asked = await begin(world)
    await decide(world)
    assert await holder(world, asked) is None
    assert await decisions(world, asked) == []
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM routing_pending") == 0


async def test_only_an_episode_that_begins_and_that_nobody_has(world: World) -> None:
    await make_rule(world, ANY | {"agent_id": str(world.ada.id)})
    await come(world, world.ben)
    who = await visitor(world)
    asked = await write(world, who)
    await decide(world)
    assert await holder(world, asked) == world.ada.id
    # Given away by hand, it stays where it is, whatever is written.
    await take(world, world.ben, asked)
    await write(world, who, "And one more thing")
    await decide(world)
    await close(world, world.ben, asked)
    await write(world, who, "Back again")
    await decide(world)
    assert await holder(world, asked) == world.ben.id
    assert len(await decisions(world, asked)) == 1
    # Nobody has it: the episode that begins is routed.
    async with world.database.work() as work:
        await conversations.assign(work, world.ben.actor, asked, None, None)
        await conversations.set_status(work, world.ben.actor, asked, "done")
    await write(world, who, "And again")
    await decide(world)
    assert await holder(world, asked) == world.ada.id
    assert [each.episode for each in await decisions(world, asked)] == [3, 1]


async def test_who_comes_back_does_not_wait_for_who_is_gone(world: World) -> None:
    """The agent of the last time is offline: the rules are asked, and where they find nobody it stays with them."""
    team = await team_of(world, world.ada)
    await make_rule(world, {"kind": "route", "team_id": team})
    who = await visitor(world)
    asked = await write(world, who)
    await take(world, world.ben, asked)
    await close(world, world.ben, asked)
    await write(world, who, "Back again")
    await decide(world)
    assert await holder(world, asked) == world.ben.id
    await close(world, world.ben, asked)
    await come(world, world.ada)
    await write(world, who, "And again")
    await decide(world)
    assert await holder(world, asked) == world.ada.id
    assert [(each.outcome, each.agent_id) for each in await decisions(world, asked)][:2] == [
        ("agent", world.ada.id),
        ("nobody", None),
    ]
    # A customer of theirs for good waits for them.
    async with world.database.work() as work:
        await contacts.give_contact(work, world.sol.actor, who.actor.contact_id, world.ben.id, None)
        await conversations.assign(work, world.ada.actor, asked, world.ben.id, None)
    await close(world, world.ben, asked)
    await write(world, who, "Once more")
    await decide(world)
    assert await holder(world, asked) == world.ben.id


async def test_a_customer_of_somebody_goes_to_them(world: World) -> None:
    await make_rule(world, ANY | {"agent_id": str(world.ada.id)})
    who = await visitor(world)
    async with world.database.work() as work:
        await contacts.give_contact(work, world.sol.actor, who.actor.contact_id, world.ben.id, None)
    asked = await write(world, who)
    await decide(world)
    assert await holder(world, asked) == world.ben.id
    assert await decisions(world, asked) == []


async def test_who_answers_first_by_hand_is_not_disturbed(world: World) -> None:
    await make_rule(world, ANY | {"agent_id": str(world.ada.id)})
    answered, taken = await begin(world), await begin(world)
    await answer(world, world.ben, answered)
    await take(world, world.ben, taken)
    await decide(world)
    assert (await holder(world, answered), await holder(world, taken)) == (None, world.ben.id)


async def test_many_routers_decide_once_and_nobody_gets_too_many(world: World) -> None:
    """Three processes hear of the same, while agents press "Assign to me"."""
    await make_rule(world, {"kind": "route", "team_id": await team_of(world, world.ada, world.ben)})
    await come(world, world.ada, world.ben, limit=3)
    asked = [await begin(world) for _ in range(10)]
    by_hand = [await begin(world) for _ in range(2)]

    async def rush(router: Router) -> None:
        await decide(world)
        assert router is not None

    await asyncio.gather(
        *(rush(Router(world.database)) for _ in range(3)), *(take(world, world.ada, each) for each in by_hand)
    )
    await decide(world)
    async with world.database.reading() as reading:
        given = await reading.rows(
            "SELECT conversation_id, count(*) AS n FROM routing_decision GROUP BY conversation_id"
        )
        open_now = await reading.rows(
            "SELECT assignee_id AS id, count(*) AS n FROM conversation WHERE assignee_id IS NOT NULL GROUP BY 1"
        )
        entries = await reading.value(
            "SELECT max(n) FROM (SELECT count(*) AS n FROM entry WHERE kind = 'assignment' "
            "AND author_kind = 'system' GROUP BY conversation_id) AS per"
        )
    assert {each["n"] for each in given} == {1}
    assert entries == 1
    loads = {each["id"]: each["n"] for each in open_now}
    # What agents take themselves is theirs to decide: Ada had at most three when the rules gave her one.
    assert loads[world.ben.id] == 3
    assert loads[world.ada.id] <= 5
    assert len(asked) == 10


async def test_the_limit_may_be_raised(world: World) -> None:
    await make_rule(world, {"kind": "route", "agent_id": str(world.ada.id)})
    await come(world, world.ada, limit=1)
    first, second = await begin(world), await begin(world)
    await decide(world)
    assert [await holder(world, each) for each in (first, second)] == [world.ada.id, None]
    await limit_to(world, world.ada, 2)
    third = await begin(world)
    await decide(world)
    assert await holder(world, third) == world.ada.id


async def test_a_message_that_is_deleted_is_forgotten_here_too(world: World) -> None:
    await make_rule(world, ANY | {"agent_id": str(world.ada.id)})
    who = await visitor(world)
    asked = await write(world, who, "My secret number is 7")
    await decide(world)
    assert (await decisions(world, asked))[0].facts.message == "My secret number is 7"
    async with world.database.work() as work:
        await messages.delete(work, who.actor, asked, 1)
    assert (await decisions(world, asked))[0].facts.message is None


async def test_the_doors_tell_who_may_see_it(world: World, browser: Browser) -> None:
    await make_rule(world, ANY | {"agent_id": str(world.ada.id)})
    asked = await begin(world)
    await decide(world)
    door = f"/conversations/{asked}/routing"
    assert (await browser.get(door)).status_code == 401
    told = (await browser.be(world.ada).get(door)).json()
    assert (told["decisions"][0]["agent_id"], told["waiting"]) == (str(world.ada.id), None)
    async with world.database.work() as work:
        await work.run("UPDATE role SET sees = 'own' WHERE name = 'Agent'")
    assert (await browser.be(world.ben).get(door)).status_code == 404
    assert (await browser.be(world.ada).get(door)).status_code == 200


async def test_they_go_with_the_person(world: World, browser: Browser) -> None:
    await make_rule(world, ANY | {"agent_id": str(world.ada.id)})
    who = await visitor(world)
    asked = await write(world, who, "Forget me")
    await decide(world)
    browser.be(world.sol)
    told = await browser.get(f"/contacts/{who.actor.contact_id}/personal-data")
    assert told.status_code == 200, told.text
    assert "routing_decision" in told.json()["tables"]
    assert (await browser.delete(f"/contacts/{who.actor.contact_id}")).status_code == 204
    assert await decisions(world, asked) == []
