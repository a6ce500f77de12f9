"""Colleagues, teams and open invitations."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post

from alongside.domains.agents import actions, queries
from alongside.domains.agents.joining_schemas import (
    ImportAgents,
    Imported,
    ImportPreview,
    Invitation,
    InvitationMade,
    NewInvitation,
)
from alongside.domains.agents.policy import MANAGE_AGENTS, MANAGE_TEAMS
from alongside.domains.agents.schemas import Agent, EditAgent, EditTeam, NewAgent, NewTeam, Team
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/agents", opt={"who": who.agent()})
async def list_agents(database: Database) -> list[Agent]:
    """All agents, deactivated ones too: history names them."""
    async with database.reading() as reading:
        return await queries.agents(reading)


@post("/agents", opt={"who": who.agent(MANAGE_AGENTS)})
async def create_agent(data: NewAgent, actor: AgentActor, database: Database) -> Agent:
    """Make an agent with a password."""
    return await actions.create_agent(database, actor, data)


@patch("/agents/{agent_id:uuid}", opt={"who": who.agent(MANAGE_AGENTS)})
async def edit_agent(agent_id: UUID, data: EditAgent, actor: AgentActor, database: Database) -> Agent:
    """Change an agent."""
    async with database.work() as work:
        return await actions.edit_agent(work, actor, agent_id, data)


@post("/agents/{agent_id:uuid}/deactivate", status_code=200, opt={"who": who.agent(MANAGE_AGENTS)})
async def deactivate_agent(agent_id: UUID, actor: AgentActor, database: Database) -> Agent:
    """End an agent's sessions and let them in no more."""
    return await actions.deactivate(database, actor, agent_id)


@post("/agents/{agent_id:uuid}/reactivate", status_code=200, opt={"who": who.agent(MANAGE_AGENTS)})
async def reactivate_agent(agent_id: UUID, actor: AgentActor, database: Database) -> Agent:
    """Let an agent sign in again."""
    async with database.work() as work:
        return await actions.reactivate(work, actor, agent_id)


@post("/agents/import/preview", status_code=200, opt={"who": who.agent(MANAGE_AGENTS)})
async def preview_import(data: ImportAgents, actor: AgentActor, database: Database) -> ImportPreview:
    """What importing a CSV file of people would do, line by line. Changes nothing."""
    return await actions.preview_import(database, actor, data)


@post("/agents/import", opt={"who": who.agent(MANAGE_AGENTS)})
async def import_agents(data: ImportAgents, actor: AgentActor, database: Database, config: Config) -> Imported:
    """Invite everybody in a CSV file, or nobody where any line has a problem. The links are told once."""
    return await actions.import_agents(database, config, actor, data)


@get("/teams", opt={"who": who.agent()})
async def list_teams(database: Database) -> list[Team]:
    """All teams."""
    async with database.reading() as reading:
        return await queries.teams(reading)


@post("/teams", opt={"who": who.agent(MANAGE_TEAMS)})
async def create_team(data: NewTeam, actor: AgentActor, database: Database) -> Team:
    """Make a team."""
    async with database.work() as work:
        return await actions.create_team(work, actor, data)


@patch("/teams/{team_id:uuid}", opt={"who": who.agent(MANAGE_TEAMS)})
async def edit_team(team_id: UUID, data: EditTeam, actor: AgentActor, database: Database) -> Team:
    """Change a team."""
    async with database.work() as work:
        return await actions.edit_team(work, actor, team_id, data)


@delete("/teams/{team_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE_TEAMS)})
async def delete_team(team_id: UUID, actor: AgentActor, database: Database) -> None:
    """Dissolve a team; its agents stay."""
    async with database.work() as work:
        await actions.delete_team(work, actor, team_id)


@get("/invitations", opt={"who": who.agent(MANAGE_AGENTS)})
async def list_invitations(database: Database) -> list[Invitation]:
    """Invitations that nobody has accepted yet."""
    async with database.reading() as reading:
        return await queries.invitations(reading)


@post("/invitations", opt={"who": who.agent(MANAGE_AGENTS)})
async def invite(data: NewInvitation, actor: AgentActor, database: Database, config: Config) -> InvitationMade:
    """Make an invitation; its link is told once."""
    return await actions.invite(database, config, actor, data)


@delete("/invitations/{invitation_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE_AGENTS)})
async def withdraw_invitation(invitation_id: UUID, actor: AgentActor, database: Database) -> None:
    """Make an invitation's link stop working."""
    async with database.work() as work:
        await actions.withdraw_invitation(work, actor, invitation_id)


ROUTES = [
    list_agents,
    create_agent,
    edit_agent,
    deactivate_agent,
    reactivate_agent,
    preview_import,
    import_agents,
    list_teams,
    create_team,
    edit_team,
    delete_team,
    list_invitations,
    invite,
    withdraw_invitation,
]
