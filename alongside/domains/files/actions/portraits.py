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

# Sharp on a dense screen at the width of a column of text.
PICTURE_SIDE = 1_200


async def store_portrait(
    database: Database, storage: Storage, actor: AgentActor, content: bytes, most_bytes: int
) -> UUID:
    """Reduce an uploaded picture to a small square and keep it. Returns the file's id; nobody shows it yet."""
    _require_some(content, most_bytes)
    return await _keep(database, storage, actor, await pictures.make_portrait(content))


async def store_picture(
    database: Database, storage: Storage, actor: AgentActor, content: bytes, most_bytes: int
) -> UUID:
    """Reduce an uploaded picture in its own shape and keep it. Returns the file's id; nobody shows it yet."""
    _require_some(content, most_bytes)
    return await _keep(database, storage, actor, await pictures.make_picture(content, PICTURE_SIDE))


def _require_some(content: bytes, most_bytes: int) -> None:
    if len(content) > most_bytes:
        raise TooLarge(
            "picture-too-large",
            f"This picture is larger than {most_bytes / 1e6:.0f} MB. Choose a smaller one.",
        )
    if not content:
        raise Invalid("not-a-picture", "The file is empty. Choose a PNG, JPEG, WebP or GIF.")


async def _keep(database: Database, storage: Storage, actor: AgentActor, picture: bytes) -> UUID:
    """The row comes before the bytes: a crash between them leaves a row that the sweep finds, never lost bytes."""
    key = f"pictures/{new_secret()}"
    async with database.work() as work:
        file_id: UUID = await work.value(
            """
            INSERT INTO file (storage_key, media_type, bytes, sha256, purpose, owner_agent_id)
            VALUES ($1, $2, $3, $4, 'picture', $5) RETURNING id
            """,
            key,
            pictures.MEDIA_TYPE,
            len(picture),
            hashlib.sha256(picture).digest(),
            actor.id,
        )
    await storage.put(key, picture)
    return file_id


async def sweep_orphans(database: Database, storage: Storage) -> int:
    """Delete pictures that nobody has shown for an hour. Returns how many."""
    async with database.reading() as reading:
        orphans = await queries.orphan_pictures(reading)
    for orphan in orphans:
        await storage.delete(orphan.storage_key)
    async with database.work() as work:
        return await work.run("DELETE FROM file WHERE id = ANY($1)", [orphan.id for orphan in orphans])
