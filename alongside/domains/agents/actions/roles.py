"""Roles: made, changed, deleted. The Admin role is always there, may do everything, and is never changed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import asyncpg
from msgspec import UNSET

from alongside.domains.agents import logic, permissions, policy, queries
from alongside.domains.agents.actions.accounts import Manager, hold, require, withdraw_invitations
from alongside.domains.agents.events import (
    AgentStandingChanged,
    DirectoryChanged,
    RoleCreated,
    RoleDeleted,
    RoleEdited,
)
from alongside.domains.agents.schemas import EditRole, NewRole, Role, Sight
from alongside.domains.fields.actions import forget_role
from alongside.domains.fields.queries import of_role_for_update
from alongside.platform.auth.actor import EVERYTHING, id_of
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Invalid, NotFound

MOST_ROLES = 100


async def create_role(work: Work, actor: Manager, new: NewRole) -> Role:
    """Make a role that may do no more than the actor. Raises `Conflict` for a taken name."""
    require(policy.may_manage_roles(actor))
    granted = _judged(actor, new.permissions, new.sees)
    await hold(work, actor)
    if await queries.role_count(work) >= MOST_ROLES:
        raise Conflict("too-many-roles", f"There can be {MOST_ROLES} roles. Delete one that nobody needs.")
    role_id: UUID | None = await work.value(
        """
        INSERT INTO role (name, permissions, sees) VALUES ($1, $2, $3)
        ON CONFLICT ((lower(name))) DO NOTHING RETURNING id
        """,
        logic.role_name(new.name),
        granted,
        new.sees,
    )
    if role_id is None:
        raise _name_taken()
    role = await _role(work, role_id)
    work.announce(DirectoryChanged())
    work.announce(
        RoleCreated(
            actor_id=id_of(actor), role_id=role.id, role=role.name, permissions=role.permissions, sees=role.sees
        )
    )
    return role


async def edit_role(work: Work, actor: Manager, role_id: UUID, change: EditRole) -> Role:
    """Change what a role may do or see, or its name; whoever has it is held to that from now on, in open consoles too.

    Raises `Forbidden` where the role, before or after, may do more than the actor.
    """
    before = await _changeable(work, actor, role_id)
    wanted = before.permissions if change.permissions is UNSET else change.permissions
    sees = before.sees if change.sees is UNSET else change.sees
    granted = _judged(actor, wanted, sees)
    name = before.name if change.name is UNSET else logic.role_name(change.name)
    try:
        await work.run(
            "UPDATE role SET name = $2, permissions = $3, sees = $4 WHERE id = $1", role_id, name, granted, sees
        )
    except asyncpg.UniqueViolationError:
        raise _name_taken() from None
    after = await _role(work, role_id)
    if after != before:
        await _tell(work, actor, before, after)
    return after


async def delete_role(work: Work, actor: Manager, role_id: UUID) -> None:
    """Delete a role. Raises `Conflict`, saying what to do, while somebody has it or is invited to it."""
    # Fields before the role: in this order whoever edits a field locks them, too.
    await of_role_for_update(work, role_id)
    role = await _changeable(work, actor, role_id)
    agents, invitations = (
        len(await queries.with_role(work, role_id)),
        await queries.open_invitations_of_role(work, role_id),
    )
    if agents:
        raise Conflict(
            "role-in-use",
            f"{agents} agent(s) have this role, deactivated ones included. Give them another one first.",
            agents=agents,
        )
    if invitations:
        raise Conflict(
            "role-invited",
            f"{invitations} open invitation(s) give this role. Withdraw them first.",
            invitations=invitations,
        )
    await forget_role(work, role_id)
    # What is left are links that were used or are too old.
    await work.run("DELETE FROM invitation WHERE role_id = $1", role_id)
    try:
        await work.run("DELETE FROM role WHERE id = $1", role_id)
    except asyncpg.ForeignKeyViolationError:
        raise Conflict("role-in-use", "Somebody was given this role just now. Look again.", agents=1) from None
    work.announce(DirectoryChanged())
    work.announce(RoleDeleted(actor_id=id_of(actor), role=role.name))


async def _changeable(work: Work, actor: Manager, role_id: UUID) -> Role:
    require(policy.may_manage_roles(actor))
    await hold(work, actor)
    role = await queries.role_for_update(work, role_id)
    if role is None:
        raise NotFound("no-such-role", "This role does not exist (any more).")
    if EVERYTHING in role.permissions:
        raise Conflict("admin-role-stays", "The Admin role may always do everything. Make another role instead.")
    require(policy.covers(actor, role.permissions))
    return role


def _judged(actor: Manager, names: Sequence[str], sees: Sight) -> list[str]:
    """The permissions as they are stored. Raises for what is none, is not the actor's, or does not go along."""
    if unknown := permissions.unknown(names):
        raise Invalid("unknown-permission", f"There is no permission {unknown[0]!r}.", permissions=unknown)
    require(policy.covers(actor, names))
    needing = permissions.needing_all(names)
    if needing and sees != "all":
        raise Invalid(
            "role-must-see-all",
            f"Who has {needing[0]} could give themselves any conversation. Let this role see all of them, or take "
            "the permission away.",
            permissions=needing,
        )
    return permissions.in_order(names)


async def _tell(work: Work, actor: Manager, before: Role, after: Role) -> None:
    agents = await queries.with_role(work, after.id)
    lost = not set(before.permissions) <= set(after.permissions)
    for agent_id in agents:
        work.announce(AgentStandingChanged(agent_id=agent_id))
        if lost:
            await withdraw_invitations(work, agent_id)
    work.announce(DirectoryChanged())
    work.announce(
        RoleEdited(
            actor_id=id_of(actor),
            role_id=after.id,
            role=after.name,
            was_role=before.name,
            permissions=after.permissions,
            was_permissions=before.permissions,
            sees=after.sees,
            was_sees=before.sees,
        )
    )


async def _role(work: Work, role_id: UUID) -> Role:
    role = await queries.role(work, role_id)
    if role is None:
        raise LookupError("written in this transaction")
    return role


def _name_taken() -> Conflict:
    return Conflict("role-name-taken", "There is already a role with this name.")
