"""Two who change people, roles or teams at once wait in a line, never in a circle.

The first deed is held open, its locks taken, until the second waits for it or is done; then the first goes on to the
end of its transaction, where the audit log names its actor.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import permutations

import pytest

from alongside.domains.agents import actions, queries
from alongside.domains.agents.schemas import EditAgent, EditRole, EditTeam, NewRole, NewTeam
from alongside.platform.db import Work
from alongside.platform.errors import Refusal
from tests.harness.until import until
from tests.world import World, hire, make_role

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"

Deed = Callable[[Work], Awaitable[object]]


async def overlap(world: World, first: Deed, second: Deed) -> Refusal | None:
    """What the second met while the first was not yet final. A deadlock is an error of either, and no `Refusal`."""

    async def alone() -> None:
        async with world.database.work() as work:
            await second(work)

    async def waits() -> bool:
        async with world.database.reading() as reading:
            return other.done() or await reading.value(WAITING) > 0

    async with world.database.work() as work:
        await first(work)
        other = asyncio.create_task(alone())
        await until(waits, what="the second waits for the first, or needs not")
    try:
        await other
    except Refusal as refusal:
        return refusal
    return None


async def test_deeds_about_people_never_wait_in_a_circle(world: World) -> None:
    database, sol = world.database, world.sol.actor
    async with database.reading() as reading:
        admin = next(role.id for role in await queries.roles(reading) if role.name == "Admin")
    kim = (await hire(world.config, database, "Kim", admin)).actor
    async with database.work() as work:
        role = await actions.create_role(work, sol, NewRole(name="Spare", permissions=[]))
        team = await actions.create_team(work, sol, NewTeam(name="Team", member_ids=[sol.id, kim.id]))

    async def sol_changes_kim(work: Work) -> None:
        await actions.edit_agent(work, sol, kim.id, EditAgent(description="by Sol", team_ids=[team.id]))

    async def kim_changes_sol(work: Work) -> None:
        await actions.edit_agent(work, kim, sol.id, EditAgent(description="by Kim", team_ids=[team.id]))

    async def sol_lets_kim_in(work: Work) -> None:
        await actions.reactivate(work, sol, kim.id)

    async def kim_changes_the_team(work: Work) -> None:
        await actions.edit_team(work, kim, team.id, EditTeam(member_ids=[sol.id, kim.id], tags=["x"]))

    async def kim_marks_the_team(work: Work) -> None:
        await actions.edit_team(work, kim, team.id, EditTeam(tags=["y"]))

    async def kim_makes_a_team(work: Work) -> None:
        made = await actions.create_team(work, kim, NewTeam(name="Short", member_ids=[sol.id]))
        await actions.delete_team(work, kim, made.id)

    async def kim_changes_the_role(work: Work) -> None:
        await actions.edit_role(work, kim, role.id, EditRole(permissions=["contacts.edit"]))
        await actions.edit_role(work, kim, role.id, EditRole(permissions=[]))

    async def kim_ends_sessions(work: Work) -> None:
        await actions.revoke_others(work, kim)

    deeds = [
        sol_changes_kim,
        kim_changes_sol,
        sol_lets_kim_in,
        kim_changes_the_team,
        kim_marks_the_team,
        kim_makes_a_team,
        kim_changes_the_role,
        kim_ends_sessions,
    ]
    for first, second in permutations(deeds, 2):
        assert await overlap(world, first, second) is None, f"{first.__name__}, {second.__name__}"


async def test_a_role_that_is_given_is_not_deleted_meanwhile(world: World) -> None:
    role_id = await make_role(world.database, "Spare", [])
    sol = world.sol.actor

    async def give(work: Work) -> None:
        await actions.edit_agent(work, sol, world.ada.id, EditAgent(role_id=role_id))

    async def delete(work: Work) -> None:
        await actions.delete_role(work, sol, role_id)

    refused = await overlap(world, give, delete)
    assert refused is not None
    assert refused.code == "role-in-use"


@pytest.mark.parametrize("order", ["given first", "deleted first"])
async def test_a_team_that_is_joined_is_not_half_dissolved(world: World, order: str) -> None:
    sol = world.sol.actor
    async with world.database.work() as work:
        team = await actions.create_team(work, sol, NewTeam(name="Team", member_ids=[world.ada.id]))

    async def join(work: Work) -> None:
        await actions.edit_agent(work, sol, world.ada.id, EditAgent(team_ids=[team.id]))

    async def dissolve(work: Work) -> None:
        await actions.delete_team(work, sol, team.id)

    deeds = (join, dissolve) if order == "given first" else (dissolve, join)
    refused = await overlap(world, *deeds)
    assert (refused.code if refused else None) == (None if order == "given first" else "no-such-team")
