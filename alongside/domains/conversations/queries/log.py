"""One conversation, or a few by name: its row, its log, who has it, who has read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.conversations.rows import ENTRY_COLUMNS, ROW_COLUMNS, entry_from, row_from
from alongside.domains.conversations.schemas import (
    AgentSeen,
    ConversationRow,
    ConversationSnapshot,
    Entry,
    EntryPage,
)
from alongside.domains.conversations.urgency import FROM
from alongside.platform.auth.actor import NOBODY, AgentActor
from alongside.platform.db import Reading

SNAPSHOT_ENTRIES = 50
# A client further behind than this gets a fresh snapshot instead of what it missed.
RESUME_ENTRIES = 500

ONE = f"SELECT {ROW_COLUMNS} {FROM} WHERE c.id = $1"
OF_PERSON = f"""
SELECT {ROW_COLUMNS} {FROM} WHERE c.contact_id = ANY(ARRAY(
    SELECT id FROM contact WHERE person_id = (SELECT person_id FROM contact WHERE id = $1)))
"""
ID_OF_VISITOR = "SELECT id FROM conversation WHERE contact_id = $1 AND channel_id = $2"
IDS_OF_VISITORS = """
SELECT id, contact_id, channel_id FROM conversation
JOIN unnest($1::uuid[], $2::uuid[]) AS visitor (contact_id, channel_id) USING (contact_id, channel_id)
"""

ENTRIES_AFTER = f"SELECT {ENTRY_COLUMNS} FROM entry WHERE conversation_id = $1 AND seq > $2 ORDER BY seq LIMIT $3"
ENTRIES_BEFORE = f"""
SELECT {ENTRY_COLUMNS} FROM entry WHERE conversation_id = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3
"""
ENTRY_BY_CLIENT_ID = f"""
SELECT {ENTRY_COLUMNS} FROM entry WHERE conversation_id = $1 AND author_id = $2 AND client_id = $3
"""
SEEN = "SELECT agent_id, seq FROM conversation_seen WHERE conversation_id = $1"
HEADS = "SELECT id, last_seq, last_public_seq, team_seen, holder_id FROM conversation WHERE id = ANY($1)"
HOLDER = "SELECT holder_id FROM conversation WHERE id = $1"
RATING = """
SELECT rating AS stars, rating_comment AS comment, done_at IS NOT NULL OR rating IS NOT NULL AS open FROM episode
WHERE conversation_id = $1 AND number = $2
"""
OWNER = """
SELECT a.id AS agent_id, p.team_id FROM conversation c JOIN contact m ON m.id = c.contact_id
JOIN contact p ON p.id = m.person_id LEFT JOIN agent a ON a.id = p.agent_id AND a.active
WHERE c.id = $1 AND (a.id IS NOT NULL OR p.team_id IS NOT NULL)
  AND NOT EXISTS (SELECT FROM entry WHERE conversation_id = c.id AND kind = 'assignment')
"""
EPOCH = "SELECT epoch FROM workspace"
LABELS_CARRIED = "SELECT cardinality(label_ids) FROM conversation WHERE id = $1"

END = 2**62


class Head(msgspec.Struct, frozen=True):
    """Where a conversation's log ends, in both numberings, how far the team has read, and who has it."""

    seq: int
    public_seq: int
    team_seen: int
    holder_id: UUID = NOBODY


class EpisodeRating(msgspec.Struct, frozen=True):
    """How an episode is rated, if it is; `open`: it was over once, so that its visitor may rate it."""

    stars: int | None
    comment: str | None
    open: bool


async def epoch(reading: Reading) -> str:
    """The history that all numbers belong to."""
    return str(await reading.value(EPOCH))


async def conversation(reading: Reading, conversation_id: UUID) -> ConversationRow | None:
    """One row."""
    row = await reading.row(ONE, conversation_id)
    return row_from(row) if row else None


async def conversations_of(reading: Reading, contact_id: UUID) -> list[ConversationRow]:
    """All rows of a contact, and of those that are merged with it."""
    return [row_from(row) for row in await reading.rows(OF_PERSON, contact_id)]


async def conversation_of_visitor(reading: Reading, contact_id: UUID, channel_id: UUID) -> UUID | None:
    """The id of the one conversation of a contact on a channel."""
    found: UUID | None = await reading.value(ID_OF_VISITOR, contact_id, channel_id)
    return found


async def conversations_of_visitors(
    reading: Reading, visitors: Sequence[tuple[UUID, UUID]]
) -> dict[tuple[UUID, UUID], UUID]:
    """The ids of conversations by (contact, channel), for those who have one."""
    rows = await reading.rows(IDS_OF_VISITORS, [each[0] for each in visitors], [each[1] for each in visitors])
    return {(row["contact_id"], row["channel_id"]): row["id"] for row in rows}


async def snapshot(reading: Reading, conversation_id: UUID) -> ConversationSnapshot | None:
    """A conversation at one instant; `reading` must be a snapshot for its parts to agree."""
    row = await conversation(reading, conversation_id)
    if row is None:
        return None
    page = await entries_before(reading, conversation_id, END, SNAPSHOT_ENTRIES)
    return ConversationSnapshot(
        epoch=await epoch(reading),
        row=row,
        entries=page.entries,
        has_more=page.has_more,
        seen=await seen(reading, conversation_id),
    )


async def entries_after(reading: Reading, conversation_id: UUID, seq: int, limit: int) -> EntryPage:
    """What follows `seq`."""
    rows = await reading.rows(ENTRIES_AFTER, conversation_id, seq, limit + 1)
    return EntryPage([entry_from(row) for row in rows[:limit]], len(rows) > limit)


async def entries_before(reading: Reading, conversation_id: UUID, seq: int, limit: int) -> EntryPage:
    """The last entries before `seq`, in order."""
    rows = await reading.rows(ENTRIES_BEFORE, conversation_id, seq, limit + 1)
    return EntryPage([entry_from(row) for row in reversed(rows[:limit])], len(rows) > limit)


async def entry_by_client_id(reading: Reading, conversation_id: UUID, author_id: UUID, client_id: UUID) -> Entry | None:
    """What was stored for an earlier send of this id."""
    row = await reading.row(ENTRY_BY_CLIENT_ID, conversation_id, author_id, client_id)
    return entry_from(row) if row else None


async def seen(reading: Reading, conversation_id: UUID) -> list[AgentSeen]:
    """How far each agent has read."""
    return [AgentSeen(row["agent_id"], row["seq"]) for row in await reading.rows(SEEN, conversation_id)]


async def labels_carried(reading: Reading, conversation_id: UUID) -> int:
    """How many labels a conversation carries."""
    carried: int = await reading.value(LABELS_CARRIED, conversation_id)
    return carried


async def rating(reading: Reading, conversation_id: UUID, episode: int) -> EpisodeRating | None:
    """How an episode is rated."""
    row = await reading.row(RATING, conversation_id, episode)
    return EpisodeRating(**dict(row)) if row else None


async def heads(reading: Reading, conversation_ids: Sequence[UUID]) -> dict[UUID, Head]:
    """Where the logs end."""
    rows = await reading.rows(HEADS, list(conversation_ids))
    return {
        row["id"]: Head(row["last_seq"], row["last_public_seq"], row["team_seen"], row["holder_id"]) for row in rows
    }


async def in_sight(reading: Reading, actor: AgentActor, conversation_id: UUID) -> bool:
    """Whether there is such a conversation and the agent may see it."""
    holder_id: UUID | None = await reading.value(HOLDER, conversation_id)
    return holder_id is not None and actor.sees(holder_id)


async def owner(reading: Reading, conversation_id: UUID) -> tuple[UUID | None, UUID | None] | None:
    """To which agent or team the customer of a conversation that was never given to anybody belongs, if to any."""
    row = await reading.row(OWNER, conversation_id)
    return (row["agent_id"], row["team_id"]) if row else None
