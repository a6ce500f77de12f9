"""Everything that is asked of API keys and their accounts."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.integrations.schemas import ApiKey, Integration
from alongside.domains.integrations.scopes import still_held
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading

HOLDS = """
k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now())
AND (k.only_of IS NULL OR EXISTS (SELECT FROM agent o WHERE o.id = k.only_of AND o.active))
"""

COLUMNS = """
k.id, k.agent_id, a.display_name AS name, k.hint, k.scopes, k.only_of, k.created_at, k.created_by, k.expires_at,
coalesce(k.expires_at <= now(), false) AS expired, k.last_used_at
"""

KEYS = f"""
SELECT {COLUMNS} FROM api_key k JOIN agent a ON a.id = k.agent_id
WHERE k.revoked_at IS NULL ORDER BY lower(a.display_name), k.id
"""

KEY = f"SELECT {COLUMNS} FROM api_key k JOIN agent a ON a.id = k.agent_id WHERE k.id = $1"

COUNT = "SELECT count(*) FROM api_key WHERE revoked_at IS NULL"

INTEGRATIONS = f"""
SELECT a.id, a.display_name, {HOLDS} AS active
FROM api_key k JOIN agent a ON a.id = k.agent_id ORDER BY lower(a.display_name), a.id
"""

BY_SECRET = f"""
SELECT k.id AS key_id, a.id, a.display_name, k.scopes, k.only_of, r.permissions AS of_maker,
       coalesce(k.last_used_at < now() - interval '1 minute', true) AS stale
FROM api_key k JOIN agent a ON a.id = k.agent_id
LEFT JOIN agent m ON m.id = k.created_by LEFT JOIN role r ON r.id = m.role_id
WHERE k.secret_sha256 = $1 AND {HOLDS}
"""


class Recognised(msgspec.Struct, frozen=True):
    """Whose key it is; `stale` when its last use should be noted again."""

    actor: AgentActor
    stale: bool


async def keys(reading: Reading) -> list[ApiKey]:
    """All keys that were not revoked, by name."""
    return [ApiKey(**dict(row)) for row in await reading.rows(KEYS)]


async def key(reading: Reading, key_id: UUID) -> ApiKey | None:
    """One key, revoked or not."""
    row = await reading.row(KEY, key_id)
    return ApiKey(**dict(row)) if row else None


async def count(reading: Reading) -> int:
    """How many keys were not revoked."""
    return int(await reading.value(COUNT))


async def integrations(reading: Reading) -> list[Integration]:
    """All programs that ever had a key, by name."""
    return [Integration(**dict(row)) for row in await reading.rows(INTEGRATIONS)]


async def by_secret(reading: Reading, secret_sha256: bytes) -> Recognised | None:
    """Whose key this is, if it holds."""
    row = await reading.row(BY_SECRET, secret_sha256)
    if row is None:
        return None
    actor = AgentActor(
        id=row["id"],
        session_id=row["key_id"],
        display_name=row["display_name"],
        permissions=frozenset(still_held(row["scopes"], row["of_maker"])),
        holders=frozenset((row["only_of"],)) if row["only_of"] else None,
        is_person=False,
        only_of=row["only_of"],
    )
    return Recognised(actor, row["stale"])
