"""Who waits is brought further, whenever anything changed: one transaction each, so that no step waits for another."""

from __future__ import annotations

from alongside.domains.conditions.queries import facts_of
from alongside.domains.routing import queries
from alongside.domains.routing.actions.deciding import (
    Case,
    acting_rule,
    alone,
    carry_out,
    hold,
    in_time,
    leave_queue,
    situation,
)
from alongside.domains.routing.events import PlaceChanged
from alongside.domains.routing.logic import queueing
from alongside.domains.routing.logic.planning import Plan, Situation, give_up, plan
from alongside.domains.routing.schemas import Cause, Choice, RoutingStep, Waiting
from alongside.domains.rules import queries as rule_queries
from alongside.domains.rules.body_schemas import RouteAction
from alongside.kit.time import now
from alongside.platform.db import Database, Row, Work

# Somebody has it now, it is Done, or it was answered by hand.
HELPED = """
SELECT q.conversation_id FROM routing_queue q JOIN conversation c ON c.id = q.conversation_id
WHERE c.assignee_id IS NOT NULL OR c.team_id IS NOT NULL OR c.status <> 'unread' OR c.episode <> q.episode
"""

PLACES = """
UPDATE routing_queue q SET told_place = t.place, told_minutes = t.minutes
FROM unnest($1::uuid[], $2::int[], $3::int[]) AS t (conversation_id, place, minutes), conversation c
WHERE q.conversation_id = t.conversation_id AND c.id = q.conversation_id
  AND (q.told_place IS DISTINCT FROM t.place OR q.told_minutes IS DISTINCT FROM t.minutes)
RETURNING c.contact_id, c.channel_id, t.place, t.minutes
"""


async def sweep_queue(database: Database) -> None:
    """Bring everybody who waits as far as it goes. Raises `Busy`: the rest has to be tried again."""
    await _let_go(database)
    while await _plan_anew(database):
        pass
    while await _serve(database):
        pass
    while await _give_up(database):
        pass


async def tell_places(database: Database) -> None:
    """Tell each customer who waits their place and about how long, where it is not what they were told last."""
    async with database.work() as work:
        await alone(work)
        placed = list(queueing.places(await queries.waiting(work)))
        pace = await queries.served(work, list({queries.target_of(each.wanted) for each, _ in placed}))
        at = now()
        minutes = [
            queueing.minutes_until(place, pace.get(queries.target_of(each.wanted), []), at) for each, place in placed
        ]
        ids = [each.conversation_id for each, _ in placed]
        for row in await work.rows(PLACES, ids, [place for _, place in placed], minutes):
            work.announce(PlaceChanged(**dict(row)))


async def _let_go(database: Database) -> None:
    async with database.work() as work:
        await alone(work)
        await leave_queue(work, [row["conversation_id"] for row in await work.rows(HELPED)])


async def _serve(database: Database) -> bool:
    """Serve the first who can be served. False: for nobody who waits is anybody free."""
    async with database.work() as work:
        await alone(work)
        queue = await queries.waiting(work)
        agents = await queries.candidates(work) if queue else []
        for entry, choice in queueing.servable(queue, agents):
            row = await _still_waits(work, entry)
            if row is None:
                await leave_queue(work, [entry.conversation_id])
                return True
            facts = (await facts_of(work, [entry.conversation_id], now()))[entry.conversation_id]
            rule = await rule_queries.rule(work, "routing", entry.rule_id) if entry.rule_id else None
            planned = Plan(rule=rule, outcome="agent", agent_id=choice.agent_id, steps=[_as_step(entry, choice)])
            known = Situation(facts=facts, agents=agents, passed_over=frozenset(entry.passed_over))
            await carry_out(work, _case(entry, row, "free"), planned, known)
            return True
    return False


async def _plan_anew(database: Database) -> bool:
    """The rules are others than those by which somebody waits: ask them anew. The time waited counts."""
    async with database.work() as work:
        await alone(work)
        entry = await queries.stale(work)
        row = await hold(work, entry.conversation_id) if entry else None
        if entry is None or row is None:
            return False
        case = _case(entry, row, "rules")
        known = await situation(work, case)
        case, planned = in_time(case, plan(await rule_queries.active(work, "routing"), known), known)
        await carry_out(work, case, planned, known)
        return True


async def _give_up(database: Database) -> bool:
    """Somebody has waited as long as they should: the fallback of their rule acts, and nobody is left to wait on."""
    async with database.work() as work:
        await alone(work)
        entry = await queries.overdue(work)
        row = await hold(work, entry.conversation_id) if entry else None
        if entry is None or row is None:
            return False
        case = _case(entry, row, "waited")
        known = await situation(work, case)
        case, planned = in_time(case, give_up(await acting_rule(work, entry.rule_id), known), known)
        await carry_out(work, case, planned, known)
        return True


async def _still_waits(work: Work, entry: Waiting) -> Row | None:
    row = await hold(work, entry.conversation_id)
    if row is None or row["assignee_id"] or row["team_id"]:
        return None
    return row if row["status"] == "unread" and row["episode"] == entry.episode else None


def _case(entry: Waiting, row: Row, cause: Cause) -> Case:
    return Case(conversation=row, cause=cause, since=entry.since, passed_over=entry.passed_over, served=entry)


def _as_step(entry: Waiting, choice: Choice) -> RoutingStep:
    wanted = entry.wanted
    action = RouteAction(agent_id=wanted.agent_id, team_id=wanted.team_id, tag=wanted.tag)
    return RoutingStep(action=action, agent_id=choice.agent_id, considered=choice.considered)
