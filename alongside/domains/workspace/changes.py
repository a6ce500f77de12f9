"""What changed since somebody last asked: a place in the order of transactions that no late commit falls behind.

Rows keep the number of the transaction that changed them last (`changed_in`). Numbers are given out in order, but a
transaction that began early may commit late; so a walk over the changes ends not at the newest number it met, but at
the oldest that was under way when it began. What was committed meanwhile may be met twice, nothing is missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import msgspec

from alongside.kit.paging import read_place, write_place
from alongside.platform.auth.actor import NOBODY
from alongside.platform.db import Reading, Row
from alongside.platform.errors import Conflict, Invalid

CURSOR_CHARS = 300

# `{t}` is the table's alias, `{key}` its key; the five values come from `Walk.values`. A number that lies ahead was
# written before a backup was restored, and is as old as the backup.
SINCE = """
{t}.changed_in >= $1 AND ($1 = 0 OR {t}.changed_in < $2) AND ({t}.changed_in, {t}.{key}) > ($3, $4)
"""
ORDER = "ORDER BY {t}.changed_in, {t}.{key} LIMIT $5"

STANDING = """
SELECT epoch::text, pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS oldest,
       pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS next
FROM workspace
"""

Number = Annotated[int, msgspec.Meta(ge=0, le=2**62)]


class Since(msgspec.Struct, frozen=True, array_like=True):
    """A cursor. A walk from `low` began when `horizon` was the oldest transaction under way, and has come to `last`.

    Between two walks there is no `last`, and `low` is where the next one begins.
    """

    epoch: UUID
    low: Number
    horizon: Number
    last: tuple[Number, UUID | Number] | None = None


class Walk(msgspec.Struct, frozen=True):
    """One page of a walk: where it goes on, and what the database said as it was asked."""

    since: Since
    next: int
    limit: int

    def values(self, first_key: UUID | int = NOBODY) -> Sequence[Any]:
        """For `SINCE` and `ORDER`. `first_key`: a key that no row has, of the kind of the table's."""
        place = self.since.last or (-1, first_key)
        if type(place[1]) is not type(first_key):
            raise _not_ours()
        return self.since.low, self.next, *place, self.limit + 1

    def page(self, rows: Sequence[Row], key: str) -> tuple[Sequence[Row], str, bool]:
        """Those of the page, the cursor after them, and whether there are more at once."""
        some, more = rows[: self.limit], len(rows) > self.limit
        since = self.since
        if more:
            after = msgspec.structs.replace(since, last=(some[-1]["changed_in"], some[-1][key]))
        else:
            after = Since(since.epoch, since.horizon, since.horizon)
        return some, write_place(after), more


async def walk(reading: Reading, cursor: str | None, limit: int) -> Walk:
    """Where to read on. `reading` must be the snapshot in which the rows are read.

    Raises `Invalid` for no cursor of ours, `Conflict` for one of a history that a restored backup has replaced.
    """
    row = await reading.row(STANDING)
    assert row is not None
    epoch, oldest = UUID(row["epoch"]), row["oldest"]
    if not cursor:
        return Walk(Since(epoch, 0, oldest), row["next"], limit)
    try:
        since = read_place(cursor, Since)
    except ValueError:
        raise _not_ours() from None
    if since.epoch != epoch:
        raise Conflict("other-history", "A backup was restored since this cursor was made. Start again without one.")
    if since.last is None:
        since = msgspec.structs.replace(since, horizon=oldest)
    return Walk(since, row["next"], limit)


def _not_ours() -> Invalid:
    return Invalid("bad-cursor", "This cursor was not made for this list. Start again without one.")
