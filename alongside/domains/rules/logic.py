"""What a rule must be like before it may act. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from alongside.domains.conditions import logic as conditions
from alongside.domains.conditions.language import kind_of
from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.conditions.schemas import Place, Problem
from alongside.domains.rules.body_schemas import (
    ActionBody,
    RouteAction,
    RoutingAction,
    RoutingBody,
    RuleBody,
    SlaBody,
    TellAction,
)
from alongside.domains.rules.schemas import NAME_CHARS, Rule, RuleKind, WriteRule
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid


def place_of(kind: RuleKind) -> Place:
    """Where the conditions of such rules are judged."""
    return "browser" if kind == "action" else "server"


def name_of(text: str) -> str:
    """A name on one line. Raises `Invalid`."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("rule-name-malformed", f"A rule's name has 1 to {NAME_CHARS} characters.", field="name")
    return name


def refuse(kind: RuleKind, wanted: WriteRule) -> None:
    """Raises `Invalid` for what cannot be kept, and for what must not act. A draft may be unfinished."""
    if kind_of(wanted.body) != kind:
        raise Invalid("other-kind", f"This is no {kind} rule. Send it to the rules of its own kind.", field="body")
    for group in groups(wanted):
        conditions.refuse(group)
    if wanted.state == "draft":
        return
    for group in groups(wanted):
        for problem in conditions.problems(group, place_of(kind)):
            if problem.code in SAID:
                raise _unfit(problem)
    missing = _missing(wanted.body)
    if missing:
        raise Invalid("rule-unfinished", f"{missing} Keep it as a draft until it is finished.", field="body")


def groups(rule: Rule | WriteRule) -> list[ConditionGroup]:
    """The conditions of a rule and of its fallbacks."""
    fallbacks = rule.body.fallbacks if isinstance(rule.body, RoutingBody) else []
    return [rule.conditions, *(each.conditions for each in fallbacks)]


def named(rule: WriteRule) -> dict[str, set[UUID]]:
    """The ids that a rule speaks of, by what they are of."""
    found: dict[str, set[UUID]] = {name: set() for name in NAMED.values()}
    for part in _parts(rule):
        for field, name in NAMED.items():
            value = getattr(part, field, None)
            found[name].update(value if isinstance(value, list) else [value] if value else [])
    return found


# By the field that names them, the table in which they are.
NAMED = {
    "agent_id": "agent",
    "team_id": "team",
    "label_id": "label",
    "field_id": "field",
    "channel_ids": "channel",
    "hours_id": "opening_hours",
}


def _parts(rule: WriteRule) -> Iterator[object]:
    for group in groups(rule):
        yield from conditions.leaves(group)
    yield rule.body
    if not isinstance(rule.body, SlaBody):
        yield from rule.body.actions
    if isinstance(rule.body, RoutingBody):
        for fallback in rule.body.fallbacks:
            yield from fallback.actions


def _missing(body: RuleBody) -> str | None:
    """What a rule lacks to act; None where nothing."""
    match body:
        case SlaBody(first_seconds=None, second_seconds=None, resolution_seconds=None):
            return "Give the rule a target: how soon there is an answer."
        case ActionBody(actions=[], type="webchat"):
            return "Say what the rule does."
        case RoutingBody(actions=actions, fallbacks=fallbacks):
            every = [*actions, *(action for fallback in fallbacks for action in fallback.actions)]
            return _missing_in(every) if actions else "Say what the rule does."
        case _:
            return None


def _missing_in(actions: list[RoutingAction]) -> str | None:
    for action in actions:
        if isinstance(action, TellAction):
            continue
        targets = sum(target is not None for target in (action.agent_id, action.team_id, action.tag))
        if targets > 1 or (isinstance(action, RouteAction) and not targets):
            return "Name an agent, a team or a tag: one of the three."
    return None


def _unfit(problem: Problem) -> Invalid:
    return Invalid(problem.code, f"{SAID[problem.code]} {problem.detail}".strip(), field="conditions")


SAID = {
    "bad-pattern": "A pattern cannot be read: mend it, or keep the rule as a draft.",
    "empty-value": "A condition has nothing to compare with. Fill it in, or take it out.",
    "not-known-here": "A condition asks for what only a browser, or only the server, knows. Take it out.",
    "no-such-zone": "A time zone is not known. Use a name such as Europe/Berlin.",
}
