"""Agents as their managers see them: made, changed, deactivated, let back in.

Whoever changes people locks rows in one order, so that two of them wait in a line and never in a circle: agents by id
(who acts among them, for the audit log names them), then roles, invitations, teams, sessions.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
from msgspec import UNSET

from alongside.domains.agents import logic, policy, queries
from alongside.domains.agents.actions.half_sign_ins import forget_halves_of
from alongside.domains.agents.actions.presence import announce_presence_changes
from alongside.domains.agents.actions.sessions import revoke_all
from alongside.domains.agents.actions.sign_in_rules import judge_password
from alongside.domains.agents.events import (
    AgentCreated,
    AgentDeactivated,
    AgentEdited,
    AgentReactivated,
    AgentStandingChanged,
    DirectoryChanged,
    RoleGiven,
)
from alongside.domains.agents.queries import Standing
from alongside.domains.agents.schemas import Agent, AgentChanges, Area, EditAgent, NewAgent
from alongside.domains.workspace.queries import workspace
from alongside.domains.workspace.schemas import Locale
from alongside.platform.auth import passwords
from alongside.platform.auth.actor import EVERYTHING, AgentActor, SystemActor, id_of
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, NotFound

Manager = AgentActor | SystemActor


class Newcomer(msgspec.Struct, frozen=True, kw_only=True):
    """An agent about to be made: cleaned, judged, the password hashed; None for who signs in elsewhere."""

    email: str
    display_name: str
    password_hash: str | None
    role_id: UUID
    locale: Locale | None = None
    area: Area = "chat"
    chat_limit: int = 5
    tags: Sequence[str] = ()
    team_ids: Sequence[UUID] = ()
    description: str = ""


async def create_agent(database: Database, actor: Manager, new: NewAgent) -> Agent:
    """Make an agent who can sign in at once.

    Raises `Conflict` for a taken address, `Forbidden` where the role grants more than the actor holds.
    """
    require(policy.may_manage_agents(actor))
    email = logic.normal_email(new.email)
    display_name = logic.display_name(new.display_name)
    await judge_password(database, new.password, email, display_name)
    newcomer = Newcomer(
        email=email,
        display_name=display_name,
        password_hash=await passwords.hash_password(new.password),
        role_id=new.role_id,
        locale=new.locale,
        area=new.area,
        chat_limit=new.chat_limit,
        tags=logic.tags(new.tags),
        team_ids=new.team_ids,
        description=logic.description(new.description),
    )
    async with database.work() as work:
        await hold(work, actor)
        await require_grantable(work, actor, new.role_id)
        return await add_agent(work, actor, newcomer)


async def create_admin(database: Database, email: str, display_name: str, password: str) -> Agent:
    """Make an agent of the role Admin: for the operator at the command line."""
    async with database.reading() as reading:
        admin = next(role for role in await queries.roles(reading) if EVERYTHING in role.permissions)
    new = NewAgent(email=email, display_name=display_name, password=password, role_id=admin.id)
    return await create_agent(database, SystemActor(), new)


async def edit_agent(work: Work, actor: Manager, agent_id: UUID, change: EditAgent) -> Agent:
    """Change an agent. Raises `Conflict` where nobody would be left who may do everything."""
    target = await manageable(work, actor, agent_id)
    if change.role_id is not UNSET and change.role_id != target.role_id:
        await require_grantable(work, actor, change.role_id)
        await require_admin_left(work, target)
        await withdraw_invitations(work, agent_id)
        work.announce(AgentStandingChanged(agent_id=agent_id))
    changed = columns(change)
    for column, value in changed.items():
        try:
            await work.run(f"UPDATE agent SET {column} = $2 WHERE id = $1", agent_id, value)
        except asyncpg.UniqueViolationError:
            raise _email_taken() from None
    if change.email is not UNSET:
        await forget_halves_of(work, agent_id)
    if change.team_ids is not UNSET:
        await join_teams(work, agent_id, change.team_ids)
    work.announce(DirectoryChanged())
    agent = await _agent(work, agent_id)
    fields = sorted({*changed, *(() if change.team_ids is UNSET else ("team_ids",))} - {"role_id"})
    if fields:
        work.announce(AgentEdited(actor_id=id_of(actor), agent_id=agent_id, agent=agent.display_name, fields=fields))
    if agent.role.id != target.role_id:
        work.announce(
            RoleGiven(
                actor_id=id_of(actor),
                agent_id=agent_id,
                agent=agent.display_name,
                role=agent.role.name,
                was_role=target.role_name,
            )
        )
    return agent


async def deactivate(database: Database, actor: Manager, agent_id: UUID) -> Agent:
    """End all sessions of an agent for good. Their history, messages and name stay."""
    async with database.work() as work:
        target = await manageable(work, actor, agent_id)
        await require_admin_left(work, target)
        await work.run("UPDATE agent SET active = false WHERE id = $1", agent_id)
        await revoke_all(work, agent_id)
        await forget_halves_of(work, agent_id)
        await withdraw_invitations(work, agent_id)
        work.announce(DirectoryChanged())
        agent = await _agent(work, agent_id)
        work.announce(AgentDeactivated(actor_id=id_of(actor), agent_id=agent_id, agent=agent.display_name))
    await announce_presence_changes(database)
    return agent


async def reactivate(work: Work, actor: Manager, agent_id: UUID) -> Agent:
    """Let an agent sign in again, with the password they had."""
    await manageable(work, actor, agent_id)
    await work.run("UPDATE agent SET active = true WHERE id = $1", agent_id)
    work.announce(DirectoryChanged())
    agent = await _agent(work, agent_id)
    work.announce(AgentReactivated(actor_id=id_of(actor), agent_id=agent_id, agent=agent.display_name))
    return agent


async def add_agent(work: Work, actor: Manager | None, newcomer: Newcomer) -> Agent:
    """Write the row. Raises `Conflict` for a taken address. The caller has judged who may.

    `actor` None: the new agent, who holds a link that lets them in.
    """
    locale = newcomer.locale or (await workspace(work)).default_locale
    agent_id: UUID | None = await work.value(
        """
        INSERT INTO agent (email, display_name, password_hash, role_id, locale, area, chat_limit, tags, description)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT ((lower(email))) DO NOTHING RETURNING id
        """,
        newcomer.email,
        newcomer.display_name,
        newcomer.password_hash,
        newcomer.role_id,
        locale,
        newcomer.area,
        newcomer.chat_limit,
        list(newcomer.tags),
        newcomer.description,
    )
    if agent_id is None:
        raise _email_taken()
    await join_teams(work, agent_id, newcomer.team_ids)
    work.announce(DirectoryChanged())
    agent = await _agent(work, agent_id)
    by = id_of(actor) if actor else agent_id
    work.announce(AgentCreated(actor_id=by, agent_id=agent_id, agent=agent.display_name, role=agent.role.name))
    return agent


async def join_teams(work: Work, agent_id: UUID, team_ids: Sequence[UUID]) -> None:
    """Make these the agent's teams. Raises `NotFound` for one that does not exist.

    Their sockets, and those of colleagues who see what their teams' members have, are told to ask anew.
    """
    await queries.existing_teams(work, [*team_ids, *await queries.teams_of(work, agent_id)])
    left = await work.rows("DELETE FROM team_member WHERE agent_id = $1 RETURNING team_id", agent_id)
    try:
        await work.run(
            "INSERT INTO team_member (team_id, agent_id) SELECT DISTINCT unnest($2::uuid[]), $1::uuid",
            agent_id,
            list(team_ids),
        )
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("no-such-team", "One of these teams does not exist (any more).") from None
    changed = {row["team_id"] for row in left} ^ set(team_ids)
    concerned = {agent_id, *await queries.seeing_teams(work, list(changed))} if changed else set()
    for each in concerned:
        work.announce(AgentStandingChanged(agent_id=each))


async def hold(work: Work, actor: Manager, *others: UUID) -> None:
    """Before anything else is locked: the actor, whom the audit log will name, and these agents stay as they are."""
    await queries.hold(work, [*others, *(() if isinstance(actor, SystemActor) else (actor.id,))])


async def manageable(work: Work, actor: Manager, agent_id: UUID) -> Standing:
    """What the agent holds, with the row locked. Raises where the actor may not manage them."""
    require(policy.may_manage_agents(actor))
    if isinstance(actor, AgentActor) and actor.id < agent_id:
        await hold(work, actor)
    target = await queries.standing(work, agent_id)
    await hold(work, actor)
    if target is None:
        raise NotFound("no-such-agent", "This agent does not exist.")
    require(policy.covers(actor, target.permissions))
    return target


async def require_grantable(work: Work, actor: Manager, role_id: UUID) -> None:
    """Raises unless the role exists and grants no more than the actor holds."""
    role = await queries.role_held(work, role_id)
    if role is None:
        raise NotFound("no-such-role", "This role does not exist.")
    if not policy.covers(actor, role.permissions):
        raise Forbidden(
            "not-permitted",
            "This role allows more than whoever gives it may do: no program can give Admin. Choose another role.",
        )


async def require_admin_left(work: Work, leaving: Standing) -> None:
    """Raises `Conflict` if `leaving` is the last one who may do everything."""
    if not leaving.active or EVERYTHING not in leaving.permissions:
        return
    if not await queries.other_admins(work, await queries.admin_roles(work), besides=leaving.id):
        raise Conflict("last-admin", "This is the last active admin. Make somebody else an admin first.")


def require(allowed: bool) -> None:
    """Raises `Forbidden` unless allowed."""
    if not allowed:
        raise Forbidden("not-permitted", "Your role does not allow this. Ask an admin for it.")


def columns(change: AgentChanges) -> dict[str, Any]:
    """What changes, by column; the names are ours, never the caller's."""
    cleaned = {
        "email": change.email if change.email is UNSET else logic.normal_email(change.email),
        "display_name": change.display_name
        if change.display_name is UNSET
        else logic.display_name(change.display_name),
        "role_id": change.role_id,
        "locale": change.locale,
        "area": change.area,
        "chat_limit": change.chat_limit,
        "tags": change.tags if change.tags is UNSET else logic.tags(change.tags),
        "description": change.description if change.description is UNSET else logic.description(change.description),
    }
    return {column: value for column, value in cleaned.items() if value is not UNSET}


async def withdraw_invitations(work: Work, agent_id: UUID) -> None:
    """Links that somebody gave out no longer stand for more than that person still does."""
    await work.run("DELETE FROM invitation WHERE invited_by = $1 AND accepted_at IS NULL", agent_id)


async def _agent(work: Work, agent_id: UUID) -> Agent:
    agent = await queries.agent(work, agent_id)
    if agent is None:
        raise LookupError("an agent is never deleted")
    return agent


def _email_taken() -> Conflict:
    return Conflict("email-taken", "There is already an agent with this e-mail address, perhaps a deactivated one.")
