"""Everything that is asked of watchdogs, and what they look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from alongside.domains.conditions.queries import agents_now
from alongside.domains.watchdogs.logic import Sight
from alongside.domains.watchdogs.schemas import NewWatchdog, Watchdog
from alongside.platform.db import Reading, Row

COLUMNS = """
id, name, kind, threshold, active, in_hours, hours_id, channel_id, agent_ids, team_ids, version, updated_at,
raised_at IS NOT NULL AND cleared_at IS NULL AS raised, raised_at, cleared_at, figure
"""

ALL = f"SELECT {COLUMNS} FROM watchdog ORDER BY lower(name), id"
ONE = f"SELECT {COLUMNS} FROM watchdog WHERE id = $1"
FOR_UPDATE = f"{ONE} FOR UPDATE"
COUNT = "SELECT count(*) FROM watchdog"
AWAKE = "SELECT id FROM watchdog WHERE active ORDER BY id"

# Whose row is locked is looked at by nobody else meanwhile; who comes next sees what became of it.
STANDING = "SELECT watched_from, noticed_at FROM watchdog WHERE id = $1"

QUEUED = """
SELECT count(*) FROM routing_queue q JOIN conversation c ON c.id = q.conversation_id
WHERE $1::uuid IS NULL OR c.channel_id = $1
"""

WAITING_SINCE = """
SELECT min(waiting_since) FROM conversation
WHERE status = 'unread' AND last_seq > 0 AND ($1::uuid IS NULL OR channel_id = $1)
"""

# Who only looks has no visit; of whoever has one it tells how long the page stayed open. Somebody who came earlier may
# have been there later: of the newest few it is the last.
SEEN_AT = """
SELECT greatest(
    (SELECT max(last_seen_at) FROM (
        SELECT last_seen_at FROM visit WHERE channel_id = $1 ORDER BY started_at DESC LIMIT 200) AS newest),
    (SELECT seen_at FROM widget_seen WHERE channel_id = $1))
"""

SEEN_LATELY = """
SELECT EXISTS (SELECT FROM widget_seen WHERE channel_id = $1 AND seen_at >= now() - interval '1 minute')
"""

TOLD = """
SELECT a.id, a.email, a.locale FROM agent a
WHERE a.active AND a.kind = 'person' AND (a.id = ANY($1) OR EXISTS (
    SELECT FROM team_member m WHERE m.agent_id = a.id AND m.team_id = ANY($2)))
ORDER BY a.id
"""

# What a watchdog names and does not exist.
MISSING = """
SELECT 'hours_id' AS field WHERE $1::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM opening_hours WHERE id = $1)
UNION ALL
SELECT 'channel_id' WHERE $2::uuid IS NOT NULL AND NOT EXISTS (SELECT FROM channel WHERE id = $2)
UNION ALL
SELECT 'agent_ids' WHERE NOT $3::uuid[] <@ ARRAY(SELECT id FROM agent WHERE kind = 'person')
UNION ALL
SELECT 'team_ids' WHERE NOT $4::uuid[] <@ ARRAY(SELECT id FROM team)
"""


class Told(msgspec.Struct, frozen=True):
    """An agent who is told, and where they read mail."""

    id: UUID
    email: str
    locale: str


async def watchdogs(reading: Reading) -> list[Watchdog]:
    """All of them, by name."""
    return [_watchdog(row) for row in await reading.rows(ALL)]


async def watchdog(reading: Reading, watchdog_id: UUID | None) -> Watchdog | None:
    """One; None where it is gone."""
    row = await reading.row(ONE, watchdog_id)
    return _watchdog(row) if row else None


async def watchdog_for_update(reading: Reading, watchdog_id: UUID) -> Watchdog | None:
    """One, with its row locked."""
    row = await reading.row(FOR_UPDATE, watchdog_id)
    return _watchdog(row) if row else None


async def count(reading: Reading) -> int:
    """How many there are."""
    return int(await reading.value(COUNT))


async def awake(reading: Reading) -> list[UUID]:
    """Those that are on."""
    return [row["id"] for row in await reading.rows(AWAKE)]


async def told(reading: Reading, dog: Watchdog) -> list[Told]:
    """Whom it tells: those named, and who is in the teams now."""
    return [Told(**dict(row)) for row in await reading.rows(TOLD, dog.agent_ids, dog.team_ids)]


async def missing(reading: Reading, given: NewWatchdog) -> Sequence[str]:
    """Fields that name what does not exist."""
    rows = await reading.rows(MISSING, given.hours_id, given.channel_id, given.agent_ids, given.team_ids)
    return [row["field"] for row in rows]


async def seen_lately(reading: Reading, channel_id: UUID) -> bool:
    """Whether it was noted within the last minute that a page showed a channel's widget."""
    return bool(await reading.value(SEEN_LATELY, channel_id))


async def sight(reading: Reading, dog: Watchdog) -> Sight:
    """What it sees now."""
    standing = await reading.row(STANDING, dog.id)
    assert standing is not None
    if dog.kind == "nobody_online":
        online = (await agents_now(reading)).online > 0
        return Sight(anybody_online=online, noticed_at=standing["noticed_at"], raised=dog.raised)
    if dog.kind == "queue_longer":
        return Sight(queued=int(await reading.value(QUEUED, dog.channel_id)), raised=dog.raised)
    if dog.kind == "waits_longer":
        waiting: datetime | None = await reading.value(WAITING_SINCE, dog.channel_id)
        return Sight(waiting_since=waiting, raised=dog.raised)
    seen: datetime | None = await reading.value(SEEN_AT, dog.channel_id)
    return Sight(seen_at=seen or standing["watched_from"], raised=dog.raised)


def _watchdog(row: Row) -> Watchdog:
    return Watchdog(**dict(row))
