"""Who waits is served whenever anything makes room, in order, and never longer than was promised."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from alongside.domains.agents.schemas import EditAgent
from alongside.domains.conversations import actions as conversations
from alongside.domains.routing import actions
from alongside.domains.routing.events import PlaceChanged, QueueChanged
from alongside.kit.time import now
from tests.harness.until import until
from tests.routing.desk import (
    ALWAYS,
    age,
    answer,
    begin,
    close,
    come,
    decide,
    decisions,
    edit,
    holder,
    leave,
    limit_to,
    make_message,
    make_rule,
    queue,
    row,
    said,
    stands_still,
    switch,
    take,
    team_of,
    visitor,
    waiting,
    write,
)
from tests.world import Browser, World

WAIT = {"kind": "queue", "minutes": 30}


async def wait(world: World, count: int = 1) -> list[UUID]:
    """New conversations, each decided about before the next begins."""
    begun = []
    for _ in range(count):
        begun.append(await begin(world))
        await decide(world)
    return begun


async def team_rule(world: World, **body: Any) -> str:
    team = await team_of(world, world.ada, world.ben)
    await make_rule(world, {"kind": "route", "team_id": team}, WAIT | {"team_id": team}, **body)
    return team


async def test_oldest_first_as_soon_as_somebody_comes(world: World) -> None:
    await team_rule(world)
    first, second, third = await wait(world, 3)
    assert await waiting(world) == [first, second, third]
    assert [(each.place, each.minutes) for each in await queue(world)] == [(1, None), (2, None), (3, None)]
    await come(world, world.ada, limit=1)
    await decide(world)
    assert await holder(world, first) == world.ada.id
    assert await waiting(world) == [second, third]
    # Whoever comes now does not overtake those who wait, even in the moment in which Ada is free.
    await close(world, world.ada, first)
    late = await begin(world)
    await decide(world)
    assert (await holder(world, second), await holder(world, late)) == (world.ada.id, None)
    assert await waiting(world) == [third, late]
    causes = [each.cause for each in await decisions(world, second)]
    assert causes == ["free", "begun"]


async def test_who_wrote_first_waits_first_though_decided_about_last(world: World) -> None:
    """As after a process that died between the message and the decision; a customer's conversation may be old."""
    await team_rule(world)
    known = await visitor(world)
    old = await write(world, known)
    await close(world, world.ada, old)
    early, late = await begin(world), await begin(world)
    await write(world, known)
    for each in (late, early):
        await actions.route(world.database, each)
    await decide(world)
    assert await waiting(world) == [early, late, old]


async def test_every_way_to_make_room_drains_it(world: World) -> None:
    team = await team_of(world, world.ada)
    await make_rule(world, WAIT | {"team_id": team})
    await come(world, world.ada, limit=1)
    first, second, third, fourth, fifth = await wait(world, 5)
    assert await holder(world, first) == world.ada.id
    await limit_to(world, world.ada, 2)
    await decide(world)
    assert await holder(world, second) == world.ada.id
    async with world.database.work() as work:
        await conversations.assign(work, world.ada.actor, second, world.sol.id, None)
    await decide(world)
    assert await holder(world, third) == world.ada.id
    await edit(world, world.ben, EditAgent(team_ids=[UUID(team)]))
    await come(world, world.ben, limit=1)
    await decide(world)
    assert await holder(world, fourth) == world.ben.id
    await edit(world, world.ben, EditAgent(area="none"))
    await close(world, world.ben, fourth)
    await decide(world)
    assert await waiting(world) == [fifth]
    await edit(world, world.ben, EditAgent(area="both"))
    await decide(world)
    assert await holder(world, fifth) == world.ben.id
    assert await waiting(world) == []


async def test_a_higher_priority_comes_first_and_nobody_is_held_up(world: World) -> None:
    vip = {"kind": "group", "of": [{"kind": "message", "compare": "contains", "value": "vip"}]}
    call = {"kind": "group", "of": [{"kind": "message", "compare": "contains", "value": "sol"}]}
    team = await team_of(world, world.ada)
    await make_rule(world, WAIT | {"agent_id": str(world.sol.id), "priority": 9}, conditions=call)
    await make_rule(world, WAIT | {"team_id": team, "priority": 5}, conditions=vip)
    await make_rule(world, WAIT | {"team_id": team})
    for_sol, plain, important = await begin(world, "sol please"), await begin(world), await begin(world, "I am VIP")
    await decide(world)
    assert await waiting(world) == [for_sol, important, plain]
    await come(world, world.ada, limit=1)
    await decide(world)
    # Nobody can help who waits for Sol; they hold up nobody.
    assert await holder(world, important) == world.ada.id
    assert await waiting(world) == [for_sol, plain]


async def test_what_is_helped_by_hand_waits_no_more(world: World) -> None:
    await team_rule(world)
    who = await visitor(world)
    answered, taken, done, stays = await write(world, who), *(await wait(world, 3))
    assert len(await waiting(world)) == 4
    await answer(world, world.sol, answered)
    await take(world, world.sol, taken)
    await close(world, world.sol, done)
    world.facts.clear()
    await decide(world)
    assert await waiting(world) == [stays]
    gone = [fact for fact in world.facts.of(PlaceChanged) if fact.place is None]
    assert len(gone) == 3
    assert world.facts.of(QueueChanged) != []
    assert [each.outcome for each in await decisions(world, answered)] == ["queue"]
    # Who is done and writes again begins anew.
    async with world.database.work() as work:
        await conversations.set_status(work, world.sol.actor, answered, "done")
    await write(world, who, "Again")
    await decide(world)
    assert await waiting(world) == [stays, answered]


async def test_each_customer_is_told_their_place_once(world: World) -> None:
    await team_rule(world)
    first, second = await wait(world, 2)
    told = {fact.contact_id: (fact.place, fact.minutes) for fact in world.facts.of(PlaceChanged)}
    assert told == {
        (await row(world, first)).contact.id: (1, None),
        (await row(world, second)).contact.id: (2, None),
    }
    world.facts.clear()
    await decide(world)
    assert world.facts.of(PlaceChanged) == []
    await take(world, world.sol, first)
    await decide(world)
    assert [(fact.place, fact.minutes) for fact in world.facts.of(PlaceChanged)] == [(None, None), (1, None)]


async def test_an_estimate_by_how_it_went_lately(world: World) -> None:
    await team_rule(world)
    served = await wait(world, 3)
    await come(world, world.ada, limit=3)
    await decide(world)
    assert {await holder(world, each) for each in served} == {world.ada.id}
    async with world.database.work() as work:
        for ago, each in zip((12, 8, 4), served, strict=True):
            await work.run(
                "UPDATE routing_decision SET at = now() - make_interval(mins => $2) "
                "WHERE conversation_id = $1 AND cause = 'free'",
                each,
                ago,
            )
    await wait(world, 2)
    assert [each.minutes for each in await queue(world)] == [5, 9]


async def test_after_the_longest_wait_the_fallback_acts(world: World) -> None:
    sorry = await make_message(world, "Nobody could come. We answer by mail.")
    give_to_sol = {"kind": "route", "agent_id": str(world.sol.id), "state": "any"}
    tell = {"kind": "tell", "system_message_id": sorry}
    await team_rule(world, fallbacks=[{"conditions": ALWAYS, "actions": [tell, give_to_sol]}])
    [asked] = await wait(world)
    assert await said(world, asked) == []
    await age(world, 29)
    await decide(world)
    assert await waiting(world) == [asked]
    await age(world, 1)
    await decide(world)
    assert await waiting(world) == []
    assert await holder(world, asked) == world.sol.id
    assert [(each.cause, each.outcome) for each in await decisions(world, asked)] == [
        ("waited", "agent"),
        ("begun", "queue"),
    ]
    assert await said(world, asked) == ["Nobody could come. We answer by mail."]


async def test_nobody_waits_longer_than_ninety_minutes_in_all(world: World) -> None:
    team = await team_of(world, world.ada)
    wait_long = {"kind": "queue", "team_id": team, "minutes": 60}
    await make_rule(world, wait_long, fallbacks=[{"conditions": ALWAYS, "actions": [wait_long]}])
    [asked] = await wait(world)
    await age(world, 60)
    await decide(world)
    [entry] = await queue(world)
    assert entry.until - entry.since == timedelta(minutes=90)
    await age(world, 30)
    await decide(world)
    assert await waiting(world) == []
    assert await holder(world, asked) is None
    assert [each.outcome for each in await decisions(world, asked)] == ["nobody", "queue", "queue"]
    # Without words of the fallback's own.
    [told] = await said(world, asked)
    assert told.startswith("We are sorry: nobody has become free.")


async def shift(world: World, hours: int) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE conversation SET waiting_since = waiting_since + make_interval(hours => $1)", hours)


async def test_who_waited_too_long_to_be_asked_about_is_not_let_wait_on(world: World) -> None:
    """As after an outage of two hours: the rule gives up at once, by its fallback."""
    sorry = await make_message(world, "Nobody could come.")
    team = await team_of(world, world.ada)
    tell = {"kind": "tell", "system_message_id": sorry}
    fallbacks = [{"conditions": ALWAYS, "actions": [tell]}]
    await make_rule(world, WAIT | {"team_id": team}, fallbacks=fallbacks)
    asked = await begin(world)
    await shift(world, -2)
    await decide(world)
    await shift(world, 2)  # as the logs say
    assert await waiting(world) == []
    assert [(each.cause, each.outcome) for each in await decisions(world, asked)] == [("waited", "nobody")]
    assert await said(world, asked) == ["Nobody could come."]


async def test_a_changed_rule_is_asked_at_once_and_the_time_waited_counts(world: World) -> None:
    team = await team_of(world, world.ada)
    rule = await make_rule(world, WAIT | {"team_id": team})
    first, second = await wait(world, 2)
    since = [each.since for each in await queue(world)]
    # A rule before it that lets them wait for somebody else.
    await switch(world, rule, "off")
    await make_rule(world, {"kind": "queue", "agent_id": str(world.ben.id), "minutes": 60})
    await decide(world)
    entries = await queue(world)
    assert [(each.row.id, each.agent_id, each.since) for each in entries] == [
        (first, world.ben.id, since[0]),
        (second, world.ben.id, since[1]),
    ]
    await make_rule(world, {"kind": "route", "agent_id": str(world.sol.id), "state": "any"})
    await come(world, world.ben, limit=1)
    await decide(world)
    assert await holder(world, first) == world.ben.id


async def test_without_any_rule_left_nobody_waits_for_nothing(world: World) -> None:
    rule = await make_rule(world, WAIT)
    [asked] = await wait(world)
    await switch(world, rule, "off")
    await decide(world)
    assert await waiting(world) == []
    assert [each.outcome for each in await decisions(world, asked)] == ["no_rule", "queue"]


async def test_a_process_that_died_before_it_decided_is_made_up_for(world: World) -> None:
    await make_rule(world, {"kind": "route", "agent_id": str(world.ada.id), "state": "any"})
    asked = await begin(world)
    # No router heard of it; another one looks.
    await decide(world)
    assert await holder(world, asked) == world.ada.id


async def test_the_door_shows_the_queue_as_far_as_one_may_see(world: World, browser: Browser) -> None:
    await team_rule(world)
    [asked] = await wait(world)
    told = (await browser.be(world.ben).get("/routing/queue")).json()
    assert told["hidden"] == 0
    [entry] = told["entries"]
    assert (entry["row"]["id"], entry["place"], entry["rule_name"]) == (str(asked), 1, "Everybody")
    assert now().isoformat() < entry["until"]
    assert (await browser.get(f"/conversations/{asked}/routing")).json()["waiting"]["place"] == 1


async def test_who_waits_for_somebody_who_left_is_served_when_they_return(world: World) -> None:
    await make_rule(world, WAIT | {"agent_id": str(world.ben.id)})
    await come(world, world.ben)
    await leave(world, world.ben)
    [asked] = await wait(world)
    assert await waiting(world) == [asked]
    await come(world, world.ben)
    await decide(world)
    assert await holder(world, asked) == world.ben.id


@pytest.mark.parametrize("step", ["the rules change", "the wait is over"])
async def test_who_is_taken_by_hand_at_that_very_moment_stays_there(world: World, step: str) -> None:
    """The round has seen that they wait, and comes to the row only when the colleague has it."""
    team = await team_of(world, world.ada)
    to_sol = {"kind": "route", "agent_id": str(world.sol.id), "state": "any"}
    await make_rule(world, WAIT | {"team_id": team}, fallbacks=[{"conditions": ALWAYS, "actions": [to_sol]}])
    [asked] = await wait(world)
    if step == "the rules change":
        await make_rule(world, {"kind": "queue", "agent_id": str(world.sol.id), "minutes": 60})
    else:
        await age(world, 30)
    async with world.database.work() as work:
        await conversations.assign(work, world.ben.actor, asked, world.ben.id, None)
        sweeping = asyncio.create_task(decide(world))
        await until(lambda: stands_still(world))
    await sweeping
    assert (await holder(world, asked), await waiting(world)) == (world.ben.id, [])
    assert [each.cause for each in await decisions(world, asked)] == ["begun"]


@pytest.mark.parametrize("cause", ["begun", "waited", "gone"])
async def test_a_rule_saved_during_a_decision_is_asked_about_next(world: World, cause: str) -> None:
    wait_for_ada = WAIT | {"agent_id": str(world.ada.id)}
    to_ada = {"kind": "route", "agent_id": str(world.ada.id)}
    fallbacks = [{"conditions": ALWAYS, "actions": [wait_for_ada]}]
    rule = await make_rule(world, to_ada, wait_for_ada, fallbacks=fallbacks)
    if cause == "gone":
        await come(world, world.ada)
    asked = await begin(world)
    if cause != "begun":
        await decide(world)
        await age(world, 30)
        await leave(world, world.ada)
    async with world.database.work() as work:
        # The decision has read the rules when it comes to this table.
        await work.run("LOCK TABLE routing_watch IN SHARE MODE")
        deciding = asyncio.create_task(decide(world))
        await until(lambda: stands_still(world))
        await make_rule(world, WAIT | {"agent_id": str(world.ben.id)}, name="Ben")
        await switch(world, rule, "off")
    await deciding
    assert (await decisions(world, asked))[-1 if cause == "begun" else -2].cause == cause
    await decide(world)
    assert [(each.row.id, each.rule_name) for each in await queue(world)] == [(asked, "Ben")]
