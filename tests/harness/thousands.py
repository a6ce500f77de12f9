"""Thousands of conversations at once, for what must not become slow with them; and how the database goes about it."""

from __future__ import annotations

from alongside.platform.db import Reading, Row
from tests.harness.bulk import write_many
from tests.world import World

# Half are open; of these every other one has a running target, in no order of their messages.
CONVERSATIONS = """
WITH people AS (INSERT INTO contact (name) SELECT 'Bulk ' || n FROM generate_series(1, $2::int) n RETURNING id),
numbered AS (SELECT id, row_number() OVER () AS n FROM people)
INSERT INTO conversation
    (contact_id, channel_id, status, last_seq, last_message_at, assignee_id, sla, sla_due_at)
SELECT id, $1, CASE WHEN n % 2 = 0 THEN 'done' WHEN n % 4 = 1 THEN 'unread' ELSE 'unresolved' END, 0,
       now() - make_interval(secs => n), CASE WHEN n % 3 = 0 THEN $3::uuid END,
       CASE WHEN n % 8 < 4 AND n % 2 = 1 THEN '{"kind": "first"}'::jsonb END,
       CASE WHEN n % 8 < 4 AND n % 2 = 1 THEN now() + make_interval(secs => (n * 7919) % 100000) END
FROM numbered
"""


async def fill(world: World, many: int) -> None:
    await write_many(world, CONVERSATIONS, world.site.id, many, world.ada.id)
    await write_many(world, "UPDATE conversation SET last_seq = 1 WHERE last_seq = 0")
    await write_many(world, "ANALYZE conversation")


async def empty(world: World) -> None:
    """What has no log cannot be replayed after the test."""
    await write_many(world, "DELETE FROM conversation WHERE last_public_seq = 0")


class Explaining(Reading):
    """Reads as another does, and keeps the plan, as it was carried out, of each question that holds a part."""

    def __init__(self, reading: Reading, part: str) -> None:
        self._reading = reading
        self._part = part
        self.plan = ""

    async def rows(self, sql: str, *values: object) -> list[Row]:
        if self._part in sql:
            lines = await self._reading.rows(f"EXPLAIN (ANALYZE, FORMAT TEXT) {sql}", *values)
            self.plan += "".join(f"{line[0]}\n" for line in lines)
        return await self._reading.rows(sql, *values)

    async def row(self, sql: str, *values: object) -> Row | None:
        return next(iter(await self.rows(sql, *values)), None)
