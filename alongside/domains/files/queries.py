"""Everything that is asked of files."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.files.schemas import StoredFile
from alongside.platform.db import Reading

FILE = "SELECT id, storage_key, media_type, bytes FROM file WHERE id = $1"

ORPHAN_PICTURES = """
SELECT f.id, f.storage_key, f.media_type, f.bytes FROM file f
WHERE f.purpose = 'picture' AND f.created_at < now() - interval '1 hour'
  AND NOT EXISTS (SELECT FROM agent a WHERE a.picture_file_id = f.id)
  AND NOT EXISTS (SELECT FROM article_picture p WHERE p.file_id = f.id)
ORDER BY f.created_at LIMIT 200
"""


async def file(reading: Reading, file_id: UUID) -> StoredFile | None:
    """One file."""
    row = await reading.row(FILE, file_id)
    return StoredFile(**dict(row)) if row else None


async def orphan_pictures(reading: Reading) -> list[StoredFile]:
    """Pictures that nobody shows, older than an hour: replaced ones, and uploads that broke off."""
    return [StoredFile(**dict(row)) for row in await reading.rows(ORPHAN_PICTURES)]
