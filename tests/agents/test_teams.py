"""Teams."""

from __future__ import annotations

from uuid import uuid4

import pytest

from alongside.domains.agents import actions, queries
from alongside.domains.agents.events import AgentStandingChanged, DirectoryChanged
from alongside.domains.agents.schemas import EditAgent, EditTeam, NewTeam
from alongside.platform.errors import Conflict, Forbidden, NotFound
from tests.world import Browser, World


async def test_made_changed_dissolved(world: World) -> None:
    async with world.database.work() as work:
        team = await actions.create_team(
            work, world.sol.actor, NewTeam(name=" Sales ", member_ids=[world.ada.id, world.ada.id], tags=["de"])
        )
    assert (team.name, team.member_ids, team.tags) == ("Sales", [world.ada.id], ["de"])
    async with world.database.work() as work:
        team = await actions.edit_team(work, world.sol.actor, team.id, EditTeam(member_ids=[world.ben.id]))
    assert (team.name, team.member_ids, team.tags) == ("Sales", [world.ben.id], ["de"])
    async with world.database.reading() as reading:
        ben = await queries.agent(reading, world.ben.id)
    assert ben is not None
    assert ben.team_ids == [team.id]
    async with world.database.work() as work:
        await actions.delete_team(work, world.sol.actor, team.id)
        assert await queries.teams(work) == []
    assert len(world.facts.of(DirectoryChanged)) == 3
    first, *later = [fact.agent_id for fact in world.facts.of(AgentStandingChanged)]
    assert first == world.ada.id
    assert set(later) == {world.ada.id, world.ben.id}


async def test_names_are_unique_whatever_the_case(world: World) -> None:
    async with world.database.work() as work:
        await actions.create_team(work, world.sol.actor, NewTeam(name="Sales"))
        other = await actions.create_team(work, world.sol.actor, NewTeam(name="Care"))
    with pytest.raises(Conflict):
        async with world.database.work() as work:
            await actions.create_team(work, world.sol.actor, NewTeam(name="SALES"))
    with pytest.raises(Conflict):
        async with world.database.work() as work:
            await actions.edit_team(work, world.sol.actor, other.id, EditTeam(name="sales"))


async def test_unknown_members_and_teams(world: World) -> None:
    with pytest.raises(NotFound):
        async with world.database.work() as work:
            await actions.create_team(work, world.sol.actor, NewTeam(name="Sales", member_ids=[uuid4()]))
    with pytest.raises(NotFound):
        async with world.database.work() as work:
            await actions.edit_team(work, world.sol.actor, uuid4(), EditTeam(name="X"))
    async with world.database.reading() as reading:
        assert await queries.teams(reading) == []


async def test_an_agents_teams_are_set_from_either_side(world: World) -> None:
    async with world.database.work() as work:
        team = await actions.create_team(work, world.sol.actor, NewTeam(name="Sales"))
        edited = await actions.edit_agent(work, world.sol.actor, world.ada.id, EditAgent(team_ids=[team.id]))
        assert edited.team_ids == [team.id]
        assert (await queries.teams(work))[0].member_ids == [world.ada.id]


async def test_the_verb_asks_the_policy_itself(world: World) -> None:
    with pytest.raises(Forbidden):
        async with world.database.work() as work:
            await actions.create_team(work, world.ada.actor, NewTeam(name="Mine"))


async def test_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    made = await browser.post("/teams", {"name": "Sales", "member_ids": [str(world.ada.id)]})
    assert made.status_code == 201
    address = f"/teams/{made.json()['id']}"
    assert (await browser.patch(address, {"name": "Care"})).json()["name"] == "Care"
    assert (await browser.patch(address, {"name": "x" * 81})).status_code == 422
    assert [team["name"] for team in (await browser.be(world.ada).get("/teams")).json()] == ["Care"]
    assert (await browser.be(world.sol).delete(address)).status_code == 204
    assert (await browser.get("/teams")).json() == []
