"""What is left over goes: uploads that nobody sent, and bytes that no row names."""

from __future__ import annotations

from alongside.domains.files import queries
from alongside.platform.db import Database
from alongside.platform.storage import Storage

# Long enough to finish after a night offline; a day, as the share of a visitor is counted.
STALE = f"""
DELETE FROM attachment WHERE id IN (
    SELECT a.id FROM attachment a
    WHERE a.touched_at < now() - interval '1 day' AND NOT {queries.CARRIED}
    ORDER BY a.touched_at LIMIT 500 FOR UPDATE OF a SKIP LOCKED)
"""


async def sweep_uploads(database: Database) -> int:
    """Forget uploads of which nothing came for a day, and files that were never sent. Returns how many."""
    async with database.work() as work:
        return await work.run(STALE)


async def delete_doomed(database: Database, storage: Storage) -> int:
    """Delete bytes that no row names any more, all that are due. Returns how many files.

    The bytes go before the note that they must: a crash in between repeats the deletion and forgets nothing.
    """
    deleted = 0
    while True:
        async with database.reading() as reading:
            keys = await queries.doomed(reading)
        for key in keys:
            await storage.delete(key)
        if not keys:
            return deleted
        async with database.work() as work:
            deleted += await work.run("DELETE FROM doomed_file WHERE storage_key = ANY($1)", keys)
