"""An episode begins: the rules are asked once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.routing import queries
from alongside.domains.routing.actions.deciding import Case, alone, carry_out, hold, in_time, situation
from alongside.domains.routing.logic.planning import plan
from alongside.domains.rules import queries as rule_queries
from alongside.kit.time import now
from alongside.platform.db import Database, Row, Work

# Whoever takes it out decides; nobody else finds it.
TAKE = "DELETE FROM routing_pending WHERE conversation_id = $1 RETURNING episode, since"

# Of whoever waited to be served or decided about, and whose other conversation nobody has who would answer.
WAIT_ON = """
INSERT INTO routing_pending (conversation_id, episode, since)
SELECT there.id, there.episode, coalesce(q.since, p.since, here.waiting_since)
FROM conversation there, conversation here
LEFT JOIN routing_queue q ON q.conversation_id = here.id LEFT JOIN routing_pending p ON p.conversation_id = here.id
WHERE here.id = $1 AND there.id = $2 AND (q.conversation_id IS NOT NULL OR p.conversation_id IS NOT NULL)
  AND there.assignee_id IS NULL AND there.team_id IS NULL
  AND NOT EXISTS (SELECT FROM routing_queue w WHERE w.conversation_id = there.id)
ON CONFLICT (conversation_id) DO UPDATE SET since = excluded.since
"""


async def route(database: Database, conversation_id: UUID) -> None:
    """Ask the rules about an episode that has begun, unless that was done. Raises `Busy`: then nothing happened.

    A customer who belongs to somebody goes to them, whatever the rules say; who has a conversation keeps it while they
    are there.
    """
    async with alone(database) as work:
        row = await hold(work, conversation_id)
        if row is None or row["last_seq"] == 0:
            return
        pending = await work.row(TAKE, conversation_id)
        if pending is None or not _is_new(row, pending["episode"]) or not await _is_free(work, row):
            return
        if await conversation_queries.owner(work, conversation_id):
            await conversations.give_to_owner(work, conversation_id)
            return
        await _decide(work, row, pending["since"] or row["waiting_since"] or now())


async def wait_on(work: Work, from_id: UUID, to_id: UUID) -> None:
    """A customer who waits in one conversation was recognised, and goes on in another: they have not begun to wait.

    Before the first one is Done.
    """
    await work.run(WAIT_ON, from_id, to_id)


def _is_new(row: Row, episode: int) -> bool:
    """Nobody has answered meanwhile."""
    return bool(row["episode"] == episode and row["status"] == "unread")


async def _is_free(work: Work, row: Row) -> bool:
    """Nobody has it, or who had it the last time is not there: then they keep it only if the rules find nobody else."""
    if row["team_id"]:
        return False
    return row["assignee_id"] is None or await queries.left_behind(work, row["id"])


async def _decide(work: Work, row: Row, since: datetime) -> None:
    fingerprint = await queries.fingerprint(work)
    rules = await rule_queries.active(work, "routing")
    if not rules:
        return
    # Since they wrote: who is decided about late, since a process died, has not begun to wait late.
    case = Case(conversation=row, cause="begun", since=since, rules=fingerprint)
    known = await situation(work, case)
    case, planned = in_time(case, plan(rules, known), known)
    await carry_out(work, case, planned, known)
