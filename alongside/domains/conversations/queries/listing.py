"""The inbox: a page of the list, how many each folder holds, what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conversations import urgency
from alongside.domains.conversations.rows import ROW_COLUMNS, row_from
from alongside.domains.conversations.schemas import (
    ConversationChanges,
    ConversationCounts,
    ConversationList,
    Folder,
    Order,
)
from alongside.domains.conversations.urgency import FROM, Narrowed, Place
from alongside.domains.workspace.changes import ORDER, SINCE, Walk
from alongside.kit.paging import Cursor, write_cursor, write_place
from alongside.kit.search import like_patterns, query_grams, visitor_number
from alongside.platform.db import Reading, Row

COUNT_LIMIT = 10_000
STATUSES = ["unread", "unresolved", "done"]

CHANGED = f"""
SELECT {ROW_COLUMNS}, c.changed_in {FROM}
WHERE c.last_seq > 0 AND {SINCE.format(t="c", key="id")} AND ($6::uuid[] IS NULL OR c.holder_id = ANY($6))
{ORDER.format(t="c", key="id")}
"""
NAMED = """
(SELECT id FROM contact WHERE search_grams(search_name) @> $1::text[] AND search_name LIKE ANY ($2::text[]) LIMIT $4)
UNION SELECT id FROM contact WHERE number = $3
"""

BEGUN = "c.id IN (SELECT d.conversation_id FROM episode d WHERE d.opened_at >= {} AND d.opened_at < {})"

CARRIERS = "SELECT id FROM contact WHERE cardinality(label_ids) > 0 AND label_ids @> ARRAY[$1::uuid] LIMIT $2"

# More contacts of a name than this, and the list is read in its own order until enough of them have come by.
RARE_NAMES = 1_000
RARE_LABELS = 1_000


class InboxQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which conversations, newest message first, or (`order`) by the time that is left; `place` is the cursor of that.

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
    order: Order = "newest"
    cursor: Cursor | None = None
    place: Place | None = None
    limit: int = 50


async def inbox(reading: Reading, question: InboxQuestion) -> ConversationList:
    """A page of the list."""
    conditions, values = _conditions(question)
    await _add_label(reading, question.label_id, conditions, values)
    await _add_search(reading, question.search.strip(), conditions, values)
    statuses = STATUSES if question.folder == "all" else [question.folder]
    narrowed = Narrowed(conditions, values, question.holders, statuses)
    if question.order == "sla":
        return await _soonest(reading, question, narrowed)
    found = await _newest(reading, narrowed, question.cursor, question.limit + 1)
    rows = [row_from(row) for row in found[: question.limit]]
    more = len(found) > question.limit
    return ConversationList(rows, write_cursor(Cursor(rows[-1].last_message_at, rows[-1].id)) if more else None)


async def _newest(reading: Reading, narrowed: Narrowed, after: Cursor | None, limit: int) -> list[Row]:
    conditions, values = list(narrowed.conditions), list(narrowed.values)
    if after:
        values += [after.at, after.id]
        conditions.append(f"(c.last_message_at, c.id) < (${len(values) - 1}, ${len(values)})")
    values.append(limit)
    order = f"ORDER BY c.last_message_at DESC, c.id DESC LIMIT ${len(values)}"
    if narrowed.holders is None:
        sql = f"SELECT {ROW_COLUMNS}, c.sla_due_at {FROM} WHERE {' AND '.join(conditions)} {order}"
    else:
        values += [list(narrowed.holders), narrowed.statuses]
        sql = _of_holders(conditions, order, len(values))
    return await reading.rows(sql, *values)


async def _soonest(reading: Reading, question: InboxQuestion, narrowed: Narrowed) -> ConversationList:
    """Those with a running target, then the rest: a page may hold the end of the first and the beginning of the other.

    Each conversation stands in one of the two, though its target may change from one page to the next.
    """
    found: list[Row] = []
    place, limit = question.place, question.limit + 1
    if place is None or place.timed:
        sql, values = urgency.timed(narrowed, place, limit)
        found, place = await reading.rows(sql, *values), None
    if len(found) < limit:
        rest = msgspec.structs.replace(narrowed, conditions=[*narrowed.conditions, urgency.UNTIMED])
        after = Cursor(place.at, place.id) if place else None
        found += await _newest(reading, rest, after, limit - len(found))
    rows, last = [row_from(row) for row in found[: question.limit]], found[: question.limit][-1:]
    ends = [
        Place(row["sla_due_at"] is not None, row["sla_due_at"] or row["last_message_at"], row["id"]) for row in last
    ]
    return ConversationList(rows, write_place(ends[0]) if len(found) > question.limit else None)


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
        SELECT {ROW_COLUMNS}, c.sla_due_at
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
