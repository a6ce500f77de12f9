"""Who was chosen and does not react, or goes before they have answered: another gets it."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conversations import actions as conversations
from alongside.domains.routing import queries
from alongside.domains.routing.actions.apart import Apart
from alongside.domains.routing.actions.deciding import (
    UNWATCH,
    Case,
    acting_rule,
    alone,
    carry_out,
    hold,
    in_time,
    keep,
    situation,
)
from alongside.domains.routing.logic.planning import Plan, act
from alongside.domains.routing.queries import Watched
from alongside.domains.routing.schemas import Cause
from alongside.platform.db import Database, Row, Work

ASK_NO_MORE = "UPDATE routing_watch SET react_until = NULL WHERE conversation_id = $1"


async def look_after(database: Database, apart: Apart) -> None:
    """See to all who were chosen and have not answered. Raises `Busy`: the rest has to be tried again."""
    async with database.reading() as reading:
        due = await queries.watched_due(reading)
    for conversation_id in due:
        with apart.attempt(conversation_id):
            await _see_to(database, conversation_id)


async def _see_to(database: Database, conversation_id: UUID) -> None:
    async with alone(database) as work:
        row = await hold(work, conversation_id)
        watched = await queries.watched(work, conversation_id)
        if row is None or watched is None:
            return
        if watched.answered:
            await work.run(UNWATCH, conversation_id)
        elif watched.gone or watched.silent:
            await _pass_on(work, row, watched)


async def _pass_on(work: Work, row: Row, watched: Watched) -> None:
    """To the next by the same rule. Where there is nobody: who is gone loses it, who is only silent keeps it."""
    fingerprint = await queries.fingerprint(work)
    rule = await acting_rule(work, watched.rule_id)
    # Whoever lost the line is not chosen while they are offline, and as free as anybody once they are back.
    over = watched.passed_over if watched.gone else [*watched.passed_over, watched.agent_id]
    cause: Cause = "gone" if watched.gone else "silent"
    case = Case(conversation=row, cause=cause, since=watched.since, rules=fingerprint, passed_over=over)
    known = await situation(work, case)
    _, planned = in_time(case, act(rule, known) if rule else Plan(rule=None, outcome="nobody"), known)
    if planned.outcome in ("agent", "queue"):
        await carry_out(work, case, planned, known)
    elif watched.gone:
        await work.run(UNWATCH, row["id"])
        await conversations.give(work, row["id"], None)
        await keep(work, case, planned, known, "nobody")
    else:
        await work.run(ASK_NO_MORE, row["id"])
        await keep(work, case, planned, known, "kept")
