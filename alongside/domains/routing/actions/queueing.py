"""Who waits is brought further, whenever anything changed: one transaction each, so that no step waits for another."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Sequence
from functools import partial
from uuid import UUID

from alongside.domains.conditions.queries import facts_of
from alongside.domains.routing import queries
from alongside.domains.routing.actions.apart import Apart
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
from alongside.domains.routing.schemas import Candidate, Cause, Choice, RoutingStep, Waiting
from alongside.domains.rules import queries as rule_queries
from alongside.domains.rules.body_schemas import RouteAction
from alongside.kit.time import now
from alongside.platform.db import Database, Row, Work

# Who waits and about whom there is something to do, and what.
Found = tuple[Waiting, Callable[[Work, Waiting, Row], Awaitable[None]]]
Find = Callable[[Work, Collection[UUID]], Awaitable[Found | None]]

# Somebody has it now, it is Done, or it was answered by hand.
HELPED = """
SELECT q.conversation_id FROM routing_queue q JOIN conversation c ON c.id = q.conversation_id
WHERE c.assignee_id IS NOT NULL OR c.team_id IS NOT NULL OR c.status <> 'unread' OR c.episode <> q.episode
FOR UPDATE OF q SKIP LOCKED
"""

PLACES = """
UPDATE routing_queue q SET told_place = t.place, told_minutes = t.minutes
FROM unnest($1::uuid[], $2::int[], $3::int[]) AS t (conversation_id, place, minutes), conversation c
WHERE q.conversation_id = t.conversation_id AND c.id = q.conversation_id
  AND (q.told_place IS DISTINCT FROM t.place OR q.told_minutes IS DISTINCT FROM t.minutes)
RETURNING c.contact_id, c.channel_id, t.place, t.minutes
"""


async def sweep_queue(database: Database, apart: Apart) -> None:
    """Bring everybody who waits as far as it goes. Raises `Busy`: the rest has to be tried again."""
    await _let_go(database)
    for find in (_stale, _servable, _overdue):
        while await _bring_further(database, apart, find):
            pass


async def tell_places(database: Database) -> None:
    """Tell each customer who waits their place and about how long, where it is not what they were told last."""
    async with alone(database) as work:
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
    async with alone(database) as work:
        await leave_queue(work, [row["conversation_id"] for row in await work.rows(HELPED)])


async def _bring_further(database: Database, apart: Apart, find: Find) -> bool:
    """Do what is to be done about the first that is found. False: none is."""
    with apart.attempt() as attempt:
        async with alone(database) as work:
            found = await find(work, apart.ids)
            if found is None:
                return False
            entry, act = found
            attempt.conversation_id = entry.conversation_id
            row = await _still_waits(work, entry)
            if row:
                await act(work, entry, row)
            else:
                await leave_queue(work, [entry.conversation_id])
    return True


async def _stale(work: Work, aside: Collection[UUID]) -> Found | None:
    entry = await queries.stale(work, aside)
    return (entry, _plan_anew) if entry else None


async def _servable(work: Work, aside: Collection[UUID]) -> Found | None:
    queue = [each for each in await queries.waiting(work) if each.conversation_id not in aside]
    agents = await queries.candidates(work) if queue else []
    first = next(queueing.servable(queue, agents), None)
    return (first[0], partial(_serve, agents, first[1])) if first else None


async def _overdue(work: Work, aside: Collection[UUID]) -> Found | None:
    entry = await queries.overdue(work, aside)
    return (entry, _give_up) if entry else None


async def _plan_anew(work: Work, entry: Waiting, row: Row) -> None:
    """The rules are others than those by which somebody waits: ask them anew. The time waited counts."""
    case = _case(entry, row, "rules", await queries.fingerprint(work))
    known = await situation(work, case)
    case, planned = in_time(case, plan(await rule_queries.active(work, "routing"), known), known)
    await carry_out(work, case, planned, known)


async def _serve(agents: Sequence[Candidate], choice: Choice, work: Work, entry: Waiting, row: Row) -> None:
    """Somebody is free for them."""
    facts = (await facts_of(work, [entry.conversation_id], now()))[entry.conversation_id]
    rule = await rule_queries.rule(work, "routing", entry.rule_id) if entry.rule_id else None
    planned = Plan(rule=rule, outcome="agent", agent_id=choice.agent_id, steps=[_as_step(entry, choice)])
    known = Situation(facts=facts, agents=agents, passed_over=frozenset(entry.passed_over))
    await carry_out(work, _case(entry, row, "free", entry.rules), planned, known)


async def _give_up(work: Work, entry: Waiting, row: Row) -> None:
    """Somebody has waited as long as they should: the fallback of their rule acts, and nobody is left to wait on."""
    # The other rules are not asked: those that were saved since still have to be.
    case = _case(entry, row, "waited", entry.rules)
    known = await situation(work, case)
    case, planned = in_time(case, give_up(await acting_rule(work, entry.rule_id), known), known)
    await carry_out(work, case, planned, known)


async def _still_waits(work: Work, entry: Waiting) -> Row | None:
    """The row, held; None where a colleague was quicker: whatever they did is not undone."""
    row = await hold(work, entry.conversation_id)
    if row is None or row["assignee_id"] or row["team_id"]:
        return None
    return row if row["status"] == "unread" and row["episode"] == entry.episode else None


def _case(entry: Waiting, row: Row, cause: Cause, rules: str) -> Case:
    over = entry.passed_over
    return Case(conversation=row, cause=cause, since=entry.since, rules=rules, passed_over=over, served=entry)


def _as_step(entry: Waiting, choice: Choice) -> RoutingStep:
    wanted = entry.wanted
    action = RouteAction(agent_id=wanted.agent_id, team_id=wanted.team_id, tag=wanted.tag)
    return RoutingStep(action=action, agent_id=choice.agent_id, considered=choice.considered)
