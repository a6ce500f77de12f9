"""The contacts page's questions: a page of contacts, searched, filtered and sorted; all of them for an export."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec

from alongside.domains.contacts.schemas import (
    ActiveVisitor,
    ChangedContact,
    ContactChanges,
    ContactList,
    ContactRow,
    ContactSort,
    Visit,
)
from alongside.domains.workspace.changes import ORDER, SINCE, Walk
from alongside.kit.paging import write_place
from alongside.kit.search import like_patterns, query_grams, visitor_number
from alongside.platform.db import Database, Reading, Row

EXPORT_PAGE = 500

# Of conversations only what the asker may see.
COLUMNS = """
c.id, c.number, coalesce(c.name, c.claims ->> 'name') AS name, c.search_name, c.email, c.phone, c.label_ids,
c.created_at, c.language,
(SELECT i.value FROM contact m JOIN identity i ON i.contact_id = m.id
 WHERE m.person_id = c.id AND i.kind = 'verified' ORDER BY i.created_at LIMIT 1) AS verified_id,
(SELECT max(t.last_message_at) FROM contact m JOIN conversation t ON t.contact_id = m.id
 WHERE m.person_id = c.id AND t.last_seq > 0
   AND ({holders}::uuid[] IS NULL OR t.holder_id = ANY({holders}))) AS last_message_at
"""

# Who is found by what was typed: in name, addresses and claims, in fields that the asker may know, by the site's id.
FOUND = """
SELECT person_id FROM contact WHERE search_grams(search_details) @> $1::text[] AND search_details LIKE ANY ($2::text[])
UNION
SELECT c.person_id FROM contact_field v JOIN contact c ON c.id = v.contact_id
WHERE v.search <> '' AND search_grams(v.search) @> $1::text[] AND v.search LIKE ANY ($2::text[])
  AND v.field_id = ANY($3)
UNION
SELECT c.person_id FROM identity i JOIN contact c ON c.id = i.contact_id WHERE i.kind = 'verified' AND i.value = $4
UNION
SELECT person_id FROM contact WHERE number = $5
LIMIT $6
"""

# Who may be known to somebody who sees only what these have: as `contacts.queries.in_sight`.
IN_SIGHT = """
(EXISTS (SELECT FROM contact m JOIN conversation t ON t.contact_id = m.id
         WHERE m.person_id = c.id AND t.holder_id = ANY({holders}))
 OR NOT EXISTS (SELECT FROM contact m JOIN conversation t ON t.contact_id = m.id WHERE m.person_id = c.id))
"""

BEGUN = """
c.id IN (SELECT m.person_id FROM episode d JOIN conversation t ON t.id = d.conversation_id
         JOIN contact m ON m.id = t.contact_id
         WHERE d.opened_at >= {begins} AND d.opened_at < {ends} AND t.last_seq > 0
           AND ({holders}::uuid[] IS NULL OR t.holder_id = ANY({holders})))
"""

CHANGED = f"""
SELECT {COLUMNS.format(holders="$6")}, c.changed_in, c.merged_into FROM contact c
WHERE {SINCE.format(t="c", key="id")} AND ($6::uuid[] IS NULL OR {IN_SIGHT.format(holders="$6")})
{ORDER.format(t="c", key="id")}
"""

# The newest visit of each. Whose they are: the agent or team that the customer, or what they wrote, was given to.
ACTIVE = f"""
SELECT {COLUMNS.format(holders="$2")}, v.id AS visit_id, v.started_at, v.last_seen_at, v.url, v.title, v.referrer,
       v.browser, v.os, v.device, v.language AS visit_language, v.timezone, v.screen, v.country, v.city
FROM (SELECT DISTINCT ON (m.person_id) m.person_id, visit.*
      FROM visit JOIN contact m ON m.id = visit.contact_id
      WHERE visit.online_until > now() ORDER BY m.person_id, visit.started_at DESC) v
JOIN contact c ON c.id = v.person_id
WHERE ($2::uuid[] IS NULL OR {IN_SIGHT.format(holders="$2")})
  AND ($1::uuid IS NULL OR $1 IN (c.agent_id, c.team_id)
       OR EXISTS (SELECT FROM contact m JOIN conversation t ON t.contact_id = m.id
                  WHERE m.person_id = c.id AND t.holder_id = $1))
ORDER BY v.started_at DESC, c.number LIMIT $3
"""

# More than these, and the list is walked in its own order until a page of them has come by.
RARE = 1_000

WALKED = """
(c.search_details LIKE ANY ({patterns}::text[]) OR EXISTS (
    SELECT FROM contact m LEFT JOIN contact_field v ON v.contact_id = m.id AND v.field_id = ANY({fields})
    WHERE m.person_id = c.id
      AND (m.search_details LIKE ANY ({patterns}::text[]) OR v.search LIKE ANY ({patterns}::text[]))))
"""

FIELDS_OF = """
SELECT contact_id, field_id, value FROM contact_field
WHERE contact_id = ANY($1) AND field_id = ANY($2) AND value IS NOT NULL
"""

BY_EMAIL = """
SELECT lower(email) AS key, array_agg(DISTINCT person_id) AS ids FROM contact
WHERE lower(email) = ANY($1) GROUP BY lower(email)
"""
BY_VERIFIED_ID = """
SELECT i.value AS key, array_agg(DISTINCT c.person_id) AS ids FROM identity i JOIN contact c ON c.id = i.contact_id
WHERE i.channel_id = $2 AND i.kind = 'verified' AND i.value = ANY($1) GROUP BY i.value
"""
CHANNEL = "SELECT true FROM channel WHERE id = $1"
CARRIED = "SELECT id, label_ids FROM contact WHERE id = ANY($1)"


Number = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class ContactPlace(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page. `name` is as sorted; empty in a list that is sorted by age."""

    number: Number
    name: Annotated[str, msgspec.Meta(max_length=400, pattern=r"^[^\x00]*$")] = ""


class ContactQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which contacts. `fields` are those whose values the asker may know, and so search.

    `begun`: who has a conversation with an episode that was opened from one moment until before another; where the
    asker sees not all conversations, one that they see.
    `email` and `verified_id` are whole, as is the value of `field`, in words as it is stored; one of several choices.
    `holders`: only whom the asker may know, who sees what these agents and teams have; None means everybody.
    """

    holders: frozenset[UUID] | None
    search: str = ""
    fields: list[UUID] = []
    label_id: UUID | None = None
    channel_id: UUID | None = None
    verified: bool | None = None
    begun: tuple[datetime, datetime] | None = None
    email: str = ""
    verified_id: str = ""
    field: tuple[UUID, str] | None = None
    sort: ContactSort = "newest"
    after: ContactPlace | None = None
    limit: int = 50


async def contacts(reading: Reading, question: ContactQuestion) -> ContactList:
    """A page of contacts."""
    found = await _rows(reading, msgspec.structs.replace(question, limit=question.limit + 1))
    rows = found[: question.limit]
    more = len(found) > question.limit
    return ContactList([_row(each) for each in rows], write_place(_place(rows[-1], question.sort)) if more else None)


async def every_contact(
    database: Database, question: ContactQuestion
) -> AsyncIterator[tuple[list[Row], dict[UUID, dict[UUID, Any]]]]:
    """All that the question means, newest first, some at a time, with their fields' values by contact.

    Each part is read for itself, so that a slow reader holds no connection.
    """
    question = msgspec.structs.replace(question, sort="newest", after=None, limit=EXPORT_PAGE)
    while True:
        async with database.reading() as reading:
            rows = await _rows(reading, question)
            values: dict[UUID, dict[UUID, Any]] = {row["id"]: {} for row in rows}
            for each in await reading.rows(FIELDS_OF, list(values), question.fields):
                values[each["contact_id"]][each["field_id"]] = each["value"]
        if rows:
            yield rows, values
        if len(rows) < EXPORT_PAGE:
            return
        question = msgspec.structs.replace(question, after=_place(rows[-1], "newest"))


async def changed(reading: Reading, walk: Walk, holders: frozenset[UUID] | None) -> ContactChanges:
    """What changed of contacts, also of those that were merged into another since."""
    rows = await reading.rows(CHANGED, *walk.values(), None if holders is None else list(holders))
    page, cursor, more = walk.page(rows, "id")
    return ContactChanges(
        [ChangedContact(contact=_row(each), merged_into=each["merged_into"]) for each in page], cursor, more
    )


async def active(
    reading: Reading, holders: frozenset[UUID] | None, given_to: UUID | None, limit: int
) -> list[ActiveVisitor]:
    """Who is here now, whoever came last first; `given_to`: only who belongs to this agent or team."""
    rows = await reading.rows(ACTIVE, given_to, None if holders is None else list(holders), limit)
    return [ActiveVisitor(contact=_row(each), visit=_visit(each)) for each in rows]


async def people_by_key(reading: Reading, keys: Sequence[str], channel_id: UUID | None) -> dict[str, list[UUID]]:
    """Who has these ids of a channel's site; without a channel, whose e-mail addresses these are, in lower case."""
    if channel_id:
        rows = await reading.rows(BY_VERIFIED_ID, list(keys), channel_id)
    else:
        rows = await reading.rows(BY_EMAIL, list(keys))
    return {row["key"]: row["ids"] for row in rows}


async def labels_of(reading: Reading, contact_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    """The labels that contacts carry."""
    return {row["id"]: row["label_ids"] for row in await reading.rows(CARRIED, list(contact_ids))}


async def is_channel(reading: Reading, channel_id: UUID) -> bool:
    """Whether there is such a channel."""
    return bool(await reading.value(CHANNEL, channel_id))


async def _rows(reading: Reading, question: ContactQuestion) -> list[Row]:
    values: list[Any] = []

    def put(value: Any) -> str:
        values.append(value)
        return f"${len(values)}"

    holders = put(None if question.holders is None else list(question.holders))
    conditions = ["c.merged_into IS NULL"]
    if question.holders is not None:
        conditions.append(IN_SIGHT.format(holders=holders))
    if question.label_id:
        conditions.append(f"cardinality(c.label_ids) > 0 AND c.label_ids @> ARRAY[{put(question.label_id)}::uuid]")
    if question.channel_id:
        conditions.append(
            "EXISTS (SELECT FROM contact m JOIN identity i ON i.contact_id = m.id "
            f"WHERE m.person_id = c.id AND i.channel_id = {put(question.channel_id)})"
        )
    if question.begun:
        begins, ends = (put(each) for each in question.begun)
        conditions.append(BEGUN.format(holders=holders, begins=begins, ends=ends))
    if question.verified is not None:
        conditions.append(
            f"{'' if question.verified else 'NOT '}EXISTS (SELECT FROM contact m JOIN identity i "
            "ON i.contact_id = m.id WHERE m.person_id = c.id AND i.kind = 'verified')"
        )
    if question.email:
        conditions.append(
            f"EXISTS (SELECT FROM contact m WHERE m.person_id = c.id AND lower(m.email) = lower({put(question.email)}))"
        )
    if question.verified_id:
        conditions.append(
            "c.id IN (SELECT m.person_id FROM identity i JOIN contact m ON m.id = i.contact_id "
            f"WHERE i.kind = 'verified' AND i.value = {put(question.verified_id)})"
        )
    if question.field:
        field_id, value = map(put, question.field)
        conditions.append(
            f"EXISTS (SELECT FROM contact_field v WHERE v.contact_id = c.id AND v.field_id = {field_id} "
            f"AND (v.value #>> '{{}}' = {value} OR jsonb_typeof(v.value) = 'array' AND v.value ? {value}))"
        )
    if typed := question.search.strip():
        conditions.append(await _search(reading, question, typed, put))
    if after := question.after:
        if question.sort == "name":
            key = put(after.name)
            place = f"({key}::text = '', {key}::text, {put(after.number)}::bigint)"
            conditions.append(f"(c.search_name = '', c.search_name, c.number) > {place}")
        else:
            conditions.append(f"c.number < {put(after.number)}")
    order = "c.search_name = '', c.search_name, c.number" if question.sort == "name" else "c.number DESC"
    listed = f"SELECT {COLUMNS.format(holders=holders)} FROM contact c WHERE {' AND '.join(conditions)}"
    return await reading.rows(f"{listed} ORDER BY {order} LIMIT {put(question.limit)}", *values)


async def _search(reading: Reading, question: ContactQuestion, typed: str, put: Any) -> str:
    patterns = like_patterns(typed)
    number = visitor_number(typed)
    found = await reading.rows(FOUND, query_grams(typed), patterns, question.fields, typed, number, RARE + 1)
    if len(found) <= RARE:
        return f"c.id = ANY({put([row['person_id'] for row in found])})"
    return WALKED.format(patterns=put(patterns), fields=put(question.fields))


def _place(row: Row, sort: ContactSort) -> ContactPlace:
    return ContactPlace(row["number"], row["search_name"] if sort == "name" else "")


def _row(row: Row) -> ContactRow:
    return ContactRow(
        id=row["id"],
        number=row["number"],
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        verified=row["verified_id"] is not None,
        label_ids=row["label_ids"],
        created_at=row["created_at"],
        last_message_at=row["last_message_at"],
    )


def _visit(row: Row) -> Visit:
    named_otherwise = {"id": row["visit_id"], "online": True, "language": row["visit_language"]}
    same = {name: row[name] for name in Visit.__struct_fields__ if name not in named_otherwise}
    return Visit(**named_otherwise, **same)
