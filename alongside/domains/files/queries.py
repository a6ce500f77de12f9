"""Everything that is asked of files."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.files.policy import MANAGE_TEXT_BLOCKS, READ_TICKETS
from alongside.domains.files.schemas import Attachment, StoredFile, Variant
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Reading, Row

FILE = "SELECT id, storage_key, media_type, bytes FROM file WHERE id = $1"

ORPHAN_PICTURES = """
SELECT f.id, f.storage_key, f.media_type, f.bytes FROM file f
WHERE f.purpose = 'picture' AND f.created_at < now() - interval '1 hour'
  AND NOT EXISTS (SELECT FROM agent a WHERE a.picture_file_id = f.id)
  AND NOT EXISTS (SELECT FROM article_picture p WHERE p.file_id = f.id)
  AND NOT EXISTS (SELECT FROM channel c WHERE c.settings #>> '{look,picture_id}' = f.id::text)
ORDER BY f.created_at LIMIT 200
"""

ATTACHMENT_COLUMNS = "a.id, a.kind, a.name, a.media_type, a.bytes, a.width, a.height"

# What a message, a comment or a text block has is no upload any more.
CARRIED = """
(EXISTS (SELECT FROM entry_attachment u WHERE u.attachment_id = a.id)
 OR EXISTS (SELECT FROM ticket_attachment u WHERE u.attachment_id = a.id)
 OR EXISTS (SELECT FROM text_block_attachment u WHERE u.attachment_id = a.id))
"""

UPLOAD = f"""
SELECT {ATTACHMENT_COLUMNS}, a.received FROM attachment a
WHERE a.id = $1 AND a.uploader_kind = $2 AND a.uploader_id = $3
"""

# What one person has under way, and what they have sent or begun to send within a day.
SHARE = """
SELECT count(*) FILTER (WHERE kind IS NULL) AS unfinished, coalesce(sum(bytes), 0)::bigint AS bytes_today
FROM attachment WHERE uploader_id = $1 AND created_at > now() - interval '1 day'
"""

# In the order of the ids.
CHOSEN = f"""
SELECT {ATTACHMENT_COLUMNS}, {CARRIED} AS sent
FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place) JOIN attachment a ON a.id = wanted.id
WHERE a.conversation_id IS NOT DISTINCT FROM $2 AND a.ticket_number IS NOT DISTINCT FROM $3
  AND a.uploader_kind = $4 AND a.uploader_id = $5 AND a.kind IS NOT NULL
ORDER BY wanted.place
"""

# Whoever may see what carries it; of what nothing carries yet, who uploaded it. $3: whose conversations the agent may
# see, $4: whether tickets, $5: whether all text blocks.
SENT_OR_OWN = f"""
SELECT {ATTACHMENT_COLUMNS} FROM attachment a
WHERE a.id = $1 AND a.kind IS NOT NULL
  AND CASE WHEN NOT {CARRIED} THEN (a.uploader_kind, a.uploader_id) = ('agent', $2::uuid)
           ELSE EXISTS (SELECT FROM entry_attachment u JOIN conversation c ON c.id = u.conversation_id
                        WHERE u.attachment_id = a.id AND ($3::uuid[] IS NULL OR c.holder_id = ANY($3)))
             OR $4::bool AND EXISTS (SELECT FROM ticket_attachment u WHERE u.attachment_id = a.id)
             OR EXISTS (SELECT FROM text_block_attachment u JOIN text_block b ON b.id = u.text_block_id
                        WHERE u.attachment_id = a.id AND ($5::bool OR b.everybody OR EXISTS (
                            SELECT FROM text_block_scope s JOIN team_member m USING (team_id)
                            WHERE s.text_block_id = b.id AND m.agent_id = $2))) END
"""

# A visitor sees the files of messages in their own conversation while their token holds, and never those of notes.
SENT_TO_VISITOR = f"""
SELECT {ATTACHMENT_COLUMNS}
FROM attachment a
JOIN entry_attachment u ON u.attachment_id = a.id
JOIN entry e ON e.conversation_id = u.conversation_id AND e.seq = u.seq AND e.kind = 'message'
JOIN conversation c ON c.id = u.conversation_id
JOIN identity i ON i.contact_id = c.contact_id AND i.channel_id = c.channel_id
WHERE a.id = ANY($1::uuid[]) AND i.id = $2 AND i.revoked_at IS NULL
"""

PARTS = """
SELECT storage_key, start, bytes FROM attachment_part WHERE attachment_id = $1 AND variant = $2 ORDER BY start
"""

# Copies share their bytes: while one is there, the bytes stay.
DOOMED = """
SELECT d.storage_key FROM doomed_file d
WHERE d.due_at <= now() AND NOT EXISTS (SELECT FROM attachment_part p WHERE p.storage_key = d.storage_key)
ORDER BY d.due_at LIMIT 500
"""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file is to be carried: in a conversation, in a ticket, or, with neither, by a text block."""

    conversation_id: UUID | None = None
    ticket_number: int | None = None


class UploadRow(msgspec.Struct, frozen=True):
    """An upload as it stands; `attachment` once its content has been judged."""

    id: UUID
    name: str
    bytes: int
    received: int
    attachment: Attachment | None


class Part(msgspec.Struct, frozen=True):
    """Some bytes of a file, from `start` on."""

    storage_key: str
    start: int
    bytes: int


class Chosen(msgspec.Struct, frozen=True):
    """A whole file that somebody wants to send; `sent` when something carries it already."""

    attachment: Attachment
    sent: bool


def uploader(actor: AgentActor | VisitorActor) -> tuple[str, UUID]:
    """How the rows name who uploads."""
    return ("agent", actor.id) if isinstance(actor, AgentActor) else ("visitor", actor.contact_id)


async def file(reading: Reading, file_id: UUID) -> StoredFile | None:
    """One file."""
    row = await reading.row(FILE, file_id)
    return StoredFile(**dict(row)) if row else None


async def orphan_pictures(reading: Reading) -> list[StoredFile]:
    """Pictures that nobody shows, older than an hour: replaced ones, and uploads that broke off."""
    return [StoredFile(**dict(row)) for row in await reading.rows(ORPHAN_PICTURES)]


async def upload(reading: Reading, actor: AgentActor | VisitorActor, upload_id: UUID) -> UploadRow | None:
    """One of the actor's own uploads."""
    row = await reading.row(UPLOAD, upload_id, *uploader(actor))
    if row is None:
        return None
    return UploadRow(
        row["id"], row["name"], row["bytes"], row["received"], attachment_from(row) if row["kind"] else None
    )


async def share(reading: Reading, uploader_id: UUID) -> tuple[int, int]:
    """How many uploads somebody has under way, and how many bytes they brought within a day."""
    row = await reading.row(SHARE, uploader_id)
    return (row["unfinished"], row["bytes_today"]) if row else (0, 0)


async def chosen(reading: Reading, actor: AgentActor | VisitorActor, place: Place, ids: Sequence[UUID]) -> list[Chosen]:
    """Those of the actor's own whole files of a place that `ids` name, in that order."""
    rows = await reading.rows(CHOSEN, list(ids), place.conversation_id, place.ticket_number, *uploader(actor))
    return [Chosen(attachment_from(row), row["sent"]) for row in rows]


async def sent_or_own(reading: Reading, actor: AgentActor, attachment_id: UUID) -> Attachment | None:
    """A file of a message, a note, a ticket or a text block which the agent may see, or is about to send."""
    tickets, text_blocks = actor.may(READ_TICKETS), actor.may(MANAGE_TEXT_BLOCKS)
    row = await reading.row(SENT_OR_OWN, attachment_id, actor.id, actor.holders, tickets, text_blocks)
    return attachment_from(row) if row else None


async def sent_to_visitor(reading: Reading, identity_id: UUID, ids: Sequence[UUID]) -> list[Attachment]:
    """Those of the files that the holder of a live token may see."""
    return [attachment_from(row) for row in await reading.rows(SENT_TO_VISITOR, list(ids), identity_id)]


async def parts(reading: Reading, attachment_id: UUID, variant: Variant) -> list[Part]:
    """Where the bytes lie, in order."""
    return [Part(**dict(row)) for row in await reading.rows(PARTS, attachment_id, variant)]


async def doomed(reading: Reading) -> list[str]:
    """Keys of bytes that are to be deleted."""
    return [row["storage_key"] for row in await reading.rows(DOOMED)]


def attachment_from(row: Row) -> Attachment:
    """An attachment from `ATTACHMENT_COLUMNS`."""
    return Attachment(
        id=row["id"],
        kind=row["kind"],
        name=row["name"],
        media_type=row["media_type"],
        bytes=row["bytes"],
        width=row["width"],
        height=row["height"],
    )
