"""What is stuck holds up nobody else: a process that froze, a row that is held, a conversation that always fails."""

from __future__ import annotations

from uuid import UUID

import pytest
from structlog.testing import capture_logs

from alongside.domains.routing import actions
from alongside.domains.routing.actions import Apart, Busy
from alongside.domains.routing.actions.deciding import Held, alone
from alongside.domains.routing.router import Router
from alongside.platform.errors import Unavailable
from tests.routing.desk import answer, begin, come, decide, holder, leave, make_rule, switch, waiting
from tests.world import Colleague, World

HOLD = "SELECT FROM conversation WHERE id = $1 FOR UPDATE"


async def everybody_to(world: World, who: Colleague) -> None:
    await make_rule(world, {"kind": "route", "agent_id": str(who.id), "state": "any"})


async def spoil(world: World, conversation_id: UUID) -> None:
    """Nothing that is decided about it can be kept."""
    async with world.database.work() as work:
        await work.run("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'spoilt'; END $$")
        await work.run(
            "CREATE TRIGGER spoil BEFORE INSERT ON routing_decision FOR EACH ROW "
            f"WHEN (NEW.conversation_id = '{conversation_id}') EXECUTE FUNCTION spoil()"
        )


async def mend(world: World) -> None:
    async with world.database.work() as work:
        await work.run("DROP FUNCTION spoil CASCADE")


async def test_a_process_that_froze_while_it_decided_loses_its_session(world: World) -> None:
    await everybody_to(world, world.ada)
    asked = await begin(world)
    with pytest.raises(Unavailable):
        async with alone(world.database) as frozen:
            await frozen.run("DELETE FROM routing_pending")
            await decide(world)
    # What it had done by then was undone, and somebody else has decided.
    assert await holder(world, asked) == world.ada.id


async def test_a_conversation_that_somebody_holds_is_decided_about_later(world: World) -> None:
    await everybody_to(world, world.ada)
    held, other = await begin(world), await begin(world)
    async with world.database.work() as frozen:
        await frozen.run(HOLD, held)
        with pytest.raises(Held):
            await actions.route(world.database, held)
        await decide(world)
        assert (await holder(world, held), await holder(world, other)) == (None, world.ada.id)
    await decide(world)
    assert await holder(world, held) == world.ada.id


async def test_who_waits_behind_one_that_somebody_holds_is_served(world: World) -> None:
    await make_rule(world, {"kind": "queue", "minutes": 30})
    held, other = await begin(world), await begin(world)
    await decide(world)
    await come(world, world.ada)
    async with world.database.work() as frozen:
        await frozen.run(HOLD, held)
        await decide(world)
        assert (await holder(world, other), await waiting(world)) == (world.ada.id, [held])
    await decide(world)
    assert await holder(world, held) == world.ada.id


async def test_an_agent_whom_somebody_holds_keeps_nobody_from_the_others(world: World) -> None:
    for_ben = {"kind": "group", "of": [{"kind": "message", "compare": "contains", "value": "Ben"}]}
    await make_rule(world, {"kind": "route", "agent_id": str(world.ben.id), "state": "any"}, conditions=for_ben)
    await everybody_to(world, world.ada)
    stuck, other = await begin(world), await begin(world, "Ben, please")
    async with world.database.work() as frozen:
        await frozen.run("SELECT FROM agent WHERE id = $1 FOR KEY SHARE", world.ada.id)
        await decide(world)
        assert (await holder(world, stuck), await holder(world, other)) == (None, world.ben.id)
    await decide(world)
    assert await holder(world, stuck) == world.ada.id


async def test_one_that_fails_ends_the_round_for_nobody_else(world: World) -> None:
    await everybody_to(world, world.ada)
    spoilt, other = await begin(world), await begin(world)
    await spoil(world, spoilt)
    router = Router(world.database)
    with capture_logs() as lines:
        for _ in range(2):
            await router.see_to_all()
    assert (await holder(world, spoilt), await holder(world, other)) == (None, world.ada.id)
    told = [line for line in lines if line["event"] == "routing.failed"]
    assert [line["conversation_id"] for line in told] == [str(spoilt)]
    await mend(world)
    await router.see_to_all()
    assert await holder(world, spoilt) == world.ada.id


async def test_one_that_fails_where_it_is_served_or_planned_anew_ends_it_for_nobody_else(world: World) -> None:
    rule = await make_rule(world, {"kind": "queue", "minutes": 30})
    spoilt, other = await begin(world), await begin(world)
    await decide(world)
    await spoil(world, spoilt)
    await come(world, world.ada)
    await decide(world)
    assert (await holder(world, other), await waiting(world)) == (world.ada.id, [spoilt])
    await answer(world, world.ada, other)
    last = await begin(world)
    await leave(world, world.ada)
    await decide(world)
    assert await waiting(world) == [spoilt, last]
    await switch(world, rule, "off")
    await decide(world)
    assert await waiting(world) == [spoilt]


async def test_one_that_fails_when_its_agent_is_gone_ends_it_for_nobody_else(world: World) -> None:
    await make_rule(world, {"kind": "route", "agent_id": str(world.ada.id)})
    await come(world, world.ada)
    spoilt, other = await begin(world), await begin(world)
    await decide(world)
    await spoil(world, spoilt)
    await leave(world, world.ada)
    await decide(world)
    assert (await holder(world, spoilt), await holder(world, other)) == (world.ada.id, None)


@pytest.mark.parametrize("error", [Busy(), Unavailable("database-away", "It is away.")])
def test_what_concerns_all_ends_the_round(error: Exception) -> None:
    apart = Apart()
    with pytest.raises(type(error)), apart.attempt(UUID(int=1)):
        raise error
    assert apart.ids == set()


def test_what_is_no_conversations_ends_the_round() -> None:
    with pytest.raises(ValueError, match="ours"), Apart().attempt():
        raise ValueError("ours")
