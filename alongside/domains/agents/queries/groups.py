"""What is asked of roles and teams."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.agents.schemas import Role, Team
from alongside.platform.db import Reading

ROLES = "SELECT id, name, permissions, sees FROM role ORDER BY lower(name)"

ROLE = "SELECT id, name, permissions, sees FROM role WHERE id = $1"

ROLE_FOR_UPDATE = f"{ROLE} FOR UPDATE"

ROLE_HELD = f"{ROLE} FOR KEY SHARE"

ROLE_COUNT = "SELECT count(*) FROM role"

WITH_ROLE = "SELECT id FROM agent WHERE role_id = $1 ORDER BY id"

# The lock keeps two admins from demoting each other at the same time.
ADMIN_ROLES = "SELECT id FROM role WHERE '*' = ANY(permissions) ORDER BY id FOR UPDATE"

OTHER_ADMINS = """
SELECT EXISTS (SELECT FROM agent
               WHERE role_id = ANY($1) AND active AND password_hash IS NOT NULL AND id <> $2)
"""

TEAM_COLUMNS = """
t.id, t.name, t.tags,
ARRAY(SELECT m.agent_id FROM team_member m WHERE m.team_id = t.id ORDER BY m.agent_id) AS member_ids
"""

TEAMS = f"SELECT {TEAM_COLUMNS} FROM team t ORDER BY lower(t.name), t.id"

TEAM = f"SELECT {TEAM_COLUMNS} FROM team t WHERE t.id = $1"

TEAMS_OF = "SELECT team_id FROM team_member WHERE agent_id = $1"

# Whose sight reaches as far as their teams do, and who are in one of these.
SEEING_TEAMS = """
SELECT DISTINCT a.id FROM team_member m JOIN agent a ON a.id = m.agent_id JOIN role r ON r.id = a.role_id
WHERE m.team_id = ANY($1) AND r.sees = 'team'
"""

EXISTING_TEAMS = "SELECT id FROM team WHERE id = ANY($1) ORDER BY id FOR KEY SHARE"


async def roles(reading: Reading) -> list[Role]:
    """All roles by name."""
    return [Role(**dict(row)) for row in await reading.rows(ROLES)]


async def role(reading: Reading, role_id: UUID) -> Role | None:
    """One role."""
    row = await reading.row(ROLE, role_id)
    return Role(**dict(row)) if row else None


async def role_for_update(reading: Reading, role_id: UUID) -> Role | None:
    """One role, with its row locked."""
    row = await reading.row(ROLE_FOR_UPDATE, role_id)
    return Role(**dict(row)) if row else None


async def role_held(reading: Reading, role_id: UUID) -> Role | None:
    """One role, kept from being changed or deleted until the end of the transaction."""
    row = await reading.row(ROLE_HELD, role_id)
    return Role(**dict(row)) if row else None


async def role_count(reading: Reading) -> int:
    """How many roles there are."""
    return int(await reading.value(ROLE_COUNT))


async def with_role(reading: Reading, role_id: UUID) -> list[UUID]:
    """Who has a role, the deactivated among them."""
    return [row["id"] for row in await reading.rows(WITH_ROLE, role_id)]


async def admin_roles(reading: Reading) -> list[UUID]:
    """The roles that may do everything, locked until the end of the transaction."""
    return [row["id"] for row in await reading.rows(ADMIN_ROLES)]


async def other_admins(reading: Reading, role_ids: Sequence[UUID], besides: UUID) -> bool:
    """Whether anybody besides this agent has one of these roles and can sign in."""
    return bool(await reading.value(OTHER_ADMINS, list(role_ids), besides))


async def teams(reading: Reading) -> list[Team]:
    """All teams by name."""
    return [Team(**dict(row)) for row in await reading.rows(TEAMS)]


async def team(reading: Reading, team_id: UUID) -> Team | None:
    """One team."""
    row = await reading.row(TEAM, team_id)
    return Team(**dict(row)) if row else None


async def teams_of(reading: Reading, agent_id: UUID) -> list[UUID]:
    """The teams that an agent belongs to."""
    return [row["team_id"] for row in await reading.rows(TEAMS_OF, agent_id)]


async def seeing_teams(reading: Reading, team_ids: Sequence[UUID]) -> list[UUID]:
    """The members of these teams who see what their colleagues have."""
    return [row["id"] for row in await reading.rows(SEEING_TEAMS, list(team_ids))]


async def existing_teams(reading: Reading, team_ids: Sequence[UUID]) -> list[UUID]:
    """Those of these teams that there are, kept from being dissolved until the end of the transaction."""
    return [row["id"] for row in await reading.rows(EXISTING_TEAMS, list(team_ids))]
