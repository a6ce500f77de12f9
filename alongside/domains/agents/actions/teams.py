"""Teams: made, changed, dissolved."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from msgspec import UNSET

from alongside.domains.agents import logic, policy, queries
from alongside.domains.agents.actions.accounts import require
from alongside.domains.agents.events import AgentStandingChanged, DirectoryChanged
from alongside.domains.agents.schemas import EditTeam, NewTeam, Team
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, NotFound


async def create_team(work: Work, actor: AgentActor, new: NewTeam) -> Team:
    """Make a team. Raises `Conflict` for a taken name, `NotFound` for a member who does not exist."""
    require(policy.may_manage_teams(actor))
    team_id: UUID | None = await work.value(
        "INSERT INTO team (name, tags) VALUES ($1, $2) ON CONFLICT ((lower(name))) DO NOTHING RETURNING id",
        logic.team_name(new.name),
        logic.tags(new.tags),
    )
    if team_id is None:
        raise _name_taken()
    await _set_members(work, team_id, new.member_ids)
    work.announce(DirectoryChanged())
    return await _team(work, team_id)


async def edit_team(work: Work, actor: AgentActor, team_id: UUID, change: EditTeam) -> Team:
    """Change a team; fields left out stay as they are."""
    require(policy.may_manage_teams(actor))
    await _lock(work, team_id)
    if change.name is not UNSET:
        try:
            await work.run("UPDATE team SET name = $2 WHERE id = $1", team_id, logic.team_name(change.name))
        except asyncpg.UniqueViolationError:
            raise _name_taken() from None
    if change.tags is not UNSET:
        await work.run("UPDATE team SET tags = $2 WHERE id = $1", team_id, logic.tags(change.tags))
    if change.member_ids is not UNSET:
        await _set_members(work, team_id, change.member_ids)
    work.announce(DirectoryChanged())
    return await _team(work, team_id)


async def delete_team(work: Work, actor: AgentActor, team_id: UUID) -> None:
    """Dissolve a team. Its conversations belong to no team from then on; its agents stay."""
    require(policy.may_manage_teams(actor))
    await _lock(work, team_id)
    await work.run("DELETE FROM team WHERE id = $1", team_id)
    work.announce(DirectoryChanged())


async def _lock(work: Work, team_id: UUID) -> None:
    if not await work.value("SELECT true FROM team WHERE id = $1 FOR UPDATE", team_id):
        raise NotFound("no-such-team", "This team does not exist (any more).")


async def _set_members(work: Work, team_id: UUID, agent_ids: Sequence[UUID]) -> None:
    left = await work.rows("DELETE FROM team_member WHERE team_id = $1 RETURNING agent_id", team_id)
    for agent_id in {row["agent_id"] for row in left} ^ set(agent_ids):
        work.announce(AgentStandingChanged(agent_id=agent_id))
    try:
        await work.run(
            "INSERT INTO team_member (team_id, agent_id) SELECT DISTINCT $1::uuid, unnest($2::uuid[])",
            team_id,
            list(agent_ids),
        )
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("no-such-agent", "One of these agents does not exist.") from None


async def _team(work: Work, team_id: UUID) -> Team:
    team = await queries.team(work, team_id)
    if team is None:
        raise LookupError("written in this transaction")
    return team


def _name_taken() -> Conflict:
    return Conflict("team-name-taken", "There is already a team with this name.")
