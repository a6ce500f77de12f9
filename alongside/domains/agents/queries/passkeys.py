"""Everything that is asked of passkeys."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents.passkey_schemas import Passkey, SecondWays
from alongside.platform.db import Reading

COLUMNS = "id, name, synced, created_at, last_used_at"

OF_AGENT = f"SELECT {COLUMNS} FROM passkey WHERE agent_id = $1 ORDER BY created_at, id"

ONE = f"SELECT {COLUMNS} FROM passkey WHERE agent_id = $1 AND id = $2"

CREDENTIALS = "SELECT credential_id FROM passkey WHERE agent_id = $1 ORDER BY created_at, id"

# The row's lock makes two uses of one passkey wait for each other: its counter is read and written as one.
BY_CREDENTIAL = """
SELECT p.id, p.agent_id, p.public_key, p.sign_count, p.name, a.display_name AS agent, a.email, a.active
FROM passkey p JOIN agent a ON a.id = p.agent_id WHERE p.credential_id = $1 FOR UPDATE OF p
"""

WAYS = """
SELECT EXISTS (SELECT FROM second_factor WHERE agent_id = $1 AND confirmed_at IS NOT NULL) AS app,
       EXISTS (SELECT FROM passkey WHERE agent_id = $1) AS passkey
"""


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey as it is stored, with its row locked, and whose it is."""

    id: UUID
    agent_id: UUID
    public_key: bytes
    sign_count: int
    name: str
    agent: str
    email: str
    active: bool


async def passkeys(reading: Reading, agent_id: UUID) -> list[Passkey]:
    """An agent's passkeys, the oldest first."""
    return [Passkey(**dict(row)) for row in await reading.rows(OF_AGENT, agent_id)]


async def passkey(reading: Reading, agent_id: UUID, passkey_id: UUID) -> Passkey | None:
    """One of an agent's passkeys."""
    row = await reading.row(ONE, agent_id, passkey_id)
    return Passkey(**dict(row)) if row else None


async def passkey_credentials(reading: Reading, agent_id: UUID) -> list[bytes]:
    """By which ids authenticators know an agent's passkeys."""
    return [row["credential_id"] for row in await reading.rows(CREDENTIALS, agent_id)]


async def passkey_by_credential(reading: Reading, credential_id: bytes) -> Known | None:
    """The passkey that an authenticator names. Locks the row."""
    row = await reading.row(BY_CREDENTIAL, credential_id)
    return Known(**dict(row)) if row else None


async def second_ways(reading: Reading, agent_id: UUID) -> SecondWays:
    """By what an agent can prove themselves besides a password."""
    row = await reading.row(WAYS, agent_id)
    assert row is not None
    return SecondWays(**dict(row))
