"""Everything that is asked of labels."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.labels.schemas import Label
from alongside.platform.db import Reading

LABELS = "SELECT id, name, colour FROM label ORDER BY lower(name), id"

LABEL_FOR_UPDATE = "SELECT id, name, colour FROM label WHERE id = $1 FOR UPDATE"

# Whoever deletes the label waits until it is carried, and then takes it away.
HOLD = "SELECT true FROM label WHERE id = $1 FOR KEY SHARE"

BY_NAME = "SELECT id, lower(name) AS name FROM label WHERE lower(name) = ANY($1) ORDER BY id FOR KEY SHARE"

COUNT = "SELECT count(*) FROM label"


async def labels(reading: Reading) -> list[Label]:
    """All labels by name."""
    return [Label(**dict(row)) for row in await reading.rows(LABELS)]


async def label_for_update(reading: Reading, label_id: UUID) -> Label | None:
    """One label, with its row locked."""
    row = await reading.row(LABEL_FOR_UPDATE, label_id)
    return Label(**dict(row)) if row else None


async def hold(reading: Reading, label_id: UUID) -> bool:
    """Whether the label exists; it cannot be deleted before the end of the transaction."""
    return bool(await reading.value(HOLD, label_id))


async def held_by_name(reading: Reading, names: Sequence[str]) -> dict[str, UUID]:
    """Ids by name in lower case, of those that exist; they cannot be deleted before the end of the transaction."""
    rows = await reading.rows(BY_NAME, [name.lower() for name in names])
    return {row["name"]: row["id"] for row in rows}


async def count(reading: Reading) -> int:
    """How many labels there are."""
    found: int = await reading.value(COUNT)
    return found
