"""Roles, and the permissions they are made of."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, patch, post

from alongside.domains.agents import actions, permissions, queries
from alongside.domains.agents.policy import MANAGE_ROLES
from alongside.domains.agents.schemas import EditRole, NewRole, Permission, Role
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/permissions", opt={"who": who.agent()}, sync_to_thread=False)
def list_permissions() -> list[Permission]:
    """Everything that a role can allow, in groups."""
    return list(permissions.PERMISSIONS)


@get("/roles", opt={"who": who.agent()})
async def list_roles(database: Database) -> list[Role]:
    """All roles and what they may do."""
    async with database.reading() as reading:
        return await queries.roles(reading)


@post("/roles", opt={"who": who.agent(MANAGE_ROLES)})
async def create_role(data: NewRole, actor: AgentActor, database: Database) -> Role:
    """Make a role."""
    async with database.work() as work:
        return await actions.create_role(work, actor, data)


@patch("/roles/{role_id:uuid}", opt={"who": who.agent(MANAGE_ROLES)})
async def edit_role(role_id: UUID, data: EditRole, actor: AgentActor, database: Database) -> Role:
    """Change a role's name, permissions or sight. The Admin role cannot be changed."""
    async with database.work() as work:
        return await actions.edit_role(work, actor, role_id, data)


@delete("/roles/{role_id:uuid}", status_code=204, opt={"who": who.agent(MANAGE_ROLES)})
async def delete_role(role_id: UUID, actor: AgentActor, database: Database) -> None:
    """Delete a role that nobody has."""
    async with database.work() as work:
        await actions.delete_role(work, actor, role_id)


ROUTES = [list_permissions, list_roles, create_role, edit_role, delete_role]
