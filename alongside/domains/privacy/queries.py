"""What the schema says of itself, and one person's rows in all of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.files.queries import ATTACHMENT_COLUMNS, attachment_from
from alongside.domains.files.schemas import Attachment
from alongside.domains.privacy import logic
from alongside.domains.privacy.logic import Link
from alongside.platform.db import Reading

SUBJECTS = r"""
SELECT c.relname AS name, substring(obj_description(c.oid, 'pg_class') FROM 'subject=(\w+)') AS subject
FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '^procrastinate'
"""

LINKS = """
SELECT s.relname AS source, t.relname AS target,
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(f.conkey) WITH ORDINALITY AS k (n, place)
        JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = k.n) AS columns,
       (SELECT array_agg(a.attname::text ORDER BY k.place) FROM unnest(f.confkey) WITH ORDINALITY AS k (n, place)
        JOIN pg_attribute a ON a.attrelid = f.confrelid AND a.attnum = k.n) AS keys
FROM pg_constraint f JOIN pg_class s ON s.oid = f.conrelid JOIN pg_class t ON t.oid = f.confrelid
WHERE f.contype = 'f' AND f.confdeltype = 'c' AND f.connamespace = 'public'::regnamespace
"""

# Not about the person but about our own workings: hashes of secrets, what is computed from other columns, and where in
# our store the bytes of a file lie.
OURS = """
SELECT c.relname AS name, array_agg(a.attname::text) AS columns
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
  AND (a.attgenerated <> '' OR a.atttypid = 'bytea'::regtype OR a.attname = 'storage_key')
GROUP BY c.relname
"""

TEXTS = """
SELECT count(*) FILTER (WHERE e.kind = 'message') AS messages, count(*) FILTER (WHERE e.kind = 'note') AS notes
FROM contact m JOIN conversation c ON c.contact_id = m.id JOIN entry e ON e.conversation_id = c.id
WHERE m.person_id = $1
"""

NUMBER = "SELECT number FROM contact WHERE id = $1"


class Register(msgspec.Struct, frozen=True):
    """Which tables hold contacts' data, how to find one contact's rows there, and which columns are ours alone."""

    conditions: dict[str, str]
    ours: dict[str, Sequence[str]]
    unreachable: set[str]


async def register(reading: Reading) -> Register:
    """As the schema stands now."""
    subjects = {row["name"]: row["subject"] for row in await reading.rows(SUBJECTS)}
    links = [Link(**dict(row)) for row in await reading.rows(LINKS)]
    routes, selves = logic.routes(links), logic.selves(links)
    ours = {row["name"]: row["columns"] for row in await reading.rows(OURS)}
    return Register(
        conditions={
            table: logic.belongs(route, selves) for table, route in routes.items() if subjects.get(table) == logic.ROOT
        },
        ours=ours,
        unreachable=logic.unreachable(subjects, routes),
    )


async def number(reading: Reading, contact_id: UUID) -> int | None:
    """The number of a contact, if there is such a one."""
    found: int | None = await reading.value(NUMBER, contact_id)
    return found


async def count(reading: Reading, register: Register, contact_id: UUID) -> dict[str, int]:
    """How many rows of each table belong to a contact."""
    counts = {}
    for table, condition in register.conditions.items():
        counts[table] = await reading.value(f'SELECT count(*) FROM "{table}" WHERE {condition}', contact_id)
    return {table: rows for table, rows in counts.items() if rows}


async def texts(reading: Reading, contact_id: UUID) -> tuple[int, int]:
    """How many messages and notes there are in a contact's conversations."""
    row = await reading.row(TEXTS, contact_id)
    return (row["messages"], row["notes"]) if row else (0, 0)


async def rows(reading: Reading, register: Register, table: str, contact_id: UUID) -> list[dict[str, Any]]:
    """A contact's rows of one table, as JSON."""
    statement = f'SELECT to_jsonb(t) - $2::text[] AS row FROM "{table}" t WHERE {register.conditions[table]}'
    return [row["row"] for row in await reading.rows(statement, contact_id, register.ours.get(table, ()))]


async def files(reading: Reading, register: Register, contact_id: UUID) -> list[Attachment]:
    """The files in a contact's conversations, notes included. One that was never sent is gone within a day."""
    found = await reading.rows(
        f"""
        SELECT {ATTACHMENT_COLUMNS} FROM attachment a
        WHERE a.id IN (SELECT attachment_id FROM entry_attachment WHERE {register.conditions["entry_attachment"]})
        ORDER BY a.created_at, a.id
        """,
        contact_id,
    )
    return [attachment_from(row) for row in found]


async def ids(reading: Reading, register: Register, table: str, contact_id: UUID) -> list[UUID]:
    """The ids of a contact's rows of one table."""
    found = await reading.rows(f'SELECT id FROM "{table}" WHERE {register.conditions[table]}', contact_id)
    return [row["id"] for row in found]
