"""What Alongside itself tells in a conversation: a system message.

The visitor and the team both see it, plainly not written by a person. It answers nothing: status, episode, unread
counts, `waiting_since`, the list's preview and its order stay as they were, and so do the marks of who has read.
"""

from __future__ import annotations

from uuid import UUID

import asyncpg

from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.queries import conversation
from alongside.domains.conversations.rows import Carried, entry_from
from alongside.domains.conversations.schemas import Entry
from alongside.domains.messages import queries
from alongside.domains.messages.actions.posting import accept_text
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict

MOST_CHARS = 4_000


async def tell(database: Database, conversation_id: UUID, text: str, client_id: UUID) -> Entry | None:
    """Write a system message to the log and return its entry, once it is committed.

    A repeat of a client id answers with what was told first. None where nobody has written yet: a log begins with a
    person's message. Raises `NotFound` for a conversation that is gone, `Invalid` or `TooLarge` for the text.
    """
    async with database.work() as work:
        return await tell_within(work, conversation_id, text, client_id)


async def tell_within(
    work: Work, conversation_id: UUID, text: str, client_id: UUID, as_agent: UUID | None = None
) -> Entry | None:
    """As `tell`, in the transaction of what it is about.

    The visitor sees it as of the agent `as_agent`; for the team it stays what it is, and answers nothing.
    """
    said = accept_text(text, MOST_CHARS)
    # The row stands in line before the log is looked at: two of one client id never both write.
    row = await work.row(queries.HOLD_TO_TELL, conversation_id)
    if row is None:
        raise no_such_conversation()
    if told := await work.row(queries.TOLD, conversation_id, client_id):
        if told["text"] != said:
            raise Conflict("client-id-reused", "This client_id was used for another text. Make a new one.")
        return entry_from(told)
    if not row["last_seq"]:
        return None
    written = await work.row(queries.TELL, conversation_id, said, client_id, _carrying(as_agent))
    return await _told(work, conversation_id, written)


def _carrying(as_agent: UUID | None) -> Carried | None:
    return Carried(as_agent=as_agent) if as_agent else None


async def _told(work: Work, conversation_id: UUID, written: asyncpg.Record | None) -> Entry:
    row = await conversation(work, conversation_id)
    assert written is not None and row is not None
    entry = entry_from(written)
    work.announce(EntryAdded(row=row, entry=entry, was_status=row.status, was_assignee_id=row.assignee_id))
    return entry
