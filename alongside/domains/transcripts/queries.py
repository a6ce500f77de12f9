"""What a transcript is made of, read from the domains below."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from alongside.domains.agents import queries as agents
from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.rows import ENTRY_COLUMNS, entry_from
from alongside.domains.conversations.schemas import ConversationRow, Entry
from alongside.domains.transcripts.logic import MOST_MESSAGES, Head, Names, Wish, masked
from alongside.domains.transcripts.schemas import TranscriptNow
from alongside.domains.transcripts.words import WORDS
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Database, Reading, Work

ENTRIES_AT_ONCE = 500
WISHES_AT_ONCE = 200

# Of `conversation c` and its `episode e`: whether somebody of the team has answered in it.
ANSWERED = """
EXISTS (SELECT FROM entry n WHERE n.conversation_id = c.id AND n.seq >= e.first_seq AND n.episode = e.number
        AND n.kind = 'message' AND n.author_kind = 'agent' AND n.deleted_at IS NULL)
"""

LATEST = f"""
SELECT c.episode, c.status = 'done' AS over, {ANSWERED} AS answered
FROM conversation c JOIN episode e ON e.conversation_id = c.id AND e.number = c.episode
WHERE c.id = $1 FOR UPDATE OF c
"""

# What agents wrote down of somebody whom nobody vouched for is not told to who claims to be them.
NOW = f"""
SELECT c.episode, c.status = 'done' AS over, {ANSWERED} AS answered, w.address AS wished, m.address AS mailed,
       m.state = 'failed' AS failed,
       CASE WHEN $3 THEN coalesce(p.email, p.claims ->> 'email') ELSE p.claims ->> 'email' END AS known
FROM conversation c JOIN episode e ON e.conversation_id = c.id AND e.number = c.episode
JOIN contact p ON p.id = c.contact_id
LEFT JOIN transcript_wish w ON w.conversation_id = c.id AND w.episode = c.episode
LEFT JOIN LATERAL (
    SELECT address, state FROM mail
    WHERE conversation_id = c.id AND kind = 'transcript' AND episode = c.episode
    ORDER BY created_at DESC, id DESC LIMIT 1) m ON true
WHERE c.contact_id = $1 AND c.channel_id = $2
"""

DUE = f"""
SELECT c.id AS conversation_id, c.contact_id, w.episode,
       h.active AND coalesce((h.settings -> 'around' ->> 'transcript')::boolean, false) AND {ANSWERED} AS wanted
FROM transcript_wish w JOIN episode e ON e.conversation_id = w.conversation_id AND e.number = w.episode
JOIN conversation c ON c.id = w.conversation_id JOIN channel h ON h.id = c.channel_id
WHERE e.done_at IS NOT NULL ORDER BY w.wished_at LIMIT {WISHES_AT_ONCE}
"""

MESSAGES = f"""
SELECT {ENTRY_COLUMNS} FROM entry
WHERE conversation_id = $1 AND kind = 'message' AND ($2::integer IS NULL OR episode = $2)
ORDER BY seq DESC LIMIT $3
"""

READER = """
SELECT p.language, (SELECT v.timezone FROM visit v WHERE v.contact_id = p.id AND v.timezone <> ''
                    ORDER BY v.started_at DESC LIMIT 1) AS zone
FROM contact p WHERE p.id = $1
"""


class Latest(msgspec.Struct, frozen=True):
    """A conversation's latest episode."""

    episode: int
    over: bool
    answered: bool


class Due(msgspec.Struct, frozen=True):
    """What is to be mailed: an episode, or with None all of the conversation."""

    conversation_id: UUID
    contact_id: UUID
    episode: int | None


async def head(reading: Reading, row: ConversationRow, wish: Wish) -> Head:
    """What stands above."""
    people = await agents.agents(reading)
    teams = await agents.teams(reading)
    words = WORDS[wish.locale]
    contact = (row.contact.name or "").strip() or words["visitor"].format(number=row.contact.number)
    return Head(
        number=row.contact.number,
        title=words["title"].format(name=contact),
        channel=row.channel.name,
        last_seq=row.last_seq,
        names=Names(contact, {one.id: one.display_name for one in people}, {one.id: one.name for one in teams}),
    )


async def entries(database: Database, conversation_id: UUID, last_seq: int) -> AsyncIterator[list[Entry]]:
    """The log up to `last_seq`, in pieces.

    Each piece is read with a connection of its own: a reader who downloads slowly holds none meanwhile.
    """
    after = 0
    while after < last_seq:
        async with database.reading() as reading:
            page = await conversations.entries_after(reading, conversation_id, after, ENTRIES_AT_ONCE)
        found = [entry for entry in page.entries if entry.seq <= last_seq]
        if not found:
            return
        yield found
        after = found[-1].seq


async def latest_for_update(work: Work, conversation_id: UUID) -> Latest | None:
    """The latest episode; the conversation stays as it is until this work ends."""
    row = await work.row(LATEST, conversation_id)
    return Latest(**dict(row)) if row else None


async def due(reading: Reading) -> list[tuple[Due, bool]]:
    """Wishes for what is over by now, and whether they are still to be fulfilled."""
    rows = await reading.rows(DUE)
    return [(Due(row["conversation_id"], row["contact_id"], row["episode"]), row["wanted"]) for row in rows]


async def transcript_now(reading: Reading, actor: VisitorActor) -> TranscriptNow:
    """How a visitor's latest episode and its transcript by mail stand."""
    row = await reading.row(NOW, actor.contact_id, actor.channel_id, actor.verified)
    if row is None:
        return TranscriptNow(episode=1)
    to = row["wished"] or row["mailed"]
    return TranscriptNow(
        episode=row["episode"],
        over=row["over"],
        answered=row["answered"],
        state="wished" if row["wished"] else "failed" if row["failed"] else "sent" if row["mailed"] else None,
        to=masked(to) if to else None,
        known=row["known"],
    )


async def messages(reading: Reading, conversation_id: UUID, episode: int | None) -> list[Entry]:
    """The last messages, one more than fits into a letter, in order."""
    rows = await reading.rows(MESSAGES, conversation_id, episode, MOST_MESSAGES + 1)
    return [entry_from(row) for row in reversed(rows)]


async def reader(reading: Reading, contact_id: UUID) -> tuple[str | None, ZoneInfo]:
    """A customer's language, and the zone of the device they were here with last; UTC where none is known."""
    row = await reading.row(READER, contact_id)
    try:
        zone = ZoneInfo((row and row["zone"]) or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return row["language"] if row else None, zone
