"""What other rules would have done: past decisions run again, each by what was so then. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import structs

from alongside.domains.conditions.schemas import Facts
from alongside.domains.routing.logic.planning import Situation, plan
from alongside.domains.routing.schemas import Candidate, Outcome, RoutingResult
from alongside.domains.rules.schemas import Rule


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about a conversation that began; who got it in the end, and when it was over."""

    conversation_id: UUID
    contact_number: int
    contact_name: str | None
    holder_id: UUID
    at: datetime
    outcome: Outcome
    agent_id: UUID | None
    rule_name: str | None
    facts: Facts
    agents: list[Candidate]
    given_to: UUID | None
    given_at: datetime | None
    ended_at: datetime | None


class Moved(msgspec.Struct, frozen=True):
    """A conversation that would be with somebody else, for as long as it was open."""

    past: Past
    agent_id: UUID | None

    def weighs(self, at: datetime) -> Iterator[tuple[UUID, int]]:
        """Whose load it changes at a moment, and by how much."""
        if self.past.ended_at and self.past.ended_at <= at:
            return
        if self.agent_id:
            yield self.agent_id, 1
        if self.past.given_to and self.past.given_at and self.past.given_at <= at:
            yield self.past.given_to, -1


def replay(rules: Sequence[Rule], past: Sequence[Past]) -> Iterator[tuple[Past, RoutingResult]]:
    """What each of these (oldest first) would have come to. Whoever would have got more is busier afterwards."""
    moved: list[Moved] = []
    for each in past:
        moved = [other for other in moved if not (other.past.ended_at and other.past.ended_at <= each.at)]
        loads: Counter[UUID] = Counter()
        for other in moved:
            for agent_id, weight in other.weighs(each.at):
                loads[agent_id] += weight
        agents = [_with(agent, loads[agent.id]) for agent in each.agents]
        found = plan(rules, Situation(facts=each.facts, agents=agents))
        if found.agent_id != each.given_to:
            moved.append(Moved(each, found.agent_id))
        rule_name = found.rule.name if found.rule else None
        yield each, RoutingResult(outcome=found.outcome, agent_id=found.agent_id, rule_name=rule_name)


def _with(agent: Candidate, more: int) -> Candidate:
    return structs.replace(agent, open=max(0, agent.open + more)) if more else agent
