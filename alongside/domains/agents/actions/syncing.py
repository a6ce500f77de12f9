"""Agents kept in step with another system, which knows each by an id of its own: made, changed, sent away."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET

from alongside.domains.agents import logic, policy, queries
from alongside.domains.agents.actions.accounts import (
    Manager,
    Newcomer,
    add_agent,
    columns,
    deactivate,
    edit_agent,
    hold,
    manageable,
    reactivate,
    require,
    require_grantable,
)
from alongside.domains.agents.actions.sign_in_rules import judge_password
from alongside.domains.agents.schemas import Agent, AgentSynced, EditAgent, SyncAgent
from alongside.kit.text import clean_line
from alongside.platform.auth import passwords
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Invalid, NotFound

ID_CHARS = 200

# Two that bring the same person at once come one after the other.
IN_TURN = "SELECT pg_advisory_xact_lock(hashtextextended('agents.sync ' || $1, 0))"
LINK = "UPDATE agent SET external_id = $2 WHERE id = $1 AND external_id IS NULL"


async def sync_agent(database: Database, actor: Manager, external_id: str, wanted: SyncAgent) -> AgentSynced:
    """Make the agent whom another system knows by this id what it says; twice is as good as once.

    Who is not known by the id yet is found by address, and known from now on; else made. What is left out stays as it
    is. Raises as `create_agent`, `edit_agent` and `deactivate` do.
    """
    require(policy.may_manage_agents(actor))
    key = _key(external_id)
    password_hash = await _password_hash(database, wanted)
    async with database.work() as work:
        await work.run(IN_TURN, key)
        found = await _find(work, actor, key, wanted)
        created = found is None
        agent = await _make(work, actor, key, wanted, password_hash) if found is None else found
        changes = EditAgent() if created else _differences(agent, wanted)
        if changes != EditAgent():
            agent = await edit_agent(work, actor, agent.id, changes)
        if wanted.active and not agent.active:
            agent = await reactivate(work, actor, agent.id)
    if agent.active and not wanted.active:
        agent = await deactivate(database, actor, agent.id)
    return AgentSynced(external_id=key, created=created, agent=agent)


async def leave(database: Database, actor: Manager, external_id: str) -> Agent:
    """The other system has this person no more: their sessions end, their history and name stay."""
    require(policy.may_manage_agents(actor))
    async with database.reading() as reading:
        agent = await queries.agent_by_external_id(reading, _key(external_id))
    if agent is None:
        raise NotFound("no-such-agent", "No agent is known by this id.")
    return await deactivate(database, actor, agent.id) if agent.active else agent


async def _find(work: Work, actor: Manager, key: str, wanted: SyncAgent) -> Agent | None:
    """Who is known by the id, or has the address and is known by none: linked, by who may manage them."""
    known = await queries.agent_by_external_id(work, key)
    if known is not None or wanted.email is UNSET:
        return known
    account = await queries.account(work, logic.normal_email(wanted.email))
    if account is None:
        return None
    await manageable(work, actor, account.id)
    if not await work.run(LINK, account.id, key):
        raise Conflict("known-otherwise", "The agent with this address is known by another id. Change the address.")
    return await queries.agent(work, account.id)


async def _make(work: Work, actor: Manager, key: str, wanted: SyncAgent, password_hash: str | None) -> Agent:
    if wanted.email is UNSET or wanted.display_name is UNSET or wanted.role_id is UNSET:
        raise Invalid("agent-incomplete", "Nobody is known by this id. A new agent needs email, display_name, role_id.")
    await hold(work, actor)
    await require_grantable(work, actor, wanted.role_id)
    optional = ("locale", "area", "chat_limit", "team_ids")
    given = {name: value for name in optional if (value := getattr(wanted, name)) is not UNSET}
    newcomer = Newcomer(
        email=logic.normal_email(wanted.email),
        display_name=logic.display_name(wanted.display_name),
        password_hash=password_hash,
        role_id=wanted.role_id,
        tags=[] if wanted.tags is UNSET else logic.tags(wanted.tags),
        description="" if wanted.description is UNSET else logic.description(wanted.description),
        **given,
    )
    agent = await add_agent(work, actor, newcomer)
    await work.run(LINK, agent.id, key)
    return agent


async def _password_hash(database: Database, wanted: SyncAgent) -> str | None:
    if wanted.password is None or wanted.email is UNSET or wanted.display_name is UNSET:
        return None
    email, name = logic.normal_email(wanted.email), logic.display_name(wanted.display_name)
    await judge_password(database, wanted.password, email, name)
    return await passwords.hash_password(wanted.password)


def _differences(agent: Agent, wanted: SyncAgent) -> EditAgent:
    """What is asked for and is not so yet: a repeat changes nothing, and the audit log tells of nothing."""
    now = {name: getattr(agent, name) for name in EditAgent.__struct_fields__ if name != "role_id"}
    now["role_id"] = agent.role.id
    different: dict[str, Any] = {name: value for name, value in columns(wanted).items() if value != now[name]}
    if wanted.team_ids is not UNSET and set(wanted.team_ids) != set(agent.team_ids):
        different["team_ids"] = wanted.team_ids
    return EditAgent(**different)


def _key(external_id: str) -> str:
    key = clean_line(external_id, ID_CHARS + 1)
    if not 1 <= len(key) <= ID_CHARS:
        raise Invalid("external-id-malformed", f"An id has 1 to {ID_CHARS} characters.")
    return key
