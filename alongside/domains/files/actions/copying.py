"""One file, sent twice: a copy has its own row and shares the bytes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.files import queries
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Work

# The lock keeps what is copied from going meanwhile, and with it the bytes.
COPY = """
WITH source AS MATERIALIZED (
    SELECT a.*, gen_random_uuid() AS copy_id, wanted.place
    FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place) JOIN attachment a ON a.id = wanted.id
    WHERE a.kind IS NOT NULL FOR SHARE OF a
), copied AS (
    INSERT INTO attachment
        (id, conversation_id, ticket_number, uploader_kind, uploader_id, name, bytes, received, kind, media_type,
         width, height)
    SELECT copy_id, $2, $3, $4, $5, name, bytes, bytes, kind, media_type, width, height FROM source
), parts AS (
    INSERT INTO attachment_part (attachment_id, variant, start, bytes, storage_key)
    SELECT s.copy_id, p.variant, p.start, p.bytes, p.storage_key
    FROM source s JOIN attachment_part p ON p.attachment_id = s.id
)
SELECT copy_id AS id, kind, name, media_type, bytes, width, height FROM source ORDER BY place
"""


async def copy_attachments(
    work: Work, actor: AgentActor | VisitorActor, place: Place, ids: Sequence[UUID]
) -> list[Attachment]:
    """Copies of whole files for `actor` to put there, in order; those that are gone are left out.

    Whether the actor may see them has been decided by the caller.
    """
    rows = await work.rows(COPY, list(ids), place.conversation_id, place.ticket_number, *queries.uploader(actor))
    return [queries.attachment_from(row) for row in rows]
