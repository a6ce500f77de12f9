"""Agents by the ids of another system, which keeps them in step."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, put
from litestar.params import Parameter

from alongside.domains.agents import actions, queries
from alongside.domains.agents.actions.syncing import ID_CHARS
from alongside.domains.agents.policy import MANAGE_AGENTS
from alongside.domains.agents.schemas import Agent, AgentSynced, ExternalAgent, SyncAgent
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who

ExternalId = Annotated[str, Parameter(max_length=ID_CHARS * 4, description="What the other system calls the agent.")]


@get("/agents/external", opt={"who": who.agent(MANAGE_AGENTS)})
async def list_external_agents(database: Database) -> list[ExternalAgent]:
    """All agents whom another system knows, by its ids, deactivated ones too."""
    async with database.reading() as reading:
        return await queries.external_agents(reading)


@put("/agents/external/{external_id:str}", opt={"who": who.agent(MANAGE_AGENTS)})
async def sync_agent(external_id: ExternalId, data: SyncAgent, actor: AgentActor, database: Database) -> AgentSynced:
    """Make an agent what the other system says: made, changed, deactivated, let back in. Twice is as good as once."""
    return await actions.sync_agent(database, actor, external_id, data)


@delete("/agents/external/{external_id:str}", status_code=200, opt={"who": who.agent(MANAGE_AGENTS)})
async def deactivate_external_agent(external_id: ExternalId, actor: AgentActor, database: Database) -> Agent:
    """End an agent's sessions and let them in no more; the id stays theirs."""
    return await actions.leave(database, actor, external_id)


ROUTES = [list_external_agents, sync_agent, deactivate_external_agent]
