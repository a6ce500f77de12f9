"""Everything that is asked of letters."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.mail.schemas import MailItem, MailPage
from alongside.kit.paging import Cursor, write_cursor
from alongside.platform.db import Reading

PAGE = 50

ITEMS = """
SELECT id, kind, address, state, tries, reason, created_at, done_at, next_try_at, conversation_id FROM mail
WHERE $1::timestamptz IS NULL OR (created_at, id) < ($1, $2)
ORDER BY created_at DESC, id DESC LIMIT $3
"""

COUNTS = """
SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting,
       count(*) FILTER (WHERE state = 'failed' AND done_at > now() - interval '1 day') AS failed_lately,
       (SELECT push_text FROM workspace) AS push_text
FROM mail WHERE state = 'waiting' OR created_at > now() - interval '4 days'
"""

READER = "SELECT email, locale FROM agent WHERE id = $1 AND active"


class Counts(msgspec.Struct, frozen=True):
    """Letters that wait, those that failed within a day; whether pushes tell texts."""

    waiting: int
    failed_lately: int
    push_text: bool


class Reader(msgspec.Struct, frozen=True):
    """An agent as the reader of a letter."""

    email: str
    locale: str


async def items(reading: Reading, cursor: Cursor | None) -> MailPage:
    """The log, newest first."""
    rows = await reading.rows(ITEMS, cursor and cursor.at, cursor and cursor.id, PAGE + 1)
    found = [MailItem(**dict(row)) for row in rows[:PAGE]]
    more = len(rows) > PAGE
    return MailPage(found, write_cursor(Cursor(found[-1].created_at, found[-1].id)) if more else None)


async def counts(reading: Reading) -> Counts:
    """How the mail does."""
    row = await reading.row(COUNTS)
    assert row is not None
    return Counts(**dict(row))


async def reader(reading: Reading, agent_id: UUID) -> Reader | None:
    """Where an active agent reads mail, and in which language."""
    row = await reading.row(READER, agent_id)
    return Reader(**dict(row)) if row else None
