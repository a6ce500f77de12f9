"""Teams: made, changed, dissolved."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from msgspec import UNSET

from alongside.domains.agents import logic, policy, queries
from alongside.domains.agents.actions.accounts import hold, require
from alongside.domains.agents.events import (
    AgentStandingChanged,
    DirectoryChanged,
    TeamCreated,
    TeamDeleted,
    TeamEdited,
)
from alongside.domains.agents.schemas import EditTeam, NewTeam, Team
from alongside.platform.auth.actor import AgentActor, id_of
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, NotFound

LEAVE = "DELETE FROM team_member WHERE team_id = $1 RETURNING agent_id"


async def create_team(work: Work, actor: AgentActor, new: NewTeam) -> Team:
    """Make a team. Raises `Conflict` for a taken name, `NotFound` for a member who does not exist."""
    require(policy.may_manage_teams(actor))
    await hold(work, actor, *new.member_ids)
    team_id: UUID | None = await work.value(
        "INSERT INTO team (name, tags) VALUES ($1, $2) ON CONFLICT ((lower(name))) DO NOTHING RETURNING id",
        logic.team_name(new.name),
        logic.tags(new.tags),
    )
    if team_id is None:
        raise _name_taken()
    joined, _ = await _set_members(work, team_id, new.member_ids)
    work.announce(DirectoryChanged())
    team = await _team(work, team_id)
    work.announce(TeamCreated(actor_id=id_of(actor), team_id=team_id, team=team.name, agents=joined))
    return team


async def edit_team(work: Work, actor: AgentActor, team_id: UUID, change: EditTeam) -> Team:
    """Change a team; fields left out stay as they are."""
    require(policy.may_manage_teams(actor))
    await hold(work, actor, *(() if change.member_ids is UNSET else change.member_ids))
    await _lock(work, team_id)
    joined: list[str] = []
    left: list[str] = []
    if change.name is not UNSET:
        try:
            await work.run("UPDATE team SET name = $2 WHERE id = $1", team_id, logic.team_name(change.name))
        except asyncpg.UniqueViolationError:
            raise _name_taken() from None
    if change.tags is not UNSET:
        await work.run("UPDATE team SET tags = $2 WHERE id = $1", team_id, logic.tags(change.tags))
    if change.member_ids is not UNSET:
        joined, left = await _set_members(work, team_id, change.member_ids)
    work.announce(DirectoryChanged())
    team = await _team(work, team_id)
    fields = [name for name in ("name", "tags", "member_ids") if getattr(change, name) is not UNSET]
    work.announce(
        TeamEdited(actor_id=id_of(actor), team_id=team_id, team=team.name, fields=fields, joined=joined, left=left)
    )
    return team


async def delete_team(work: Work, actor: AgentActor, team_id: UUID) -> None:
    """Dissolve a team. Its conversations belong to no team from then on; its agents stay."""
    require(policy.may_manage_teams(actor))
    await hold(work, actor)
    await _lock(work, team_id)
    team = await _team(work, team_id)
    for agent_id in team.member_ids:
        work.announce(AgentStandingChanged(agent_id=agent_id))
    await work.run("DELETE FROM team WHERE id = $1", team_id)
    work.announce(DirectoryChanged())
    work.announce(TeamDeleted(actor_id=id_of(actor), team=team.name))


async def _lock(work: Work, team_id: UUID) -> None:
    if not await work.value("SELECT true FROM team WHERE id = $1 FOR UPDATE", team_id):
        raise NotFound("no-such-team", "This team does not exist (any more).")


async def _set_members(work: Work, team_id: UUID, agent_ids: Sequence[UUID]) -> tuple[list[str], list[str]]:
    """Who joined and who left, by name. Sockets of all whose sight this changes are told to ask anew."""
    before = {row["agent_id"] for row in await work.rows(LEAVE, team_id)}
    after = set(agent_ids)
    try:
        await work.run(
            "INSERT INTO team_member (team_id, agent_id) SELECT $1::uuid, unnest($2::uuid[])", team_id, list(after)
        )
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("no-such-agent", "One of these agents does not exist.") from None
    changed = before ^ after
    concerned = changed | set(await queries.seeing_teams(work, [team_id])) if changed else set()
    for agent_id in concerned:
        work.announce(AgentStandingChanged(agent_id=agent_id))
    return await queries.names(work, list(after - before)), await queries.names(work, list(before - after))


async def _team(work: Work, team_id: UUID) -> Team:
    team = await queries.team(work, team_id)
    if team is None:
        raise LookupError("written in this transaction")
    return team


def _name_taken() -> Conflict:
    return Conflict("team-name-taken", "There is already a team with this name.")
