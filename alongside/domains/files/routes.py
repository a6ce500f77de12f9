"""Where stored pictures are shown."""

from __future__ import annotations

from uuid import UUID

from litestar import Response, get

from alongside.domains.files import queries
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.storage import Storage
from alongside.platform.web import who

INERT = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "public, max-age=31536000, immutable",
    "Content-Disposition": 'inline; filename="picture.webp"',
}


@get(
    "/files/{file_id:uuid}/{name:str}",
    opt={"who": who.public("visitors see agents' pictures; the id cannot be guessed")},
    include_in_schema=False,
)
async def read_file(
    file_id: UUID,
    name: str,  # noqa: ARG001 - for people; nothing depends on it
    database: Database,
    storage: Storage,
) -> Response[bytes]:
    """A picture."""
    async with database.reading() as reading:
        file = await queries.file(reading, file_id)
    content = await storage.get(file.storage_key) if file else None
    if file is None or content is None:
        raise NotFound("no-such-file", "This file does not exist (any more).")
    return Response(content, media_type=file.media_type, headers=INERT)


ROUTES = [read_file]
