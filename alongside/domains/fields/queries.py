"""Everything that is asked of fields."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.fields import policy
from alongside.domains.fields.schemas import Field, FieldOption
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading, Row

COLUMNS = """
f.id, f.key, f.kind, f.label, f.help, f.options, f.required, f.personal, f.set_by_page, f.role_ids, f.archived_at
"""

FIELDS = f"SELECT {COLUMNS} FROM field f ORDER BY f.position, f.id"

FIELD_FOR_UPDATE = f"SELECT {COLUMNS} FROM field f WHERE f.id = $1 FOR UPDATE"

IDS_FOR_UPDATE = "SELECT id FROM field ORDER BY id FOR UPDATE"

ROLE_OF = "SELECT role_id FROM agent WHERE id = $1"

# Whoever deletes one of them waits until the field names it, and then takes it away.
KNOWN_ROLES = "SELECT id FROM role WHERE id = ANY($1) ORDER BY id FOR KEY SHARE"

IN_USE = "SELECT id FROM field WHERE id = ANY($1) AND archived_at IS NULL ORDER BY id FOR SHARE"

OF_ROLE_FOR_UPDATE = f"SELECT {COLUMNS} FROM field f WHERE $1 = ANY(f.role_ids) ORDER BY f.id FOR UPDATE"

USE = "SELECT count(*) FROM contact_field WHERE field_id = $1"


async def fields(reading: Reading) -> list[Field]:
    """All fields in their order, archived ones included."""
    return [_field(row) for row in await reading.rows(FIELDS)]


async def fields_for(reading: Reading, actor: AgentActor) -> list[Field]:
    """The fields in use whose values an agent may know, in their order."""
    role_id: UUID | None = await reading.value(ROLE_OF, actor.id)
    return [
        field for field in await fields(reading) if field.archived_at is None and policy.may_see(actor, role_id, field)
    ]


async def field_for_update(reading: Reading, field_id: UUID) -> Field | None:
    """One field, with its row locked."""
    row = await reading.row(FIELD_FOR_UPDATE, field_id)
    return _field(row) if row else None


async def ids_for_update(reading: Reading) -> list[UUID]:
    """The ids of all fields, with their rows locked."""
    return [row["id"] for row in await reading.rows(IDS_FOR_UPDATE)]


async def all_roles_exist(reading: Reading, role_ids: Sequence[UUID]) -> bool:
    """Whether each of these is a role."""
    return len(await reading.rows(KNOWN_ROLES, list(role_ids))) == len(set(role_ids))


async def held_in_use(reading: Reading, ids: Sequence[UUID]) -> set[UUID]:
    """Those of the fields that are in use; none of them is archived or deleted before the end of the transaction."""
    return {row["id"] for row in await reading.rows(IN_USE, list(ids))}


async def of_role_for_update(reading: Reading, role_id: UUID) -> list[Field]:
    """The fields that name a role among those that may know them, with their rows locked."""
    return [_field(row) for row in await reading.rows(OF_ROLE_FOR_UPDATE, role_id)]


async def use(reading: Reading, field_id: UUID) -> int:
    """How many contacts have a value, or a claim, of a field."""
    count: int = await reading.value(USE, field_id)
    return count


def _field(row: Row) -> Field:
    return Field(**{**dict(row), "options": msgspec.convert(row["options"], list[FieldOption])})
