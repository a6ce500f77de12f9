"""The stage and the cast, and a team of Ada's."""

from __future__ import annotations

from uuid import UUID

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from tests.world import World, browser, config, database, facts, storage, world  # noqa: F401


@pytest.fixture
async def returns(world: World) -> UUID:  # noqa: F811
    """The team Returns, in which Ada is and Ben is not."""
    async with world.database.work() as work:
        team = await agents.create_team(work, world.sol.actor, NewTeam(name="Returns", member_ids=[world.ada.id]))
    world.facts.clear()
    return team.id
