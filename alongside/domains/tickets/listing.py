"""The list of tickets: filtered, sorted, paged, and row by row for export."""

from __future__ import annotations

import base64
import re
from collections.abc import AsyncIterator
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.tickets.rows import ROW_COLUMNS, row_from
from alongside.domains.tickets.schemas import TicketFilter, TicketList, TicketSort
from alongside.platform.db import Database, Reading, Row
from alongside.platform.errors import Invalid

COUNT_LIMIT = 10_000
EXPORT_AT_ONCE = 500

# By sort: what is compared, its type in SQL, and whether the natural order is the descending one.
_ORDERS: dict[TicketSort, tuple[str, str, bool]] = {
    "updated": ("t.updated_at", "timestamptz", True),
    "number": ("t.number", "bigint", True),
    "due": ("coalesce(t.due_on, 'infinity'::date)", "date", False),
    "priority": ("array_position('{low,normal,high,urgent}'::text[], t.priority)", "int", True),
}
# Letters and digits; what else is typed separates words.
_WORD = re.compile(r"[^\W_]+")
_Rank = Annotated[int, Meta(ge=0, le=2**62)]
_KEYS: dict[TicketSort, Any] = {
    "updated": Annotated[datetime, Meta(tz=True)],
    "number": _Rank,
    "due": date,
    "priority": Annotated[int, Meta(ge=1, le=4)],
}

EXPORT = """
SELECT t.number, t.title, t.status, t.priority, a.display_name AS assignee, m.name AS team, t.due_on, t.labels,
       ARRAY(SELECT coalesce(p.name, p.claims ->> 'name', 'Visitor ' || p.number)
             FROM ticket_contact l JOIN contact p ON p.id = l.contact_id
             WHERE l.ticket_number = t.number ORDER BY l.linked_at, p.number) AS contacts,
       (SELECT count(*) FROM ticket_conversation l WHERE l.ticket_number = t.number) AS conversations,
       (SELECT count(*) FROM ticket_entry e WHERE e.ticket_number = t.number AND e.kind = 'comment') AS comments,
       t.created_at, b.display_name AS created_by, t.updated_at, t.description
FROM ticket t LEFT JOIN agent a ON a.id = t.assignee_id LEFT JOIN team m ON m.id = t.team_id
     LEFT JOIN agent b ON b.id = t.created_by
"""


class TicketQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Which tickets, in which order; `me` is who asks, `today` their day."""

    filter: TicketFilter
    me: UUID
    today: date
    sort: TicketSort = "updated"
    reverse: bool = False
    cursor: str | None = None
    limit: int = 50


async def tickets(reading: Reading, question: TicketQuestion) -> TicketList:
    """A page of the list. Raises `Invalid` for a cursor that was not made here for this order."""
    conditions, values = _conditions(question)
    total = None if question.cursor else await _count(reading, conditions, values)
    key, kind, falling = _ORDERS[question.sort]
    if question.reverse:
        falling = not falling
    if question.cursor:
        values += _read_cursor(question)
        compared = f"({key}, t.number) {'<' if falling else '>'} (${len(values) - 1}::{kind}, ${len(values)}::bigint)"
        conditions.append(compared)
    values.append(question.limit + 1)
    direction = "DESC" if falling else "ASC"
    found = await reading.rows(
        f"SELECT {ROW_COLUMNS}, {key} AS sort_key FROM ticket t {_where(conditions)} "
        f"ORDER BY {key} {direction}, t.number {direction} LIMIT ${len(values)}",
        *values,
    )
    shown, more = found[: question.limit], len(found) > question.limit
    return TicketList([row_from(row) for row in shown], _write_cursor(shown[-1]) if more else None, total)


def exported(database: Database, question: TicketQuestion) -> AsyncIterator[list[Row]]:
    """All tickets of a question (`EXPORT`) by number, some hundreds at a time. Raises `Invalid` at once.

    Numbers never change, so nothing comes twice and nothing is left out however long the reader takes; each part is
    read in a moment of its own, so that a slow reader holds no connection.
    """
    conditions, values = _conditions(question)
    conditions.append(f"t.number > ${len(values) + 1}")
    sql = f"{EXPORT} {_where(conditions)} ORDER BY t.number LIMIT {EXPORT_AT_ONCE}"
    return _parts(database, sql, values)


async def _parts(database: Database, sql: str, values: list[Any]) -> AsyncIterator[list[Row]]:
    last = 0
    while True:
        async with database.reading() as reading:
            rows = await reading.rows(sql, *values, last)
        if rows:
            yield rows
        if len(rows) < EXPORT_AT_ONCE:
            return
        last = rows[-1]["number"]


async def _count(reading: Reading, conditions: list[str], values: list[Any]) -> int:
    bounded = f"SELECT FROM ticket t {_where(conditions)} LIMIT {COUNT_LIMIT}"
    count: int = await reading.value(f"SELECT count(*) FROM ({bounded}) AS bounded", *values)
    return count


def _where(conditions: list[str]) -> str:
    return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _conditions(question: TicketQuestion) -> tuple[list[str], list[Any]]:
    """SQL conditions, made of fixed texts, and their values."""
    wanted = question.filter
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        numbers = [f"${len(values) + place + 1}" for place in range(len(given))]
        conditions.append(condition.format(*numbers))
        values.extend(given)

    if wanted.status:
        add("t.status = ANY({})", list(wanted.status))
    if wanted.priority:
        add("t.priority = ANY({})", list(wanted.priority))
    if wanted.assignee == "nobody":
        add("t.assignee_id IS NULL AND t.team_id IS NULL")
    elif wanted.assignee:
        add("t.assignee_id = {}", question.me if wanted.assignee == "me" else _agent(wanted.assignee))
    if wanted.team_id:
        add("t.team_id = {}", wanted.team_id)
    if wanted.label:
        add("t.labels @> {}::text[]", [wanted.label.replace("\x00", "").strip().lower()])
    _add_due(add, question)
    _add_search(add, " ".join(wanted.search.replace("\x00", "").split()))
    return conditions, values


def _add_due(add: Any, question: TicketQuestion) -> None:
    match question.filter.due:
        case "overdue":
            add("t.due_on < {} AND t.status IN ('open', 'pending')", question.today)
        case "today":
            add("t.due_on = {}", question.today)
        case "week":
            add("t.due_on BETWEEN {0}::date AND {0}::date + 6", question.today)
        case "none":
            add("t.due_on IS NULL")


def _add_search(add: Any, typed: str) -> None:
    """Words of the title or description by their beginnings; digits are a number too, and behind # nothing else."""
    if not typed:
        return
    words = " & ".join(f"{word}:*" for word in _WORD.findall(typed))
    digits = typed.removeprefix("#")
    if not (digits.isascii() and digits.isdecimal()):
        add("t.words @@ to_tsquery('simple', {})", words)
    elif digits == typed:
        add("(t.number = {} OR t.words @@ to_tsquery('simple', {}))", int(digits[:15]), words)
    else:
        add("t.number = {}", int(digits[:15]))


def _agent(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("bad-assignee", "An assignee is me, nobody or an agent's id.") from None


def _write_cursor(row: Row) -> str:
    place = msgspec.json.encode([row["sort_key"], row["number"]])
    return base64.urlsafe_b64encode(place).decode().rstrip("=")


def _read_cursor(question: TicketQuestion) -> tuple[Any, int]:
    text = question.cursor or ""
    try:
        place = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        key, number = msgspec.json.decode(place, type=tuple[msgspec.Raw, _Rank])
        return msgspec.json.decode(key, type=_KEYS[question.sort]), number
    except (msgspec.MsgspecError, ValueError):
        raise Invalid("bad-cursor", "This cursor was not made for this list. Start again without one.") from None
