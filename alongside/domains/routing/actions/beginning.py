"""An episode begins: the rules are asked once."""

from __future__ import annotations

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
TAKE = "DELETE FROM routing_pending WHERE conversation_id = $1 RETURNING episode"


async def route(database: Database, conversation_id: UUID) -> None:
    """Ask the rules about an episode that has begun, unless that was done. Raises `Busy`: then nothing happened.

    A customer who belongs to somebody goes to them, whatever the rules say; who has a conversation keeps it while they
    are there.
    """
    async with alone(database) as work:
        row = await hold(work, conversation_id)
        if row is None or row["last_seq"] == 0:
            return
        episode = await work.value(TAKE, conversation_id)
        if episode is None or not _is_new(row, episode) or not await _is_free(work, row):
            return
        if await conversation_queries.owner(work, conversation_id):
            await conversations.give_to_owner(work, conversation_id)
            return
        await _decide(work, row)


def _is_new(row: Row, episode: int) -> bool:
    """Nobody has answered meanwhile."""
    return bool(row["episode"] == episode and row["status"] == "unread")


async def _is_free(work: Work, row: Row) -> bool:
    """Nobody has it, or who had it the last time is not there: then they keep it only if the rules find nobody else."""
    if row["team_id"]:
        return False
    return row["assignee_id"] is None or await queries.left_behind(work, row["id"])


async def _decide(work: Work, row: Row) -> None:
    fingerprint = await queries.fingerprint(work)
    rules = await rule_queries.active(work, "routing")
    if not rules:
        return
    # Since they wrote: who is decided about late, since a process died, has not begun to wait late.
    case = Case(conversation=row, cause="begun", since=row["waiting_since"] or now(), rules=fingerprint)
    known = await situation(work, case)
    case, planned = in_time(case, plan(rules, known), known)
    await carry_out(work, case, planned, known)
