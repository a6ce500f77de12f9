"""What the rules do with a conversation, step by step: for what happens now as for what would have happened. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

import msgspec

from alongside.domains.conditions import logic as conditions
from alongside.domains.conditions.schemas import Facts
from alongside.domains.routing.logic.deciding import choose
from alongside.domains.routing.schemas import Candidate, Medium, Outcome, RoutingStep, Wanted
from alongside.domains.rules.body_schemas import QueueAction, RouteAction, RoutingAction, RoutingBody
from alongside.domains.rules.schemas import Rule


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that a decision rests on. `passed_over` did not react to this conversation."""

    facts: Facts
    agents: Sequence[Candidate]
    passed_over: AbstractSet[UUID] = frozenset()
    medium: Medium = "webchat"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be done: by which rule, in which steps; and of these who gets it, or whom it waits for."""

    rule: Rule | None
    outcome: Outcome
    steps: list[RoutingStep] = []
    agent_id: UUID | None = None
    queue: QueueAction | None = None
    tells: list[UUID] = []


def plan(rules: Sequence[Rule], situation: Situation) -> Plan:
    """The first of these rules whose conditions hold acts: its actions in turn, else its first fallback that holds."""
    for rule in rules:
        body = routing_body(rule)
        if body.medium == situation.medium and conditions.evaluate(rule.conditions, situation.facts):
            return act(rule, situation)
    return Plan(rule=None, outcome="no_rule")


def act(rule: Rule, situation: Situation) -> Plan:
    """What this rule does, its conditions aside."""
    body = routing_body(rule)
    done = _take(rule, body.actions, None, situation)
    return done if done.outcome != "nobody" else _fall_back(rule, situation, done)


def give_up(rule: Rule | None, situation: Situation) -> Plan:
    """Who waited has waited long enough: what the fallbacks of the rule do."""
    nothing = Plan(rule=rule, outcome="nobody")
    return nothing if rule is None else _fall_back(rule, situation, nothing)


def routing_body(rule: Rule) -> RoutingBody:
    """What a routing rule does."""
    assert isinstance(rule.body, RoutingBody)
    return rule.body


def wanted_by(action: RouteAction | QueueAction, medium: Medium) -> Wanted:
    """Whom an action asks for; a queue asks for somebody with room."""
    state = action.state if isinstance(action, RouteAction) else "available"
    return Wanted(agent_id=action.agent_id, team_id=action.team_id, tag=action.tag, state=state, medium=medium)


def _fall_back(rule: Rule, situation: Situation, before: Plan) -> Plan:
    for number, fallback in enumerate(routing_body(rule).fallbacks):
        if conditions.evaluate(fallback.conditions, situation.facts):
            after = _take(rule, fallback.actions, number, situation)
            return msgspec.structs.replace(
                after, steps=[*before.steps, *after.steps], tells=[*before.tells, *after.tells]
            )
    return before


def _take(rule: Rule, actions: Sequence[RoutingAction], fallback: int | None, situation: Situation) -> Plan:
    """The actions in turn, until one found somebody or let the customer wait."""
    steps: list[RoutingStep] = []
    tells: list[UUID] = []
    for action in actions:
        if isinstance(action, QueueAction):
            steps.append(RoutingStep(action=action, fallback=fallback))
            return Plan(rule=rule, outcome="queue", steps=steps, queue=action, tells=tells)
        if not isinstance(action, RouteAction):
            steps.append(RoutingStep(action=action, fallback=fallback))
            tells.append(action.system_message_id)
            continue
        choice = choose(wanted_by(action, situation.medium), situation.agents, situation.passed_over)
        steps.append(
            RoutingStep(action=action, fallback=fallback, agent_id=choice.agent_id, considered=choice.considered)
        )
        if choice.agent_id:
            return Plan(rule=rule, outcome="agent", steps=steps, agent_id=choice.agent_id, tells=tells)
    return Plan(rule=rule, outcome="nobody", steps=steps, tells=tells)
