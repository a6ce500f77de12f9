"""What becomes of files that were made because it was time: their readers are told by mail."""

from __future__ import annotations

from alongside.domains.mail.actions import Post, post
from alongside.domains.reports import queries
from alongside.domains.reports.queries import StoredExport
from alongside.platform.db import Work

LETTER = "report"

MAILED = "UPDATE report_export SET mail_id = $2 WHERE id = $1"
FAILED = "UPDATE report_schedule SET last_result = 'failed' WHERE id = $1"


async def announce_ready(work: Work, stored: StoredExport) -> None:
    """A file is ready: where it was made because it was time, its reader is told by mail, if they may still have it."""
    if stored.schedule_id is None:
        return
    reader = (await queries.readers(work, [stored.agent_id])).get(stored.agent_id)
    if reader is None or not reader.may_view:
        return
    mail_id = await post(work, Post(kind=LETTER, address=reader.email, agent_id=reader.actor.id))
    await work.run(MAILED, stored.told.id, mail_id)


async def note_failed(work: Work, stored: StoredExport) -> None:
    """A file could not be written."""
    if stored.schedule_id is not None:
        await work.run(FAILED, stored.schedule_id)
