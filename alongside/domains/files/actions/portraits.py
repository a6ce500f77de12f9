"""Profile pictures: store one, forget those that nobody shows."""

from __future__ import annotations

import hashlib
from uuid import UUID

from alongside.domains.files import pictures, queries
from alongside.kit.ids import new_secret
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.errors import Invalid, TooLarge
from alongside.platform.storage import Storage


async def store_portrait(
    database: Database, storage: Storage, actor: AgentActor, content: bytes, most_bytes: int
) -> UUID:
    """Reduce an uploaded picture and keep it. Returns the file's id; it is an orphan until somebody shows it.

    The row comes before the bytes: a crash between them leaves a row that the sweep finds, never lost bytes.
    """
    if len(content) > most_bytes:
        raise TooLarge(
            "picture-too-large",
            f"This picture is larger than {most_bytes / 1e6:.0f} MB. Choose a smaller one.",
        )
    if not content:
        raise Invalid("not-a-picture", "The file is empty. Choose a PNG, JPEG, WebP or GIF.")
    portrait = await pictures.make_portrait(content)
    key = f"pictures/{new_secret()}"
    async with database.work() as work:
        file_id: UUID = await work.value(
            """
            INSERT INTO file (storage_key, media_type, bytes, sha256, purpose, owner_agent_id)
            VALUES ($1, $2, $3, $4, 'picture', $5) RETURNING id
            """,
            key,
            pictures.MEDIA_TYPE,
            len(portrait),
            hashlib.sha256(portrait).digest(),
            actor.id,
        )
    await storage.put(key, portrait)
    return file_id


async def sweep_orphans(database: Database, storage: Storage) -> int:
    """Delete pictures that nobody has shown for an hour. Returns how many."""
    async with database.reading() as reading:
        orphans = await queries.orphan_pictures(reading)
    for orphan in orphans:
        await storage.delete(orphan.storage_key)
    async with database.work() as work:
        return await work.run("DELETE FROM file WHERE id = ANY($1)", [orphan.id for orphan in orphans])
