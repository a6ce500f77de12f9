"""Everything that is asked of agents, roles, teams, sessions and invitations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.agents.schemas import Agent, Invitation, Invited, Me, Role, RoleBrief, Session, Team
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading, Row

# A browser that was not used for this long has to sign in again, before its session ends by itself.
IDLE = "7 days"

# Of an agent `a`, below the server's own address.
PICTURE_URL = "'/files/' || a.picture_file_id || '/picture.webp'"
LIVE = "a.active AND coalesce(a.lease_until > now(), false)"

AGENT_COLUMNS = f"""
a.id, a.email, a.display_name, {PICTURE_URL} AS picture_url, a.role_id, r.name AS role_name, a.area,
a.chat_limit, a.tags, a.active, a.locale, {LIVE} AS logged_in, ({LIVE}) AND a.wants_online AS online,
ARRAY(SELECT m.team_id FROM team_member m WHERE m.agent_id = a.id ORDER BY m.team_id) AS team_ids
"""

AGENTS = f"""
SELECT {AGENT_COLUMNS} FROM agent a JOIN role r ON r.id = a.role_id ORDER BY lower(a.display_name), a.id
"""

AGENT = f"SELECT {AGENT_COLUMNS} FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1"

ME = f"""
SELECT {AGENT_COLUMNS}, r.permissions, a.wants_online
FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1
"""

ACCOUNT = "SELECT id, email, password_hash, active FROM agent WHERE lower(email) = lower($1)"

ACCOUNT_OF = "SELECT id, email, password_hash, active FROM agent WHERE id = $1"

STANDING = """
SELECT a.id, a.active, a.role_id, r.permissions FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1
FOR UPDATE OF a
"""

BY_SESSION_TOKEN = f"""
SELECT s.id AS session_id, s.last_seen_at < now() - interval '1 minute' AS stale,
       a.id, a.display_name, r.permissions
FROM session s JOIN agent a ON a.id = s.agent_id JOIN role r ON r.id = a.role_id
WHERE s.token_sha256 = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
  AND s.last_seen_at > now() - interval '{IDLE}' AND a.active
"""

SESSIONS = f"""
SELECT id, created_at, last_seen_at, user_agent, id = $2 AS current FROM session s
WHERE agent_id = $1 AND revoked_at IS NULL AND expires_at > now() AND last_seen_at > now() - interval '{IDLE}'
ORDER BY id = $2 DESC, last_seen_at DESC LIMIT 200
"""

TEAMS_OF = "SELECT team_id FROM team_member WHERE agent_id = $1"

LIVE_SESSIONS = f"""
SELECT s.id FROM session s JOIN agent a ON a.id = s.agent_id
WHERE s.id = ANY($1) AND s.revoked_at IS NULL AND s.expires_at > now()
  AND s.last_seen_at > now() - interval '{IDLE}' AND a.active
"""

ROLES = "SELECT id, name, permissions FROM role ORDER BY lower(name)"

ROLE = "SELECT id, name, permissions FROM role WHERE id = $1"

# The lock keeps two admins from demoting each other at the same time.
ADMIN_ROLES = "SELECT id FROM role WHERE '*' = ANY(permissions) ORDER BY id FOR UPDATE"

OTHER_ADMINS = """
SELECT EXISTS (SELECT FROM agent
               WHERE role_id = ANY($1) AND active AND password_hash IS NOT NULL AND id <> $2)
"""

ANY_AGENT = "SELECT EXISTS (SELECT FROM agent)"

TEAM_COLUMNS = """
t.id, t.name, t.tags,
ARRAY(SELECT m.agent_id FROM team_member m WHERE m.team_id = t.id ORDER BY m.agent_id) AS member_ids
"""

TEAMS = f"SELECT {TEAM_COLUMNS} FROM team t ORDER BY lower(t.name), t.id"

TEAM = f"SELECT {TEAM_COLUMNS} FROM team t WHERE t.id = $1"

INVITATION_COLUMNS = "i.id, i.email, i.role_id, r.name AS role_name, i.invited_by, i.created_at, i.expires_at"

INVITATIONS = f"""
SELECT {INVITATION_COLUMNS} FROM invitation i JOIN role r ON r.id = i.role_id
WHERE i.accepted_at IS NULL AND i.expires_at > now() ORDER BY i.created_at DESC
"""

INVITATION = f"SELECT {INVITATION_COLUMNS} FROM invitation i JOIN role r ON r.id = i.role_id WHERE i.id = $1"

OPEN_INVITATION = """
SELECT id, email, role_id FROM invitation
WHERE token_sha256 = $1 AND accepted_at IS NULL AND expires_at > now() FOR UPDATE
"""

INVITED = """
SELECT i.email, w.name AS workspace_name FROM invitation i, workspace w
WHERE i.token_sha256 = $1 AND i.accepted_at IS NULL AND i.expires_at > now()
"""


class Account(msgspec.Struct, frozen=True):
    """What a sign-in is checked against."""

    id: UUID
    email: str
    password_hash: str | None
    active: bool


class Standing(msgspec.Struct, frozen=True):
    """What an agent holds, with the agent's row locked."""

    id: UUID
    active: bool
    role_id: UUID
    permissions: list[str]


class OpenInvitation(msgspec.Struct, frozen=True):
    """An invitation that can be accepted, with its row locked."""

    id: UUID
    email: str
    role_id: UUID


class Recognised(msgspec.Struct, frozen=True):
    """Whose session a token belongs to; `stale` when the session's last use should be noted again."""

    actor: AgentActor
    stale: bool


async def agents(reading: Reading) -> list[Agent]:
    """All agents, the deactivated among them, by name."""
    return [Agent(**_agent_fields(row)) for row in await reading.rows(AGENTS)]


async def agent(reading: Reading, agent_id: UUID) -> Agent | None:
    """One agent."""
    row = await reading.row(AGENT, agent_id)
    return Agent(**_agent_fields(row)) if row else None


async def me(reading: Reading, agent_id: UUID) -> Me:
    """An agent as told to themselves."""
    row = await reading.row(ME, agent_id)
    if row is None:
        raise LookupError("an agent is never deleted")
    return Me(**_agent_fields(row))


async def account(reading: Reading, email: str) -> Account | None:
    """The account of an address, active or not."""
    row = await reading.row(ACCOUNT, email)
    return Account(**dict(row)) if row else None


async def account_of(reading: Reading, agent_id: UUID) -> Account | None:
    """The account of an agent."""
    row = await reading.row(ACCOUNT_OF, agent_id)
    return Account(**dict(row)) if row else None


async def standing(reading: Reading, agent_id: UUID) -> Standing | None:
    """What an agent holds. Locks the agent's row."""
    row = await reading.row(STANDING, agent_id)
    return Standing(**dict(row)) if row else None


async def by_session_token(reading: Reading, token_sha256: bytes) -> Recognised | None:
    """Whose session this is, if it still holds and the agent is active."""
    row = await reading.row(BY_SESSION_TOKEN, token_sha256)
    if row is None:
        return None
    actor = AgentActor(row["id"], row["session_id"], row["display_name"], frozenset(row["permissions"]))
    return Recognised(actor, row["stale"])


async def sessions(reading: Reading, agent_id: UUID, current: UUID) -> list[Session]:
    """The agent's signed-in browsers, the asking one first."""
    return [Session(**dict(row)) for row in await reading.rows(SESSIONS, agent_id, current)]


async def live_sessions(reading: Reading, session_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the given sessions that still hold."""
    return {row["id"] for row in await reading.rows(LIVE_SESSIONS, list(session_ids))}


async def roles(reading: Reading) -> list[Role]:
    """All roles by name."""
    return [Role(**dict(row)) for row in await reading.rows(ROLES)]


async def role(reading: Reading, role_id: UUID) -> Role | None:
    """One role."""
    row = await reading.row(ROLE, role_id)
    return Role(**dict(row)) if row else None


async def admin_roles(reading: Reading) -> list[UUID]:
    """The roles that may do everything, locked until the end of the transaction."""
    return [row["id"] for row in await reading.rows(ADMIN_ROLES)]


async def other_admins(reading: Reading, role_ids: Sequence[UUID], besides: UUID) -> bool:
    """Whether anybody besides this agent has one of these roles and can sign in."""
    return bool(await reading.value(OTHER_ADMINS, list(role_ids), besides))


async def any_agent(reading: Reading) -> bool:
    """Whether the first agent was ever made."""
    return bool(await reading.value(ANY_AGENT))


async def teams(reading: Reading) -> list[Team]:
    """All teams by name."""
    return [Team(**dict(row)) for row in await reading.rows(TEAMS)]


async def teams_of(reading: Reading, agent_id: UUID) -> list[UUID]:
    """The teams that an agent belongs to."""
    return [row["team_id"] for row in await reading.rows(TEAMS_OF, agent_id)]


async def team(reading: Reading, team_id: UUID) -> Team | None:
    """One team."""
    row = await reading.row(TEAM, team_id)
    return Team(**dict(row)) if row else None


async def invitations(reading: Reading) -> list[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return [_invitation(row) for row in await reading.rows(INVITATIONS)]


async def invitation(reading: Reading, invitation_id: UUID) -> Invitation | None:
    """One invitation."""
    row = await reading.row(INVITATION, invitation_id)
    return _invitation(row) if row else None


async def open_invitation(reading: Reading, token_sha256: bytes) -> OpenInvitation | None:
    """The invitation of a link, if it can be accepted. Locks its row."""
    row = await reading.row(OPEN_INVITATION, token_sha256)
    return OpenInvitation(**dict(row)) if row else None


async def invited(reading: Reading, token_sha256: bytes) -> Invited | None:
    """What the holder of an invitation's link may know."""
    row = await reading.row(INVITED, token_sha256)
    return Invited(**dict(row)) if row else None


def _agent_fields(row: Row) -> dict[str, Any]:
    fields = dict(row)
    fields["role"] = RoleBrief(fields.pop("role_id"), fields.pop("role_name"))
    return fields


def _invitation(row: Row) -> Invitation:
    fields = dict(row)
    return Invitation(role=RoleBrief(fields.pop("role_id"), fields.pop("role_name")), **fields)
