"""What is asked of the audit log: its own entries, and what agents did in conversations, as one list.

Messages, status changes and assignments are numbered entries of the conversations' logs. They are read from there: to
write them a second time would make every message slower, and a copy could differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.audit.schemas import AuditEntry, AuditPage
from alongside.kit.paging import Cursor, write_cursor
from alongside.platform.db import Reading

# Types of entries that are read from the conversations' logs.
IN_CONVERSATIONS = ("MESSENGER_SEND", "STATUS_CHANGE", "CONVERSATION_ASSIGNED")

KEEP_DAYS = "SELECT keep_days FROM audit_setting"

# $1 and $2 the period, $3 the agent, $4 the types, $5 and $6 the last row of the page before, $7 how many. Each part is
# read from an index of its own in order, as far as a page needs, and no further.
# Names of customers are looked up: what is written here outlives who is erased.
STORED = """
SELECT a.id, a.at, a.type, a.actor_id,
       a.data || coalesce((
           SELECT jsonb_strip_nulls(jsonb_build_object('customer', coalesce(p.name, p.claims ->> 'name')))
           FROM contact p WHERE p.id = (a.data ->> 'customer_id')::uuid), '{}') AS data
FROM audit_entry a
WHERE a.at >= $1 AND a.at < $2 AND ($3::uuid IS NULL OR a.actor_id = $3) AND ($4::text[] IS NULL OR a.type = ANY($4))
  AND (a.at, a.id) < ($5, $6)
ORDER BY a.at DESC, a.id DESC LIMIT $7
"""


def done_in_conversations(only: str) -> str:
    """Of each agent the newest, merged; customers' names are looked up for what is left of them."""
    return f"""
    SELECT n.id, n.at, n.type, n.author_id AS actor_id,
           jsonb_strip_nulls(jsonb_build_object(
               'customer_id', c.contact_id,
               'customer', coalesce(p.name, p.claims ->> 'name'),
               'customer_number', p.number,
               'conversation_id', n.conversation_id,
               'seq', n.seq,
               'status', CASE WHEN n.type = 'STATUS_CHANGE' THEN n.status END,
               'agent', CASE WHEN n.type = 'CONVERSATION_ASSIGNED' THEN g.display_name END,
               'team', CASE WHEN n.type = 'CONVERSATION_ASSIGNED' THEN m.name END)) AS data
    FROM (
        SELECT done.* FROM agent who CROSS JOIN LATERAL (
            SELECT t.id, e.at, t.type, e.author_id, e.conversation_id, e.seq, e.status, e.data
            FROM entry e CROSS JOIN LATERAL (
                SELECT k.type, md5(e.conversation_id::text || e.seq || k.type)::uuid AS id
                FROM (VALUES ('MESSENGER_SEND', e.kind = 'message'), ('STATUS_CHANGE', e.status IS NOT NULL),
                             ('CONVERSATION_ASSIGNED', e.kind = 'assignment')) AS k (type, holds)
                WHERE k.holds AND ($4::text[] IS NULL OR k.type = ANY($4))
            ) AS t
            WHERE e.author_kind = 'agent' AND e.author_id = who.id AND {only}
              AND e.at >= $1 AND e.at < $2 AND e.at <= $5 AND (e.at, t.id) < ($5, $6)
            ORDER BY e.at DESC, t.id DESC LIMIT $7
        ) AS done
        WHERE $3::uuid IS NULL OR who.id = $3
        ORDER BY done.at DESC, done.id DESC LIMIT $7
    ) AS n
    JOIN conversation c ON c.id = n.conversation_id
    JOIN contact p ON p.id = c.contact_id
    LEFT JOIN agent g ON g.id = (n.data ->> 'agent_id')::uuid
    LEFT JOIN team m ON m.id = (n.data ->> 'team_id')::uuid
    """


def paged(*parts: str) -> str:
    """These parts as one list, with the names of who did it."""
    return f"""
    SELECT found.id, found.at, found.type, found.actor_id, found.data, a.display_name AS actor_name
    FROM (({") UNION ALL (".join(parts)})) AS found
    LEFT JOIN agent a ON a.id = found.actor_id
    ORDER BY found.at DESC, found.id DESC LIMIT $7
    """


PAGE = paged(STORED, done_in_conversations("(e.kind IN ('message', 'assignment') OR e.status IS NOT NULL)"))
PAGE_OF_DEEDS = paged(STORED)
PAGE_OF_MESSAGES = paged(done_in_conversations("e.kind = 'message'"))
PAGE_OF_CHANGES = paged(done_in_conversations("(e.kind = 'assignment' OR e.status IS NOT NULL)"))

LAST_ID = UUID(int=2**128 - 1)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries: of one type, of one agent, from a moment on, until before another."""

    type: str | None = None
    agent_id: UUID | None = None
    since: datetime
    until: datetime


async def keep_days(reading: Reading) -> int:
    """How many days entries are kept."""
    return int(await reading.value(KEEP_DAYS))


async def page(reading: Reading, filters: Filters, cursor: Cursor | None, limit: int) -> AuditPage:
    """Entries, newest first."""
    types = None if filters.type is None else [filters.type]
    last = cursor or Cursor(filters.until, LAST_ID)
    rows = await reading.rows(
        _statement(filters.type), filters.since, filters.until, filters.agent_id, types, last.at, last.id, limit + 1
    )
    entries = [AuditEntry(**dict(row)) for row in rows[:limit]]
    more = len(rows) > limit
    return AuditPage(entries, write_cursor(Cursor(entries[-1].at, entries[-1].id)) if more else None)


def _statement(type_: str | None) -> str:
    if type_ is None:
        return PAGE
    if type_ not in IN_CONVERSATIONS:
        return PAGE_OF_DEEDS
    return PAGE_OF_MESSAGES if type_ == "MESSENGER_SEND" else PAGE_OF_CHANGES


def cells(entry: AuditEntry) -> Iterator[Any]:
    """An entry as a line of CSV."""
    yield entry.at.isoformat(timespec="seconds")
    yield entry.type
    yield entry.actor_name or ""
    yield str(entry.actor_id or "")
    yield "; ".join(f"{name}: {_words(value)}" for name, value in entry.data.items() if value not in (None, [], ""))


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
