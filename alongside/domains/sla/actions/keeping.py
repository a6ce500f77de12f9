"""Rounds that find what nobody followed: other rules or hours, and what a process that died has left."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.sla import queries
from alongside.domains.sla.actions.following import follow
from alongside.platform.auth.actor import NOBODY
from alongside.platform.db import Database

AT_ONCE = 200

SETTLE = "UPDATE sla_round SET set_by = $1, changed_in = $2"


async def keep_up(database: Database) -> None:
    """Set all clocks anew where rules, opening hours or the history are others; else follow what was left behind.

    What changes while it works differs from what it notes at its end, so that the next round finds it.
    """
    async with database.snapshot() as reading:
        was = await queries.last_round(reading)
    anew = was.set_by != was.set_by_now
    if anew:
        await _set_anew(database, any_rule=was.any_rule)
    elif was.any_rule:
        async with database.reading() as reading:
            left = await queries.left_behind(reading, was.changed_in)
        for place in range(0, len(left), AT_ONCE):
            some = left[place : place + AT_ONCE]
            await follow(database, some, judge=frozenset(some))
    if anew or was.any_rule:
        async with database.work() as work:
            await work.run(SETTLE, was.set_by_now, was.oldest)


async def _set_anew(database: Database, *, any_rule: bool) -> None:
    after: UUID = NOBODY
    while True:
        async with database.reading() as reading:
            ids = await queries.open_after(reading, after, AT_ONCE, any_rule=any_rule)
        if not ids:
            return
        await follow(database, ids, judge=None)
        after = ids[-1]
