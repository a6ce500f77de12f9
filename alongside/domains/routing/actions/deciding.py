"""What every decision stands on: it is alone, it rests on what is so now, and it is kept with what was done."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from alongside.domains.conditions.queries import facts_of
from alongside.domains.conversations import actions as conversations
from alongside.domains.routing import queries
from alongside.domains.routing.actions.telling import Telling, tell, tell_of_vain_wait
from alongside.domains.routing.events import PlaceChanged, QueueChanged
from alongside.domains.routing.logic import queueing
from alongside.domains.routing.logic.planning import Plan, Situation, give_up, routing_body
from alongside.domains.routing.schemas import Cause, Outcome, RoutingStep, Waiting
from alongside.domains.rules import queries as rule_queries
from alongside.domains.rules.body_schemas import LONGEST_WAIT_MINUTES, QueueAction, RouteAction
from alongside.domains.rules.schemas import Rule
from alongside.kit.time import now
from alongside.platform.db import Database, Row, Work

# Who decides is alone, over all processes: each decision sees what the one before has done. All others wait meanwhile,
# so a process that is frozen or cut off loses its session (that is said before the lock is taken: it may freeze right
# after it), and whoever decides waits only a moment for what somebody else holds.
ALONE = """
SET LOCAL idle_in_transaction_session_timeout = '5s';
SELECT pg_advisory_xact_lock(hashtext('routing'));
SET LOCAL lock_timeout = '1s'
"""

HOLD = """
SELECT id, contact_id, channel_id, status, assignee_id, team_id, episode, last_seq, waiting_since FROM conversation
WHERE id = $1 FOR UPDATE
"""

KEEP = """
INSERT INTO routing_decision (conversation_id, episode, cause, outcome, rule_id, rule_name, rule_version, agent_id,
    target, steps, facts, agents)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
RETURNING id
"""

ENQUEUE = """
INSERT INTO routing_queue (conversation_id, episode, agent_id, team_id, tag, priority, since, until, rule_id, rules,
    passed_over)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (conversation_id) DO UPDATE SET episode = excluded.episode, agent_id = excluded.agent_id,
    team_id = excluded.team_id, tag = excluded.tag, priority = excluded.priority, since = excluded.since,
    until = excluded.until, rule_id = excluded.rule_id, rules = excluded.rules, passed_over = excluded.passed_over
"""

WATCH = """
INSERT INTO routing_watch (conversation_id, episode, agent_id, seq, since, react_until, must_stay, rule_id, passed_over)
VALUES ($1, $2, $3, $4, $5, now() + make_interval(secs => $6), $7, $8, $9)
ON CONFLICT (conversation_id) DO UPDATE SET episode = excluded.episode, agent_id = excluded.agent_id,
    seq = excluded.seq, since = excluded.since, react_until = excluded.react_until, must_stay = excluded.must_stay,
    rule_id = excluded.rule_id, passed_over = excluded.passed_over
"""

UNWATCH = "DELETE FROM routing_watch WHERE conversation_id = $1"

LONGEST_WAIT = timedelta(minutes=LONGEST_WAIT_MINUTES)
# More than these are not kept with a decision: first come those who come into question.
MOST_CONSIDERED = 200


class Busy(Exception):
    """A colleague takes something at this very moment: what was counted may be wrong. Decide again, a moment later."""


class Held(Busy):
    """Somebody holds what is needed for longer than that. Others come first, and it is tried when all is looked at."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation that is held and about which is decided. `since`: since when its customer waits.

    `rules`: the fingerprint of the acting rules, from before they were read. What is saved in between makes a plan
    that seems older than it is, and is asked about once more; the other way round nobody would ever ask about it.
    """

    conversation: Row
    cause: Cause
    since: datetime
    rules: str
    passed_over: Sequence[UUID] = ()
    served: Waiting | None = None

    @property
    def id(self) -> UUID:
        found: UUID = self.conversation["id"]
        return found


@asynccontextmanager
async def alone(database: Database) -> AsyncIterator[Work]:
    """A unit of work that begins when nobody else decides.

    Raises `Held` where it would have to wait for somebody, and `Unavailable` where it stood still for so long that the
    database gave it up: then nothing happened, and whoever looks next finds it still to be done.
    """
    try:
        async with database.work() as work:
            await work.run(ALONE)
            yield work
    except asyncpg.LockNotAvailableError as held:
        raise Held from held


async def hold(work: Work, conversation_id: UUID) -> Row | None:
    """The conversation's row, held; None where it was erased."""
    return await work.row(HOLD, conversation_id)


async def acting_rule(work: Work, rule_id: UUID | None) -> Rule | None:
    """A rule as it is now, if it still acts."""
    rule = await rule_queries.rule(work, "routing", rule_id) if rule_id else None
    return rule if rule and rule.state == "on" else None


async def situation(work: Work, case: Case) -> Situation:
    """What is so now. The room of those who have waited longer is kept for them."""
    facts = (await facts_of(work, [case.id], now()))[case.id]
    before = [each for each in await queries.waiting(work) if each.conversation_id != case.id]
    if case.served:
        mine = case.served
        ahead = queueing.in_order([*before, mine])
        before = ahead[: ahead.index(mine)]
    agents = queueing.keep_room(before, await queries.candidates(work))
    return Situation(facts=facts, agents=agents, passed_over=frozenset(case.passed_over))


def in_time(case: Case, planned: Plan, known: Situation) -> tuple[Case, Plan]:
    """Who has waited as long as anybody may is not let wait on: their rule gives up instead."""
    if planned.queue is None or case.since + LONGEST_WAIT > now():
        return case, planned
    after = give_up(planned.rule, known)
    if after.queue:
        after = msgspec.structs.replace(after, outcome="nobody", queue=None)
    return msgspec.structs.replace(case, cause="waited"), after


async def carry_out(work: Work, case: Case, plan: Plan, known: Situation) -> Outcome:
    """Do what was planned, and keep it with its reasons. Raises `Busy` where it rests on what may not be so."""
    outcome = plan.outcome
    if plan.queue and outcome == "queue":
        until = min(now() + timedelta(minutes=plan.queue.minutes), case.since + LONGEST_WAIT)
        await _enqueue(work, case, plan, plan.queue, until)
    if outcome == "agent" and plan.agent_id:
        await give(work, case, plan.agent_id, plan)
    if outcome != "queue":
        await leave_queue(work, [case.id])
    await keep(work, case, plan, known, outcome)
    return outcome


async def give(work: Work, case: Case, agent_id: UUID, plan: Plan) -> None:
    """Give it to an agent who has room for it, and watch over whether they react if they are to."""
    room = await queries.room(work, agent_id)
    chosen = plan.steps[-1].action if plan.steps else None
    if room is None or room < 1:
        raise Busy
    row = await conversations.give(work, case.id, agent_id)
    seconds = routing_body(plan.rule).react_seconds if plan.rule else None
    must_stay = not (isinstance(chosen, RouteAction) and chosen.state == "any")
    if seconds is None and not must_stay:
        # Whoever was gone and gets it all the same would be found gone again for ever.
        await work.run(UNWATCH, case.id)
    else:
        rule_id = plan.rule.id if plan.rule else None
        over = list(case.passed_over)
        await work.run(
            WATCH, case.id, row.episode, agent_id, row.last_seq, case.since, seconds, must_stay, rule_id, over
        )


async def keep(work: Work, case: Case, plan: Plan, known: Situation, outcome: Outcome) -> None:
    """Keep the decision."""
    rule = plan.rule
    named = (rule.id, rule.name, rule.version) if rule else (None, None, None)
    target = queries.target_of(case.served.wanted) if case.served and case.cause == "free" else None
    decision_id = await work.value(
        KEEP,
        case.id,
        case.conversation["episode"],
        case.cause,
        outcome,
        *named,
        plan.agent_id if outcome == "agent" else None,
        target,
        [_shortened(step) for step in plan.steps],
        known.facts,
        [each for each in known.agents if each.active],
    )
    # Who only comes to the next agent, or waits by other rules, has been told already.
    telling = Telling(case.id, decision_id, known.facts.language, plan.agent_id)
    if case.cause != "rules" and not (case.cause in ("silent", "gone") and outcome == "agent"):
        await tell(work, telling, plan.tells)
    if case.cause == "waited" and outcome == "nobody" and not plan.tells:
        await tell_of_vain_wait(work, telling)


async def leave_queue(work: Work, conversation_ids: Sequence[UUID]) -> int:
    """These wait no more."""
    gone = await work.rows(
        """
        DELETE FROM routing_queue q USING conversation c WHERE c.id = q.conversation_id AND q.conversation_id = ANY($1)
        RETURNING c.contact_id, c.channel_id
        """,
        list(conversation_ids),
    )
    for row in gone:
        work.announce(PlaceChanged(**dict(row), place=None, minutes=None))
    if gone:
        work.announce(QueueChanged())
    return len(gone)


async def _enqueue(work: Work, case: Case, plan: Plan, action: QueueAction, until: datetime) -> None:
    row = case.conversation
    if row["assignee_id"] or row["team_id"]:
        await conversations.give(work, case.id, None)
    await work.run(UNWATCH, case.id)
    await work.run(
        ENQUEUE,
        case.id,
        row["episode"],
        action.agent_id,
        action.team_id,
        action.tag,
        action.priority,
        case.since,
        until,
        plan.rule.id if plan.rule else None,
        case.rules,
        list(case.passed_over),
    )
    work.announce(QueueChanged())


def _shortened(step: RoutingStep) -> Any:
    return msgspec.structs.replace(step, considered=step.considered[:MOST_CONSIDERED])
