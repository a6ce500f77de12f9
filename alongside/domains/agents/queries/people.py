"""What is asked of agents, their accounts and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.agents.schemas import Agent, ExternalAgent, Me, RoleBrief, Session
from alongside.platform.auth.actor import NOBODY, AgentActor
from alongside.platform.db import Reading, Row

# A browser that was not used for this long has to sign in again, before its session ends by itself.
IDLE = "7 days"

# Of an agent `a`, below the server's own address.
PICTURE_URL = "'/files/' || a.picture_file_id || '/picture.webp'"

LIVE = "a.active AND coalesce(a.lease_until > now(), false)"

AGENT_COLUMNS = f"""
a.id, a.email, a.display_name, {PICTURE_URL} AS picture_url, a.role_id, r.name AS role_name, a.area,
a.chat_limit, a.tags, a.description, a.active, a.locale, {LIVE} AS logged_in, ({LIVE}) AND a.wants_online AS online,
ARRAY(SELECT m.team_id FROM team_member m WHERE m.agent_id = a.id ORDER BY m.team_id) AS team_ids
"""

AGENTS = f"""
SELECT {AGENT_COLUMNS} FROM agent a JOIN role r ON r.id = a.role_id ORDER BY lower(a.display_name), a.id
"""

AGENT = f"SELECT {AGENT_COLUMNS} FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1"

BY_EXTERNAL_ID = f"SELECT {AGENT_COLUMNS} FROM agent a JOIN role r ON r.id = a.role_id WHERE a.external_id = $1"

EXTERNAL = "SELECT external_id, id AS agent_id, active FROM agent WHERE external_id IS NOT NULL ORDER BY external_id"

# Whose conversations agent `a` of role `r` may see; null for everybody's.
HOLDERS = f"""
CASE WHEN r.sees <> 'all' THEN ARRAY(
    SELECT a.id
    UNION SELECT '{NOBODY}'
    UNION SELECT m.team_id FROM team_member m WHERE m.agent_id = a.id
    UNION SELECT o.agent_id FROM team_member m JOIN team_member o USING (team_id)
          WHERE r.sees = 'team' AND m.agent_id = a.id
) END AS holders
"""

ME = f"""
SELECT {AGENT_COLUMNS}, r.permissions, r.sees, a.wants_online
FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1
"""

ACCOUNT = "SELECT id, email, display_name, password_hash, active FROM agent WHERE lower(email) = lower($1)"

ACCOUNT_OF = "SELECT id, email, display_name, password_hash, active FROM agent WHERE id = $1"

STANDING = """
SELECT a.id, a.display_name, a.active, a.role_id, r.name AS role_name, r.permissions
FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = $1 FOR UPDATE OF a
"""

BY_SESSION_TOKEN = f"""
SELECT s.id AS session_id, s.last_seen_at < now() - interval '1 minute' AS stale,
       a.id, a.display_name, r.permissions, {HOLDERS}
FROM session s JOIN agent a ON a.id = s.agent_id JOIN role r ON r.id = a.role_id
WHERE s.token_sha256 = $1 AND s.revoked_at IS NULL AND s.expires_at > now()
  AND s.last_seen_at > now() - interval '{IDLE}' AND a.active
"""

SESSIONS = f"""
SELECT id, created_at, last_seen_at, user_agent, id = $2 AS current FROM session s
WHERE agent_id = $1 AND revoked_at IS NULL AND expires_at > now() AND last_seen_at > now() - interval '{IDLE}'
ORDER BY id = $2 DESC, last_seen_at DESC LIMIT 200
"""

# Who has a password is asked for it instead.
SIGNED_IN_JUST_NOW = """
SELECT EXISTS (SELECT FROM session s JOIN agent a ON a.id = s.agent_id
               WHERE s.id = $1 AND s.created_at > now() - interval '10 minutes' AND a.password_hash IS NULL)
"""

LIVE_SESSIONS = f"""
SELECT s.id AS session_id, a.id, a.display_name, r.permissions, {HOLDERS}
FROM session s JOIN agent a ON a.id = s.agent_id JOIN role r ON r.id = a.role_id
WHERE s.id = ANY($1) AND s.revoked_at IS NULL AND s.expires_at > now()
  AND s.last_seen_at > now() - interval '{IDLE}' AND a.active
"""

TAKEN_EMAILS = "SELECT lower(email) AS email FROM agent WHERE lower(email) = ANY($1)"

NAMES = "SELECT id, display_name FROM agent WHERE id = ANY($1) ORDER BY lower(display_name), id"

ANY_AGENT = "SELECT EXISTS (SELECT FROM agent)"

HOLD = "SELECT id FROM agent WHERE id = ANY($1) ORDER BY id FOR KEY SHARE"


class Account(msgspec.Struct, frozen=True):
    """What a sign-in is checked against."""

    id: UUID
    email: str
    display_name: str
    password_hash: str | None
    active: bool


class Standing(msgspec.Struct, frozen=True):
    """What an agent holds, with the agent's row locked."""

    id: UUID
    display_name: str
    active: bool
    role_id: UUID
    role_name: str
    permissions: list[str]


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


async def agent_by_external_id(reading: Reading, external_id: str) -> Agent | None:
    """The agent whom another system knows by this id."""
    row = await reading.row(BY_EXTERNAL_ID, external_id)
    return Agent(**_agent_fields(row)) if row else None


async def external_agents(reading: Reading) -> list[ExternalAgent]:
    """All whom another system knows, by its ids."""
    return [ExternalAgent(**dict(row)) for row in await reading.rows(EXTERNAL)]


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
    return Recognised(_actor(row), row["stale"])


async def sessions(reading: Reading, agent_id: UUID, current: UUID) -> list[Session]:
    """The agent's signed-in browsers, the asking one first."""
    return [Session(**dict(row)) for row in await reading.rows(SESSIONS, agent_id, current)]


async def signed_in_just_now(reading: Reading, session_id: UUID) -> bool:
    """Whether a session began within ten minutes, of somebody who has no password."""
    return bool(await reading.value(SIGNED_IN_JUST_NOW, session_id))


async def live_sessions(reading: Reading, session_ids: Sequence[UUID]) -> dict[UUID, AgentActor]:
    """Those of the given sessions that still hold, and who acts by them as things stand now."""
    return {row["session_id"]: _actor(row) for row in await reading.rows(LIVE_SESSIONS, list(session_ids))}


async def any_agent(reading: Reading) -> bool:
    """Whether the first agent was ever made."""
    return bool(await reading.value(ANY_AGENT))


async def hold(reading: Reading, agent_ids: Sequence[UUID]) -> None:
    """Keep these agents' rows from being locked by others until the end of the transaction, in the order of ids."""
    await reading.rows(HOLD, list(agent_ids))


async def taken_emails(reading: Reading, emails: Sequence[str]) -> set[str]:
    """Those of these addresses, in lower case, that agents have, deactivated ones too."""
    return {row["email"] for row in await reading.rows(TAKEN_EMAILS, list(emails))}


async def names(reading: Reading, agent_ids: Sequence[UUID]) -> list[str]:
    """What these agents are called, by name."""
    return [row["display_name"] for row in await reading.rows(NAMES, list(agent_ids))]


def _actor(row: Row) -> AgentActor:
    holders = row["holders"]
    return AgentActor(
        id=row["id"],
        session_id=row["session_id"],
        display_name=row["display_name"],
        permissions=frozenset(row["permissions"]),
        holders=None if holders is None else frozenset(holders),
    )


def _agent_fields(row: Row) -> dict[str, Any]:
    fields = dict(row)
    fields["role"] = RoleBrief(fields.pop("role_id"), fields.pop("role_name"))
    return fields
