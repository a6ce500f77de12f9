"""How far agents and the visitor have read. Marks only move forward."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conversations import queries
from alongside.domains.conversations.actions.appending import no_such_conversation
from alongside.domains.conversations.events import TeamHasSeen, VisitorHasMarked
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Work

TEAM_SEEN = """
WITH mark AS (
    INSERT INTO conversation_seen (conversation_id, agent_id, seq)
    SELECT c.id, $2, least($3, c.last_seq) FROM conversation c WHERE c.id = $1 AND least($3, c.last_seq) > 0
    ON CONFLICT (conversation_id, agent_id) DO UPDATE SET seq = excluded.seq
    WHERE conversation_seen.seq < excluded.seq
    RETURNING seq
), step AS (
    INSERT INTO read_mark (conversation_id, agent_id, seq) SELECT $1, $2, seq FROM mark ON CONFLICT DO NOTHING
)
UPDATE conversation c
SET team_seen = greatest(c.team_seen, coalesce((
    SELECT e.public_seq FROM entry e
    WHERE e.conversation_id = $1 AND e.seq <= mark.seq AND e.public_seq IS NOT NULL
    ORDER BY e.seq DESC LIMIT 1), 0))
FROM mark WHERE c.id = $1
RETURNING c.contact_id, c.channel_id, c.team_seen, mark.seq
"""

VISITOR_MARKS = """
WITH given AS (
    SELECT id, least(greatest($3::bigint, $4::bigint), last_public_seq) AS delivered,
           least($4::bigint, last_public_seq) AS seen, visitor_seen AS before
    FROM conversation WHERE contact_id = $1 AND channel_id = $2
), moved AS (
    UPDATE conversation c
    SET visitor_delivered = greatest(c.visitor_delivered, given.delivered),
        visitor_seen = greatest(c.visitor_seen, given.seen)
    FROM given
    WHERE c.id = given.id AND (c.visitor_delivered < given.delivered OR c.visitor_seen < given.seen)
    RETURNING c.id, c.visitor_delivered, c.visitor_seen, given.before
), step AS (
    INSERT INTO read_mark (conversation_id, seq) SELECT id, visitor_seen FROM moved WHERE visitor_seen > before
    ON CONFLICT DO NOTHING
)
SELECT id, visitor_delivered, visitor_seen FROM moved
"""


async def mark_seen(work: Work, actor: AgentActor, conversation_id: UUID, seq: int) -> None:
    """The agent has read up to `seq`; marks only move forward."""
    if actor.holders is not None and not await queries.in_sight(work, actor, conversation_id):
        raise no_such_conversation()
    row = await work.row(TEAM_SEEN, conversation_id, actor.id, _sane(seq))
    if row:
        work.announce(TeamHasSeen(conversation_id=conversation_id, agent_id=actor.id, **dict(row)))


async def mark_visitor(work: Work, actor: VisitorActor, delivered: int, seen: int) -> None:
    """The visitor's devices received up to `delivered`, the visitor read up to `seen`, in the visitor's numbering."""
    row = await work.row(VISITOR_MARKS, actor.contact_id, actor.channel_id, _sane(delivered), _sane(seen))
    if row:
        work.announce(
            VisitorHasMarked(
                conversation_id=row["id"],
                contact_id=actor.contact_id,
                channel_id=actor.channel_id,
                delivered=row["visitor_delivered"],
                seen=row["visitor_seen"],
            )
        )


def _sane(number: int) -> int:
    return max(0, min(number, queries.END))
