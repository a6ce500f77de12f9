"""The list by the time that is left: first those with a running target, the soonest first.

Two walks over two kinds of index: the few with a target have an index of their own, and the others come in the order
of their last messages, as in the list of the newest.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conversations.rows import ROW_COLUMNS

# What is Done has no running target.
RUNNING = ["unread", "unresolved"]
UNTIMED = "c.sla_due_at IS NULL"

FROM = "FROM conversation c JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id"


class Place(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page: with a target its due time, without one that of its last message."""

    timed: bool
    at: datetime
    id: UUID


class Narrowed(msgspec.Struct, frozen=True):
    """SQL conditions with their values, whose conversations (None: everybody's), and of which statuses."""

    conditions: Sequence[str]
    values: Sequence[Any]
    holders: frozenset[UUID] | None
    statuses: Sequence[str]


def timed(narrowed: Narrowed, after: Place | None, limit: int) -> tuple[str, list[Any]]:
    """The statement for those with a target after a place, and its values.

    Each status, of each holder, is read from its index in order; then they are merged.
    """
    values = list(narrowed.values)

    def add(value: object) -> str:
        values.append(value)
        return f"${len(values)}"

    conditions = [*narrowed.conditions, "c.sla_due_at IS NOT NULL", "c.status = folder.status"]
    folders = f"unnest({add([each for each in narrowed.statuses if each in RUNNING])}::text[]) AS folder (status)"
    if narrowed.holders is not None:
        folders += f" CROSS JOIN unnest({add(list(narrowed.holders))}::uuid[]) AS who (holder_id)"
        conditions.append("c.holder_id = who.holder_id")
    if after is not None:
        conditions.append(f"(c.sla_due_at, c.id) > ({add(after.at)}, {add(after.id)})")
    order = f"ORDER BY c.sla_due_at, c.id LIMIT {add(limit)}"
    first = f"SELECT c.id AS found_id {FROM} WHERE {' AND '.join(conditions)} {order}"
    return (
        f"""
        SELECT {ROW_COLUMNS}, c.sla_due_at FROM {folders} CROSS JOIN LATERAL ({first}) AS first
        JOIN conversation c ON c.id = first.found_id
        JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
        {order}
        """,
        values,
    )
