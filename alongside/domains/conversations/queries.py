"""Everything that is asked of conversations and their logs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conversations.rows import ENTRY_COLUMNS, ROW_COLUMNS, entry_from, row_from
from alongside.domains.conversations.schemas import (
    AgentSeen,
    ConversationChanges,
    ConversationCounts,
    ConversationList,
    ConversationRow,
    ConversationSnapshot,
    Entry,
    EntryPage,
    Folder,
)
from alongside.domains.workspace.changes import ORDER, SINCE, Walk
from alongside.kit.paging import Cursor, write_cursor
from alongside.kit.search import like_patterns, query_grams, visitor_number
from alongside.platform.auth.actor import NOBODY, AgentActor
from alongside.platform.db import Reading

COUNT_LIMIT = 10_000
SNAPSHOT_ENTRIES = 50
# A client further behind than this gets a fresh snapshot instead of what it missed.
RESUME_ENTRIES = 500
STATUSES = ["unread", "unresolved", "done"]

FROM = "FROM conversation c JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id"

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

CHANGED = f"""
SELECT {ROW_COLUMNS}, c.changed_in {FROM}
WHERE c.last_seq > 0 AND {SINCE.format(t="c", key="id")} AND ($6::uuid[] IS NULL OR c.holder_id = ANY($6))
{ORDER.format(t="c", key="id")}
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
NAMED = """
(SELECT id FROM contact WHERE search_grams(search_name) @> $1::text[] AND search_name LIKE ANY ($2::text[]) LIMIT $4)
UNION SELECT id FROM contact WHERE number = $3
"""

BEGUN = "c.id IN (SELECT d.conversation_id FROM episode d WHERE d.opened_at >= {} AND d.opened_at < {})"

CARRIERS = "SELECT id FROM contact WHERE cardinality(label_ids) > 0 AND label_ids @> ARRAY[$1::uuid] LIMIT $2"
LABELS_CARRIED = "SELECT cardinality(label_ids) FROM conversation WHERE id = $1"

# More contacts of a name than this, and the list is read in its own order until enough of them have come by.
RARE_NAMES = 1_000
RARE_LABELS = 1_000

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


class InboxQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which conversations, newest message first.

    `search` matches names, `channel_kind` or `channel_id` the provider, `label_id` what it or its contact carries.
    `holders`: only what these agents and teams have; None leaves it open. `begun`: with an episode that was opened from
    one moment until before another.
    """

    folder: Folder
    holders: frozenset[UUID] | None = None
    channel_kind: str | None = None
    channel_id: UUID | None = None
    label_id: UUID | None = None
    begun: tuple[datetime, datetime] | None = None
    search: str = ""
    cursor: Cursor | None = None
    limit: int = 50


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


async def inbox(reading: Reading, question: InboxQuestion) -> ConversationList:
    """A page of the list."""
    conditions, values = _conditions(question)
    await _add_label(reading, question.label_id, conditions, values)
    await _add_search(reading, question.search.strip(), conditions, values)
    if question.cursor:
        values += [question.cursor.at, question.cursor.id]
        conditions.append(f"(c.last_message_at, c.id) < (${len(values) - 1}, ${len(values)})")
    values.append(question.limit + 1)
    limit = f"ORDER BY c.last_message_at DESC, c.id DESC LIMIT ${len(values)}"
    if question.holders is None:
        sql = f"SELECT {ROW_COLUMNS} {FROM} WHERE {' AND '.join(conditions)} {limit}"
    else:
        values += [list(question.holders), STATUSES if question.folder == "all" else [question.folder]]
        sql = _of_holders(conditions, limit, len(values))
    found = await reading.rows(sql, *values)
    rows = [row_from(row) for row in found[: question.limit]]
    more = len(found) > question.limit
    return ConversationList(rows, write_cursor(Cursor(rows[-1].last_message_at, rows[-1].id)) if more else None)


async def changed(reading: Reading, walk: Walk, holders: frozenset[UUID] | None) -> ConversationChanges:
    """What changed of conversations that these agents and teams have now; None: of all."""
    rows = await reading.rows(CHANGED, *walk.values(), None if holders is None else list(holders))
    page, cursor, more = walk.page(rows, "id")
    return ConversationChanges([row_from(row) for row in page], cursor, more)


def _of_holders(conditions: list[str], limit: str, last: int) -> str:
    """The list of a few holders: the newest of each are read from their index in order, then merged.

    Walking down everybody's list instead would pass over all that others have.
    """
    newest = f"""
        SELECT c.id AS found_id, c.last_message_at AS at {FROM}
        WHERE c.holder_id = who.holder_id AND c.status = folder.status AND {" AND ".join(conditions)} {limit}
    """
    return f"""
        SELECT {ROW_COLUMNS}
        FROM unnest(${last - 1}::uuid[]) AS who (holder_id)
        CROSS JOIN unnest(${last}::text[]) AS folder (status)
        CROSS JOIN LATERAL ({newest}) AS newest
        JOIN conversation c ON c.id = newest.found_id
        JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
        {limit}
    """


async def counts(reading: Reading, question: InboxQuestion) -> ConversationCounts:
    """How many conversations each folder holds under the question's other filters; its search is not among them."""
    conditions, values = _conditions(msgspec.structs.replace(question, folder="all", search=""))
    await _add_label(reading, question.label_id, conditions, values)
    if question.holders is not None:
        values.append(list(question.holders))
        conditions.append(f"c.holder_id = ANY(${len(values)})")
    join = "JOIN channel h ON h.id = c.channel_id" if question.channel_kind else ""
    if question.label_id:
        join += " JOIN contact p ON p.id = c.contact_id"
    parts = []
    for folder in STATUSES:
        chosen = [*conditions, f"c.status = '{folder}'"]
        bounded = f"SELECT FROM conversation c {join} WHERE {' AND '.join(chosen)} LIMIT {COUNT_LIMIT}"
        parts.append(f'(SELECT count(*) FROM ({bounded}) AS bounded) AS "{folder}"')
    row = await reading.row(f"SELECT {', '.join(parts)}", *values)
    assert row is not None
    return ConversationCounts(**dict(row), all=min(COUNT_LIMIT, sum(row)))


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


def _conditions(question: InboxQuestion) -> tuple[list[str], list[Any]]:
    """SQL conditions, made of fixed texts, and their values."""
    # A conversation begins a moment before its first message; until then it is nobody's business.
    conditions = ["c.last_seq > 0"]
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        numbers = [f"${len(values) + place + 1}" for place in range(len(given))]
        conditions.append(condition.format(*numbers))
        values.extend(given)

    if question.folder != "all":
        add("c.status = {}", question.folder)
    if question.channel_id:
        add("c.channel_id = {}", question.channel_id)
    if question.channel_kind:
        add("h.kind = {}", question.channel_kind)
    if question.begun:
        add(BEGUN, *question.begun)
    return conditions, values


async def _add_label(reading: Reading, label_id: UUID | None, conditions: list[str], values: list[Any]) -> None:
    """Add that the conversation or its contact carries a label.

    Few carriers are found by the indexes; of a label that thousands carry, a page soon comes by in the list's order.
    """
    if label_id is None:
        return
    values.append(label_id)
    own = f"(cardinality(c.label_ids) > 0 AND c.label_ids @> ARRAY[${len(values)}::uuid])"
    carriers = await reading.rows(CARRIERS, label_id, RARE_LABELS + 1)
    if len(carriers) <= RARE_LABELS:
        values.append([row["id"] for row in carriers])
        conditions.append(f"({own} OR c.contact_id = ANY(${len(values)}))")
    else:
        conditions.append(f"({own} OR p.label_ids @> ARRAY[${len(values)}::uuid])")


async def _add_search(reading: Reading, typed: str, conditions: list[str], values: list[Any]) -> None:
    """Add what was typed into the search box: part of a name, or what the list calls somebody without one.

    The index of names finds the few who have a rare name. Of a common one it would bring thousands, to be sorted for
    the sake of one page; walking down the list meets a page of them soon.
    """
    if not typed:
        return
    place = len(values) + 1
    patterns = like_patterns(typed)
    number = visitor_number(typed)
    named = await reading.rows(NAMED, query_grams(typed), patterns, number, RARE_NAMES + 1)
    if len(named) <= RARE_NAMES:
        conditions.append(f"c.contact_id = ANY(${place})")
        values.append([row["id"] for row in named])
    else:
        conditions.append(f"(p.search_name LIKE ANY (${place}::text[]) OR p.number = ${place + 1})")
        values += [patterns, number]
