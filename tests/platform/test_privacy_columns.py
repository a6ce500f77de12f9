"""Every table says whose data it holds and how long it is kept (D23): erasure and export will walk this register."""

from __future__ import annotations

import re

from alongside.platform.db import Database

SUBJECTS = {"none", "workspace", "agent", "contact"}
RETENTIONS = {
    "deployment",
    "account",
    "session",
    "invitation",
    "window",
    "contact",
    "visit",
    "conversation",
    "ticket",
    "undo",
    "audit",
    "export",
    "times",
    "delivery",
    "link",
}
CLASS = re.compile(r"^subject=(?P<subject>\w+); retention=(?P<retention>\w+)(?:\.|$)")

# The job queue's and the migrations' own tables hold ids and bookkeeping, never a person's words.
FOREIGN = r"^(procrastinate|yoyo|_yoyo)"

TABLES = f"""
SELECT c.relname AS name, obj_description(c.oid, 'pg_class') AS about
FROM pg_class c
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '{FOREIGN}'
"""

COLUMNS = f"""
SELECT c.relname || '.' || a.attname AS name, col_description(c.oid, a.attnum) AS about
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '{FOREIGN}'
  AND a.attnum > 0 AND NOT a.attisdropped
"""


def wrong(about: str | None) -> bool:
    found = CLASS.match(about or "")
    return not found or found["subject"] not in SUBJECTS or found["retention"] not in RETENTIONS


async def test_every_table_names_its_subject_and_retention(database: Database) -> None:
    async with database.reading() as reading:
        tables = await reading.rows(TABLES)
    assert len(tables) >= 10
    assert [row["name"] for row in tables if wrong(row["about"])] == []


async def test_columns_that_differ_from_their_table_use_the_same_words(database: Database) -> None:
    async with database.reading() as reading:
        columns = await reading.rows(COLUMNS)
    claims = [row for row in columns if "subject=" in (row["about"] or "") or "retention=" in (row["about"] or "")]
    assert [row["name"] for row in claims if wrong(row["about"])] == []


def test_the_check_can_fail() -> None:
    assert wrong(None)
    assert wrong("A table.")
    assert wrong("subject=dog; retention=account")
    assert wrong("subject=agent; retention=forever")
    assert not wrong("subject=agent; retention=account. Who answers.")
