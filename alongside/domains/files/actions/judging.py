"""What a whole upload is, by its content: pictures are made anew, everything else is kept as it came."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.files import logic, pictures, policy, queries
from alongside.domains.files.logic import HEAD_BYTES
from alongside.domains.files.pictures import InertPicture
from alongside.domains.files.policy import MOST_PICTURE_BYTES, Allowance
from alongside.domains.files.queries import Part, UploadRow
from alongside.domains.files.schemas import Attachment
from alongside.kit.ids import new_secret
from alongside.platform.db import Database, Work
from alongside.platform.errors import NotFound, TooLarge, Unavailable
from alongside.platform.storage import Storage

RESERVE = "INSERT INTO doomed_file (storage_key, due_at) SELECT unnest($1::text[]), now() + interval '1 hour'"

# One judge wins; whoever judges the same upload at the same time changes nothing.
DECIDE = """
UPDATE attachment SET kind = $2, media_type = $3, name = $4, bytes = $5, received = $5, width = $6, height = $7
WHERE id = $1 AND kind IS NULL
"""

SPARE = "DELETE FROM doomed_file WHERE storage_key = ANY($1)"
FORGET_PARTS = "DELETE FROM attachment_part WHERE attachment_id = $1"
ADD = """
INSERT INTO attachment_part (attachment_id, variant, start, bytes, storage_key) VALUES ($1, $2, 0, $3, $4)
"""


async def reserve(database: Database, count: int) -> list[str]:
    """New storage keys, random. Bytes put there are deleted in an hour, unless a row spares them."""
    keys = [f"attachments/{new_secret()}" for _ in range(count)]
    async with database.statement() as work:
        await work.run(RESERVE, keys)
    return keys


async def judge(database: Database, storage: Storage, row: UploadRow, allowance: Allowance) -> UploadRow:
    """Say what the content is, and make it inert. Raises a `Refusal` for what may not be sent or cannot be read."""
    async with database.reading() as reading:
        parts = await queries.parts(reading, row.id, "content")
    if not parts:  # cancelled, or its person was erased, since the last part came
        raise no_such_upload()
    media_type = logic.media_type_of(await _first_bytes(storage, parts))
    kind = logic.kind_of(media_type)
    policy.require_kind(kind, allowance)
    picture = await _made_anew(storage, row, parts) if kind == "image" else None
    media_type = picture.media_type if picture else media_type
    attachment = Attachment(
        id=row.id,
        kind=kind,
        name=logic.fitting_name(row.name, media_type),
        media_type=media_type,
        bytes=len(picture.content) if picture else row.bytes,
        width=picture.width if picture else None,
        height=picture.height if picture else None,
    )
    decided = await _decide(database, storage, attachment, picture)
    return msgspec.structs.replace(row, attachment=decided)


async def _made_anew(storage: Storage, row: UploadRow, parts: Sequence[Part]) -> InertPicture:
    if row.bytes > MOST_PICTURE_BYTES:
        raise TooLarge(
            "picture-too-large",
            f"Pictures may have up to {policy.megabytes(MOST_PICTURE_BYTES)} MB. Choose a smaller one.",
        )
    content = [await _bytes_of(storage, part) for part in parts]
    return await pictures.make_inert(b"".join(content))


async def _decide(
    database: Database, storage: Storage, attachment: Attachment, picture: InertPicture | None
) -> Attachment:
    keys: list[str] = []
    if picture:
        keys = await reserve(database, 2)
        await storage.put(keys[0], picture.content)
        await storage.put(keys[1], picture.thumbnail)
    async with database.work() as work:
        decided = await work.run(
            DECIDE,
            attachment.id,
            attachment.kind,
            attachment.media_type,
            attachment.name,
            attachment.bytes,
            attachment.width,
            attachment.height,
        )
        if decided and picture:
            await _replace_parts(work, attachment.id, keys, picture)
    # Another request has judged the same bytes the same way. If not, the upload was cancelled meanwhile.
    if not decided and not await _is_judged(database, attachment.id):
        raise no_such_upload()
    return attachment


def no_such_upload() -> NotFound:
    """It is somebody else's, or gone."""
    return NotFound("no-such-upload", "This upload does not exist (any more). Attach the file again.")


async def _replace_parts(work: Work, attachment_id: UUID, keys: list[str], picture: InertPicture) -> None:
    await work.run(FORGET_PARTS, attachment_id)
    await work.run(ADD, attachment_id, "content", len(picture.content), keys[0])
    await work.run(ADD, attachment_id, "thumbnail", len(picture.thumbnail), keys[1])
    await work.run(SPARE, keys)


async def _is_judged(database: Database, attachment_id: UUID) -> bool:
    async with database.reading() as reading:
        return bool(
            await reading.value("SELECT true FROM attachment WHERE id = $1 AND kind IS NOT NULL", attachment_id)
        )


async def _first_bytes(storage: Storage, parts: Sequence[Part]) -> bytes:
    """Every part but the last is longer than what a judge wants to see."""
    return (await _bytes_of(storage, parts[0]))[:HEAD_BYTES]


async def _bytes_of(storage: Storage, part: Part) -> bytes:
    content = await storage.get(part.storage_key)
    if content is None:
        raise Unavailable("storage-away", "The store of files does not have what it was given. Tell the operator.")
    return content
