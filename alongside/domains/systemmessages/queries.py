"""Everything that is asked of system messages."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.systemmessages.schemas import SystemMessage
from alongside.platform.db import Reading

COLUMNS = "id, name, texts, version, updated_at"

ALL = f"SELECT {COLUMNS} FROM system_message ORDER BY lower(name), id"

ONE = f"SELECT {COLUMNS} FROM system_message WHERE id = $1"

FOR_UPDATE = f"{ONE} FOR UPDATE"

# A rule names it in its body (alongside/domains/rules/body_schemas.py).
RULES_TELLING = "SELECT name FROM rule WHERE strpos(body::text, $1) > 0 ORDER BY position, id"

COUNT = "SELECT count(*) FROM system_message"


async def system_messages(reading: Reading) -> list[SystemMessage]:
    """All of them, by name."""
    return [SystemMessage(**dict(row)) for row in await reading.rows(ALL)]


async def system_message(reading: Reading, message_id: UUID) -> SystemMessage | None:
    """One; None where it is gone."""
    row = await reading.row(ONE, message_id)
    return SystemMessage(**dict(row)) if row else None


async def system_message_for_update(reading: Reading, message_id: UUID) -> SystemMessage | None:
    """One, with its row locked."""
    row = await reading.row(FOR_UPDATE, message_id)
    return SystemMessage(**dict(row)) if row else None


async def rules_telling(reading: Reading, message_id: UUID) -> list[str]:
    """Names of the rules that tell it, those that do not act among them."""
    return [row["name"] for row in await reading.rows(RULES_TELLING, str(message_id))]


async def count(reading: Reading) -> int:
    """How many there are."""
    return int(await reading.value(COUNT))
