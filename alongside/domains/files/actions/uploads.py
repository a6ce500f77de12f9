"""An upload, from its announcement to the attachment that a message can carry.

The bytes come in parts, each stored as it is: an upload can be gone on with from any process, after any cut, and
nothing is copied at its end. A part counts when its row does; until then its bytes are doomed.
"""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.files import logic, policy, queries
from alongside.domains.files.actions.judging import judge, no_such_upload, reserve
from alongside.domains.files.policy import Allowance
from alongside.domains.files.queries import Place, UploadRow
from alongside.domains.files.schemas import NewUpload, Upload
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Invalid, NotFound, Refusal
from alongside.platform.storage import Storage

# Small enough to lose little at a cut and to hold in memory, large enough that a large file is not a thousand parts.
LEAST_PART_BYTES = 256 * 1024
MOST_PART_BYTES = 4 * 1024 * 1024

# The conversation is held: should its person be erased just now, there is none to put a file into. Tickets stay.
BEGIN = """
WITH held AS MATERIALIZED (SELECT id FROM conversation WHERE id = $1 FOR KEY SHARE)
INSERT INTO attachment (conversation_id, ticket_number, uploader_kind, uploader_id, name, bytes)
SELECT $1, $2, $3, $4, $5, $6 WHERE $1::uuid IS NULL OR EXISTS (SELECT FROM held)
RETURNING id
"""

# Whoever comes second with bytes for the same place changes nothing.
ADD_PART = """
WITH moved AS (
    UPDATE attachment SET received = received + $3, touched_at = now()
    WHERE id = $1 AND received = $2 AND kind IS NULL RETURNING id
), spared AS (
    DELETE FROM doomed_file WHERE storage_key = $4 AND EXISTS (SELECT FROM moved)
)
INSERT INTO attachment_part (attachment_id, variant, start, bytes, storage_key)
SELECT id, 'content', $2, $3, $4 FROM moved
"""

CANCEL = f"""
DELETE FROM attachment a
WHERE a.id = $1 AND a.uploader_kind = $2 AND a.uploader_id = $3 AND NOT {queries.CARRIED}
"""


class PartGiven(msgspec.Struct, frozen=True):
    """Bytes for an upload, from `offset` on."""

    offset: int
    content: bytes


async def begin_upload(
    work: Work, actor: AgentActor | VisitorActor, place: Place, new: NewUpload, allowance: Allowance
) -> Upload:
    """Announce a file. What cannot be accepted is refused now, before its bytes have travelled."""
    policy.require_size(new, allowance)
    if new.media_type:
        policy.require_kind(logic.kind_of(new.media_type), allowance)
    kind, uploader_id = queries.uploader(actor)
    policy.require_share(new, *await queries.share(work, uploader_id), allowance)
    name = logic.file_name(new.name)
    where = (place.conversation_id, place.ticket_number)
    upload_id: UUID | None = await work.value(BEGIN, *where, kind, uploader_id, name, new.bytes)
    if upload_id is None:
        raise NotFound("no-such-conversation", "This conversation does not exist (any more).")
    return _told(UploadRow(upload_id, name, new.bytes, 0, None))


async def read_upload(database: Database, actor: AgentActor | VisitorActor, upload_id: UUID) -> Upload:
    """How far an upload has come."""
    return _told(await _own(database, actor, upload_id))


async def receive(
    database: Database,
    storage: Storage,
    actor: AgentActor | VisitorActor,
    upload_id: UUID,
    part: PartGiven,
    allowance: Allowance,
) -> Upload:
    """Store the next bytes; with the last the content is judged. A repeat of the last part answers as the first did.

    Raises `Conflict` with the true `offset` for bytes that do not follow on. What the content is refused for ends the
    upload.
    """
    row = await _own(database, actor, upload_id)
    if row.attachment is None:
        _require_fit(row, part)
        if part.content:
            added = await _add(database, storage, row, part)
            if added is None:  # another request was quicker, or the upload is gone, which asking for it tells
                raise _elsewhere((await _own(database, actor, upload_id)).received)
            row = added
    if row.attachment is None and row.received == row.bytes:
        try:
            row = await judge(database, storage, row, allowance)
        except Refusal as refusal:
            # An outage says nothing about the file: it is judged when the last part is repeated.
            if refusal.status < 500:
                await _forget(database, actor, upload_id)
            raise
    return _told(row)


async def cancel_upload(database: Database, actor: AgentActor | VisitorActor, upload_id: UUID) -> None:
    """Give up an upload, or a whole file that nothing carries. Raises `NotFound` for any other."""
    if not await _forget(database, actor, upload_id):
        raise no_such_upload()


async def _add(database: Database, storage: Storage, row: UploadRow, part: PartGiven) -> UploadRow | None:
    (key,) = await reserve(database, 1)
    await storage.put(key, part.content)
    async with database.statement() as work:
        added = await work.run(ADD_PART, row.id, part.offset, len(part.content), key)
    if not added:
        await storage.delete(key)
        return None
    return msgspec.structs.replace(row, received=row.received + len(part.content))


async def _own(database: Database, actor: AgentActor | VisitorActor, upload_id: UUID) -> UploadRow:
    async with database.reading() as reading:
        row = await queries.upload(reading, actor, upload_id)
    if row is None:
        raise no_such_upload()
    return row


async def _forget(database: Database, actor: AgentActor | VisitorActor, upload_id: UUID) -> int:
    async with database.work() as work:
        return await work.run(CANCEL, upload_id, *queries.uploader(actor))


def _require_fit(row: UploadRow, part: PartGiven) -> None:
    if part.offset != row.received:
        raise _elsewhere(row.received)
    left = row.bytes - row.received
    size = len(part.content)
    if size > left:
        raise Invalid("part-too-long", f"Only {left} bytes of this file are missing; {size} were sent.")
    if size < min(LEAST_PART_BYTES, left):
        raise Invalid(
            "part-too-short", f"A part has at least {LEAST_PART_BYTES} bytes, unless it is the last. {size} were sent."
        )


def _elsewhere(offset: int) -> Conflict:
    return Conflict(
        "upload-offset",
        "These bytes do not follow on what is there. Ask how far the upload has come.",
        offset=offset,
    )


def _told(row: UploadRow) -> Upload:
    return Upload(
        id=row.id,
        bytes=row.bytes,
        offset=row.bytes if row.attachment else row.received,
        least_part_bytes=LEAST_PART_BYTES,
        most_part_bytes=MOST_PART_BYTES,
        attachment=row.attachment,
    )
