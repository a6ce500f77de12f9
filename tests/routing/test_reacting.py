"""Who was chosen and does not react, or goes: the next gets it."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conversations import actions as conversations
from tests.routing.desk import (
    ALWAYS,
    age,
    answer,
    begin,
    come,
    decide,
    decisions,
    holder,
    leave,
    limit_to,
    make_rule,
    row,
    take,
    team_of,
    visitor,
    waiting,
    write,
)
from tests.world import Visitor, World


async def routed_to_ada(world: World, *more: dict[str, object], who: Visitor | None = None) -> UUID:
    """A team of two with 60 seconds to react; Ada is chosen."""
    team = await team_of(world, world.ada, world.ben)
    await make_rule(world, {"kind": "route", "team_id": team}, *more, react_seconds=60)
    await come(world, world.ada, world.ben)
    await take(world, world.ben, world.conversation_id)
    asked = await write(world, who or await visitor(world))
    await decide(world)
    assert await holder(world, asked) == world.ada.id
    return asked


async def test_who_is_silent_is_passed_over(world: World) -> None:
    asked = await routed_to_ada(world)
    await decide(world)
    assert await holder(world, asked) == world.ada.id
    await age(world, 1)
    await decide(world)
    assert await holder(world, asked) == world.ben.id
    last = (await decisions(world, asked))[0]
    assert (last.cause, last.outcome) == ("silent", "agent")
    reasons = {each.agent_id: each.reason for each in last.steps[0].considered}
    assert reasons[world.ada.id] == "did_not_react"
    # Nobody is left: Ben keeps it, and is asked no more.
    await age(world, 1)
    await decide(world)
    assert await holder(world, asked) == world.ben.id
    assert [each.outcome for each in await decisions(world, asked)] == ["kept", "agent", "agent"]
    await decide(world)
    assert len(await decisions(world, asked)) == 3


async def test_who_opens_it_has_reacted(world: World) -> None:
    asked = await routed_to_ada(world)
    async with world.database.work() as work:
        await conversations.mark_seen(work, world.ada.actor, asked, (await row(world, asked)).last_seq)
    await age(world, 1)
    await decide(world)
    assert await holder(world, asked) == world.ada.id


async def test_who_goes_after_the_longest_wait_leaves_it_to_everybody(world: World) -> None:
    """The rule would let the customer wait once more; they have waited as long as anybody may."""
    asked = await routed_to_ada(world, {"kind": "queue", "minutes": 30})
    async with world.database.work() as work:
        await work.run("UPDATE routing_watch SET since = since - interval '91 minutes'")
    await leave(world, world.ben)
    await leave(world, world.ada)
    for _ in range(2):
        await decide(world)
    assert (await holder(world, asked), await waiting(world)) == (None, [])
    assert [(each.cause, each.outcome) for each in await decisions(world, asked)] == [
        ("gone", "nobody"),
        ("begun", "agent"),
    ]


async def test_who_goes_before_they_have_answered_loses_it(world: World) -> None:
    asked = await routed_to_ada(world)
    async with world.database.work() as work:
        await conversations.mark_seen(work, world.ada.actor, asked, (await row(world, asked)).last_seq)
    await leave(world, world.ada)
    await decide(world)
    assert await holder(world, asked) == world.ben.id
    assert (await decisions(world, asked))[0].cause == "gone"
    # Nobody is there any more: it is everybody's again.
    await leave(world, world.ben)
    await decide(world)
    assert await holder(world, asked) is None
    assert (await decisions(world, asked))[0].outcome == "nobody"


async def test_who_has_answered_may_go(world: World) -> None:
    asked = await routed_to_ada(world)
    await answer(world, world.ada, asked)
    await leave(world, world.ada)
    await age(world, 5)
    await decide(world)
    assert await holder(world, asked) == world.ada.id
    assert len(await decisions(world, asked)) == 1


async def test_who_has_nobody_else_waits_and_keeps_their_place_in_time(world: World) -> None:
    team = await team_of(world, world.ada)
    queue = {"kind": "queue", "team_id": team, "minutes": 30}
    await make_rule(world, {"kind": "route", "team_id": team}, queue, react_seconds=60)
    await come(world, world.ada, limit=1)
    asked = await begin(world)
    await decide(world)
    later = await begin(world)
    await decide(world)
    await age(world, 1)
    await decide(world)
    # Ada, who did not react to the one, gets the other; the one waits on for somebody else of the team.
    assert (await holder(world, asked), await holder(world, later)) == (None, world.ada.id)
    assert await waiting(world) == [asked]
    await limit_to(world, world.ada, 5)
    await decide(world)
    assert await waiting(world) == [asked]


async def test_fallbacks_act_for_who_is_left_behind(world: World) -> None:
    to_sol = {"kind": "route", "agent_id": str(world.sol.id), "state": "any"}
    await make_rule(
        world,
        {"kind": "route", "agent_id": str(world.ada.id)},
        fallbacks=[{"conditions": ALWAYS, "actions": [to_sol]}],
    )
    await come(world, world.ada)
    asked = await begin(world)
    await decide(world)
    await leave(world, world.ada)
    await decide(world)
    assert await holder(world, asked) == world.sol.id


async def test_who_lost_the_line_and_is_back_gets_who_waits(world: World) -> None:
    """Being offline keeps them from being chosen; they are not barred beyond that, as who is silent is."""
    team = await team_of(world, world.ada)
    queue = {"kind": "queue", "team_id": team, "minutes": 30}
    await make_rule(world, {"kind": "route", "team_id": team}, queue, react_seconds=60)
    await come(world, world.ada)
    asked = await begin(world)
    await decide(world)
    for _ in range(2):
        await leave(world, world.ada)
        await decide(world)
        assert (await holder(world, asked), await waiting(world)) == (None, [asked])
        # While she is away nothing goes back and forth.
        told = len(await decisions(world, asked))
        await decide(world)
        assert len(await decisions(world, asked)) == told
        await come(world, world.ada)
        await decide(world)
        assert (await holder(world, asked), await waiting(world)) == (world.ada.id, [])
    # Once silent she is passed over, whether or not she goes and comes back afterwards.
    await age(world, 1)
    await decide(world)
    assert await waiting(world) == [asked]
    await leave(world, world.ada)
    await come(world, world.ada)
    await decide(world)
    assert await waiting(world) == [asked]


async def test_who_is_gone_and_gets_it_all_the_same_is_asked_no_more(world: World) -> None:
    """The fallback takes anybody, here or not: it stays with who has it, decided once."""
    team = await team_of(world, world.ada)
    anybody = {"kind": "route", "team_id": team, "state": "any"}
    await make_rule(world, {"kind": "route", "team_id": team}, fallbacks=[{"conditions": ALWAYS, "actions": [anybody]}])
    await come(world, world.ada)
    asked = await begin(world)
    await decide(world)
    await leave(world, world.ada)
    for _ in range(3):
        await decide(world)
    assert await holder(world, asked) == world.ada.id
    assert [each.cause for each in await decisions(world, asked)] == ["gone", "begun"]


async def test_an_answer_by_a_colleague_is_an_answer(world: World) -> None:
    who = await visitor(world)
    asked = await routed_to_ada(world, who=who)
    await answer(world, world.ben, asked)
    # The customer asks on, so it is unread again: they were answered all the same.
    await write(world, who, "And in blue?")
    await leave(world, world.ada)
    await age(world, 5)
    await decide(world)
    assert await holder(world, asked) == world.ada.id
    assert [each.cause for each in await decisions(world, asked)] == ["begun"]
