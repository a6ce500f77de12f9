"""Who is told that the time of a target is nearly up, or is."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.conversations.queries import conversation
from alongside.domains.notifications import queries
from alongside.domains.notifications.actions.noticing import DEFAULTS, PUSH
from alongside.domains.notifications.events import TargetAlarmed
from alongside.domains.sla.schemas import Alarm
from alongside.platform.db import Database
from alongside.platform.jobs import enqueue

# Whom it concerns and, once it is missed, the team of the rule: of both, who may see the conversation.
NOTE = f"""
WITH wish AS ({queries.WISHES})
INSERT INTO notification (agent_id, conversation_id, event, way, seq, about, due_at, state, done_at)
SELECT w.agent_id, c.id, $3, way, $4, $5,
       now() + CASE way WHEN 'mail' THEN make_interval(mins => w.digest_minutes) ELSE interval '0' END,
       CASE way WHEN 'page' THEN 'sent' ELSE 'waiting' END, CASE way WHEN 'page' THEN now() END
FROM conversation c JOIN wish w ON {queries.SEES} AND ({queries.CONCERNS} OR EXISTS (
    SELECT FROM team_member m WHERE m.team_id = $6 AND m.agent_id = w.agent_id))
CROSS JOIN unnest(w.reached) AS way
WHERE c.id = $2 AND CASE way
    WHEN 'page' THEN w.choices -> $3 @? '$.* ? (@ == true)'
    WHEN 'push' THEN (w.choices -> $3 ->> 'push')::boolean
                     AND EXISTS (SELECT FROM push_device d WHERE d.agent_id = w.agent_id)
    ELSE (w.choices -> $3 ->> 'mail')::boolean END
ON CONFLICT DO NOTHING
RETURNING agent_id, way
"""


class TargetNews(msgspec.Struct, frozen=True, kw_only=True):
    """What is told: of which conversation, of the clock that entry `seq` began; `about` names it and its time."""

    conversation_id: UUID
    alarm: Alarm
    seq: int
    about: str
    team_id: UUID | None = None


async def tell_of_target(database: Database, news: TargetNews) -> None:
    """Tell agents, each once a due time, however often this is done."""
    async with database.work() as work:
        row = await conversation(work, news.conversation_id)
        if row is None:
            return
        rows = await work.rows(NOTE, DEFAULTS, row.id, f"sla_{news.alarm}", news.seq, news.about, news.team_id)
        agent_ids = [each["agent_id"] for each in rows if each["way"] == "page"]
        if agent_ids:
            work.announce(TargetAlarmed(row=row, alarm=news.alarm, agent_ids=agent_ids))
        if len(rows) > len(agent_ids):
            await enqueue(work, PUSH)
