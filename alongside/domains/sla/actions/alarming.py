"""Whose time is nearly up, and whose is: noted once, whoever looks, and told by a job of the same transaction."""

from __future__ import annotations

from typing import Any

from alongside.domains.sla import queries
from alongside.domains.sla.actions.following import follow
from alongside.domains.sla.schemas import Alarm
from alongside.platform.db import Database, Row, Work
from alongside.platform.jobs import enqueue

# The job stands on a floor above: it is about telling agents.
TELL = "notifications.target"
# What was missed longer ago (a rule was switched on, or all processes were down) is shown and counted, but no news.
STALE = "1 hour"

WARN = """
UPDATE sla_clock k SET warned_at = now()
FROM (SELECT conversation_id, kind, seq FROM sla_clock
      WHERE over_at IS NULL AND warned_at IS NULL AND warn_at <= now()
      ORDER BY warn_at LIMIT 100 FOR UPDATE SKIP LOCKED) AS due
WHERE (k.conversation_id, k.kind, k.seq) = (due.conversation_id, due.kind, due.seq)
RETURNING k.conversation_id, k.kind, k.seq, k.due_at, NULL AS team_id, k.due_at > now() AS is_news
"""

BREACH = f"""
UPDATE sla_clock k SET missed_at = k.due_at
FROM (SELECT conversation_id, kind, seq FROM sla_clock
      WHERE over_at IS NULL AND missed_at IS NULL AND due_at <= now()
      ORDER BY due_at LIMIT 100 FOR UPDATE SKIP LOCKED) AS due
WHERE (k.conversation_id, k.kind, k.seq) = (due.conversation_id, due.kind, due.seq)
RETURNING k.conversation_id, k.kind, k.seq, k.due_at, k.due_at > now() - interval '{STALE}' AS is_news,
          (SELECT r.body ->> 'team_id' FROM rule r WHERE r.id = k.rule_id) AS team_id
"""


async def sound_alarms(database: Database) -> int:
    """Note what is nearly due and what is, and have it told. Returns how many alarms.

    The logs are followed first: what was answered is no alarm, even if nobody has noticed yet.
    """
    async with database.reading() as reading:
        near = await queries.near(reading)
    if not near:
        return 0
    await follow(database, near)
    async with database.work() as work:
        warned = await _tell(work, await work.rows(WARN), "warning")
        return warned + await _tell(work, await work.rows(BREACH), "breach")


async def _tell(work: Work, rows: list[Row], alarm: Alarm) -> int:
    news = [row for row in rows if row["is_news"]]
    for row in news:
        told: dict[str, Any] = {
            "conversation_id": str(row["conversation_id"]),
            "seq": row["seq"],
            "about": f"{row['kind']} {row['due_at']:%Y-%m-%dT%H:%M:%S.%fZ}",
            "team_id": row["team_id"],
        }
        await enqueue(work, TELL, alarm=alarm, **told)
    return len(news)
