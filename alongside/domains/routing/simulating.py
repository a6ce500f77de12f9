"""A simulation: past decisions by other rules. Reads, and changes nothing."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import get_args
from uuid import uuid4

from alongside.domains.routing import queries
from alongside.domains.routing.logic.replaying import Past, replay
from alongside.domains.routing.schemas import (
    MOST_REPLAYED,
    REPLAYABLE_DAYS,
    AgentShare,
    Outcome,
    OutcomeShare,
    ReplayedDecision,
    RoutingResult,
    Simulate,
    Simulation,
)
from alongside.domains.rules import logic as rule_logic
from alongside.domains.rules import queries as rule_queries
from alongside.domains.rules.schemas import Rule, WriteRule
from alongside.domains.workspace.queries import moments_of
from alongside.kit.time import now
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading
from alongside.platform.errors import Invalid


async def simulate(reading: Reading, actor: AgentActor, asked: Simulate) -> Simulation:
    """Run past decisions through other rules. Raises `Invalid` for rules that could not act, and a day long past."""
    rules = await _rules(reading, asked)
    most = MOST_REPLAYED if asked.day else asked.last
    period = await moments_of(reading, asked.day, None)
    if period and period[1] < now() - timedelta(days=REPLAYABLE_DAYS):
        raise Invalid(
            "day-too-old",
            f"How the agents were is kept for {REPLAYABLE_DAYS} days. Choose a later day.",
            field="day",
        )
    found = await queries.past(reading, period, most + 1)
    past = found[:most][::-1]
    # Beside the sockets: thousands of decisions take a second.
    results = await asyncio.to_thread(lambda: list(replay(rules, past)))
    return _told(actor, results, cut=len(found) > most)


def _told(actor: AgentActor, results: Sequence[tuple[Past, RoutingResult]], *, cut: bool) -> Simulation:
    """Of conversations that the asker may not see only the sums are told."""
    every = [(each, _was(each), after) for each, after in results]
    pairs = [(before, after) for _, before, after in every]
    seen = [(each, before, after) for each, before, after in every if actor.sees(each.holder_id)]
    return Simulation(
        replayed=[
            ReplayedDecision(
                conversation_id=each.conversation_id,
                contact_number=each.contact_number,
                contact_name=each.contact_name,
                at=each.at,
                was=before,
                now=after,
            )
            for each, before, after in seen
        ],
        shares=_shares(pairs),
        outcomes=_outcomes(pairs),
        changed=sum(_differs(*pair) for pair in pairs),
        hidden=len(every) - len(seen),
        cut=cut,
    )


def _was(past: Past) -> RoutingResult:
    return RoutingResult(outcome=past.outcome, agent_id=past.agent_id, rule_name=past.rule_name)


def _differs(before: RoutingResult, after: RoutingResult) -> bool:
    return (before.outcome, before.agent_id) != (after.outcome, after.agent_id)


def _shares(results: Sequence[tuple[RoutingResult, RoutingResult]]) -> list[AgentShare]:
    was = Counter(before.agent_id for before, _ in results if before.agent_id)
    after = Counter(result.agent_id for _, result in results if result.agent_id)
    return [AgentShare(agent_id=each, was=was[each], now=after[each]) for each in sorted({*was, *after}, key=str)]


def _outcomes(results: Sequence[tuple[RoutingResult, RoutingResult]]) -> list[OutcomeShare]:
    was = Counter(before.outcome for before, _ in results)
    after = Counter(result.outcome for _, result in results)
    found = {*was, *after}
    return [OutcomeShare(outcome=each, was=was[each], now=after[each]) for each in get_args(Outcome) if each in found]


async def _rules(reading: Reading, asked: Simulate) -> list[Rule]:
    if asked.rules is not None:
        return [_as_rule(each) for each in asked.rules if each.state == "on"]
    found = await rule_queries.rules(reading, "routing")
    return [each for each in found if each.state == "on" or (asked.with_drafts and each.state == "draft")]


def _as_rule(written: WriteRule) -> Rule:
    rule_logic.refuse("routing", written)
    return Rule(
        id=uuid4(),
        kind="routing",
        name=written.name,
        state="on",
        position=0,
        conditions=written.conditions,
        body=written.body,
        version=0,
        updated_at=now(),
        updated_by=None,
    )
