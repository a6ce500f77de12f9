"""Who is to be told of what is new, and of whom has been waiting too long."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.conversations.queries import conversation
from alongside.domains.notifications import queries
from alongside.domains.notifications.events import Mentioned, WaitsTooLong
from alongside.domains.notifications.schemas import Choices
from alongside.platform.db import Database, Row
from alongside.platform.jobs import enqueue

PUSH = "notifications.push"
# Who looks at the conversation has seen the message by then, and is not told.
GRACE_SECONDS = 5
DEFAULTS = msgspec.to_builtins(Choices())

# Whom a note names now, and did not before it was edited; never who wrote it.
NAMED = f"""
(w.agent_id <> c.author_id AND {queries.NAMED.format("c.mentions")} AND NOT {queries.NAMED.format("c.before")})
"""

CONSIDER = f"""
WITH wish AS ({queries.WISHES}), news AS (
    SELECT DISTINCT ON (c.id, event, mention) c.id, c.assignee_id, c.team_id, c.holder_id, e.seq, e.author_id, x.event,
           s.data -> 'mentions' AS mentions, e.data -> 'before' AS before,
           CASE event WHEN 'mention' THEN e.seq END AS mention
    FROM conversation c JOIN entry e ON e.conversation_id = c.id AND e.seq > c.last_seq - 50
    JOIN entry s ON s.conversation_id = e.conversation_id AND s.seq = {queries.SAID}
    CROSS JOIN LATERAL (SELECT CASE
        WHEN e.kind = 'assignment' THEN 'assigned'
        WHEN e.kind IN ('note', 'edited') AND s.data ? 'mentions' THEN 'mention'
        WHEN e.kind <> 'message' OR e.author_kind <> 'visitor' OR c.status <> 'unread' THEN NULL
        WHEN EXISTS (SELECT FROM episode p WHERE p.conversation_id = c.id AND p.first_seq = e.seq)
            THEN 'new_conversation'
        ELSE 'new_message' END AS event) x
    WHERE c.id = ANY($2) AND e.at > now() - interval '5 minutes' AND x.event IS NOT NULL
    ORDER BY c.id, event, mention, e.seq DESC
)
INSERT INTO notification (agent_id, conversation_id, event, way, seq, due_at, state, done_at)
SELECT w.agent_id, c.id, c.event, way, c.seq,
       now() + CASE way WHEN 'page' THEN interval '0'
                        WHEN 'push' THEN make_interval(secs => {GRACE_SECONDS})
                        ELSE make_interval(mins => w.digest_minutes) END,
       CASE way WHEN 'page' THEN 'sent' ELSE 'waiting' END, CASE way WHEN 'page' THEN now() END
FROM news c JOIN wish w ON CASE c.event WHEN 'mention' THEN {NAMED} AND {queries.SEES} ELSE {queries.CONCERNS} END
CROSS JOIN unnest(w.reached) AS way
WHERE CASE way WHEN 'page' THEN c.event = 'mention' AND w.choices -> 'mention' @? '$.* ? (@ == true)'
               ELSE (w.choices -> c.event ->> way)::boolean END
  AND (c.event <> 'assigned' OR (c.author_id IS DISTINCT FROM w.agent_id
                                 AND (c.assignee_id IS NOT NULL OR c.team_id IS NOT NULL)))
  AND (way <> 'push' OR EXISTS (SELECT FROM push_device d WHERE d.agent_id = w.agent_id))
  AND NOT EXISTS (SELECT FROM notification o
                  WHERE o.agent_id = w.agent_id AND o.conversation_id = c.id AND o.event = c.event AND o.way = way
                    AND o.state = 'waiting')
ON CONFLICT DO NOTHING
RETURNING agent_id, conversation_id, way
"""

# Once a waiting: it is named by its first entry. Who is offline is not the one to answer.
LOOK_FOR_WAITING = f"""
WITH wish AS ({queries.WISHES})
INSERT INTO notification (agent_id, conversation_id, event, way, seq, due_at, state, done_at)
SELECT w.agent_id, c.id, 'waiting', way,
       (SELECT min(e.seq) FROM entry e WHERE e.conversation_id = c.id AND e.at >= c.waiting_since),
       now() + CASE way WHEN 'mail' THEN make_interval(mins => w.digest_minutes) ELSE interval '0' END,
       CASE way WHEN 'page' THEN 'sent' ELSE 'waiting' END, CASE way WHEN 'page' THEN now() END
FROM conversation c JOIN wish w ON 'push' = ANY(w.reached) AND {queries.CONCERNS} CROSS JOIN unnest(w.reached) AS way
WHERE c.status = 'unread' AND c.last_seq > 0
  AND c.waiting_since BETWEEN now() - interval '1 day' AND now() - make_interval(mins => w.waiting_minutes)
  AND CASE way
      WHEN 'page' THEN w.choices -> 'waiting' @? '$.* ? (@ == true)'
      WHEN 'push' THEN (w.choices -> 'waiting' ->> 'push')::boolean
                       AND EXISTS (SELECT FROM push_device d WHERE d.agent_id = w.agent_id)
      ELSE (w.choices -> 'waiting' ->> 'mail')::boolean END
ON CONFLICT DO NOTHING
RETURNING agent_id, conversation_id, way
"""


async def consider(database: Database, conversation_ids: Sequence[UUID]) -> int:
    """Tell whom it concerns what is new in these conversations. Considering twice tells nothing twice."""
    async with database.work() as work:
        rows = await work.rows(CONSIDER, DEFAULTS, list(conversation_ids))
        for conversation_id, agent_ids in _in_page(rows).items():
            if naming := await conversation(work, conversation_id):
                work.announce(Mentioned(row=naming, agent_ids=agent_ids))
        if any(row["way"] != "page" for row in rows):
            await enqueue(work, PUSH, after_seconds=GRACE_SECONDS + 0.5)
    return len(rows)


async def look_again(database: Database) -> None:
    """Consider what a process that died may have left, and look for visitors who wait too long."""
    async with database.reading() as reading:
        left = await queries.mentioning(reading)
        if await queries.anybody(reading):
            left += await queries.recent(reading)
    if left:
        await consider(database, left)
    async with database.work() as work:
        rows = await work.rows(LOOK_FOR_WAITING, DEFAULTS)
        for conversation_id, agent_ids in _in_page(rows).items():
            if waiting := await conversation(work, conversation_id):
                work.announce(WaitsTooLong(row=waiting, agent_ids=agent_ids))
        if rows:
            await enqueue(work, PUSH)


def _in_page(rows: Sequence[Row]) -> dict[UUID, list[UUID]]:
    """Which agents the console tells of which conversation."""
    found: dict[UUID, list[UUID]] = {}
    for row in rows:
        if row["way"] == "page":
            found.setdefault(row["conversation_id"], []).append(row["agent_id"])
    return found
