"""From rules as admins wrote them to what a browser may know of them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import json, structs

from alongside.domains.actionrules.schemas import PageRule, RuleSet, Visible
from alongside.domains.conditions import logic as conditions
from alongside.domains.conditions.kinds.opening_hours import OpeningHoursCondition
from alongside.domains.conditions.language import Condition, kind_of
from alongside.domains.conditions.node_schemas import ConditionGroup, ConditionNode
from alongside.domains.conditions.schemas import Facts
from alongside.domains.rules.body_schemas import (
    ActionBody,
    FieldAction,
    HideAction,
    LabelAction,
    MessageAction,
    OpenAction,
    SayAction,
    ShowAction,
)
from alongside.domains.rules.body_schemas import EventAction as EventTold
from alongside.domains.rules.schemas import Rule

# Of a person, or of what they write: a page must not learn more of it than yes or no.
ASKED = frozenset({"label", "field", "external_id", "identified", "country", "city", "device", "message", "messages"})
OF_AGENTS = frozenset({"agent_online", "all_offline", "all_busy", "agent_available"})
# What the server knows for itself; the rest is the browser's word. So is what was written: somebody new is told a text
# before their first message, and it is written down after it.
KNOWN_HERE = (
    *("at", "zone", "agents", "hours", "label_ids", "external_ids", "identified"),
    *("country", "city", "device", "fields", "channel_id"),
)
VISIBLE: dict[type, Visible] = {ShowAction: "show", HideAction: "hide", OpenAction: "open"}
ON_SERVER = MessageAction | SayAction | LabelAction | FieldAction


class ChannelRules(msgspec.Struct, frozen=True):
    """The rules of a channel: as they are told, the conditions that are asked for by number, and the rules by id.

    `hours` are those that they ask for, None the company's; `agents`: they ask who is there.
    """

    told: RuleSet
    asked: Sequence[Condition]
    rules: dict[UUID, Rule]
    hours: frozenset[UUID | None]
    agents: bool


def for_channel(rules: Iterable[Rule], channel_id: UUID) -> ChannelRules | None:
    """The rules that act on a channel; None where there is none."""
    here = {rule.id: rule for rule in rules if _acts_on(body_of(rule), channel_id)}
    if not here:
        return None
    asked: list[Condition] = []
    told = [_told(rule, channel_id, asked) for rule in here.values()]
    # With the versions: a condition that is asked for may change while what is told stays the same.
    versions = [(rule.id, rule.version) for rule in here.values()]
    tag = hashlib.sha256(json.encode((told, versions))).hexdigest()[:12]
    leaves = [each for rule in here.values() for each in conditions.leaves(rule.conditions)]
    return ChannelRules(
        told=RuleSet(tag=tag, rules=told),
        asked=asked,
        rules=here,
        hours=frozenset(each.hours_id for each in leaves if isinstance(each, OpeningHoursCondition)),
        agents=any(kind_of(each) in OF_AGENTS for each in leaves),
    )


def answers(asked: Sequence[Condition], facts: Facts) -> list[bool | None]:
    """Whether each condition that is asked for holds, negation aside: the browser has that."""
    return [each.holds(facts) for each in asked]


def may_hold(rule: Rule, facts: Facts) -> bool:
    """Whether a rule can hold: what the server knows does not speak against it, the rest the browser knows."""
    known = {name: getattr(facts, name) for name in KNOWN_HERE}
    return conditions.evaluate(rule.conditions, Facts(**known)) is not False


def body_of(rule: Rule) -> ActionBody:
    """What an action rule does."""
    assert isinstance(rule.body, ActionBody)
    return rule.body


def on_server(rule: Rule) -> list[MessageAction | SayAction | LabelAction | FieldAction]:
    """What the server does when a rule matches."""
    body = body_of(rule)
    return [] if body.type == "analytics" else [each for each in body.actions if isinstance(each, ON_SERVER)]


def texts_of(rule: Rule) -> list[MessageAction | SayAction]:
    """What a rule says."""
    return [each for each in on_server(rule) if isinstance(each, MessageAction | SayAction)]


def in_language(texts: dict[str, str], wanted: Iterable[str], fallback: str) -> str:
    """The text in the first of the wanted languages, in the company's, in English, or else in any."""
    for language in (*wanted, fallback, "en"):
        for name in (language, language.partition("-")[0]):
            if text := texts.get(name.lower()) or texts.get(name):
                return text
    return next(iter(texts.values()))


def _acts_on(body: ActionBody, channel_id: UUID) -> bool:
    return not body.channel_ids or channel_id in body.channel_ids


def _told(rule: Rule, channel_id: UUID, asked: list[Condition]) -> PageRule:
    body = body_of(rule)
    visible = [VISIBLE[type(each)] for each in body.actions if type(each) in VISIBLE]
    named = [each for each in conditions.leaves(rule.conditions) if kind_of(each) == "event"]
    return PageRule(
        id=rule.id,
        level=body.level,
        often=body.often,
        conditions=_node(rule.conditions, channel_id, asked),
        does=[] if body.type == "analytics" else visible,
        acts=bool(on_server(rule)),
        says=bool(texts_of(rule)),
        events=[each.name for each in body.actions if isinstance(each, EventTold)],
        titles=[getattr(each, "title", "") or getattr(each, "name", "") for each in named],
    )


def _node(node: ConditionNode, channel_id: UUID, asked: list[Condition]) -> dict[str, Any]:
    if isinstance(node, ConditionGroup):
        of = [_node(each, channel_id, asked) for each in node.of]
        return {"kind": "group", "match": node.match, "negate": node.negate, "of": of}
    if kind_of(node) == "channel":
        return _constant(node.holds(Facts(channel_id=channel_id)) != node.negate)
    if kind_of(node) not in ASKED:
        plain: dict[str, Any] = msgspec.to_builtins(node)
        return plain
    bare = structs.replace(node, negate=False)
    if bare not in asked:
        asked.append(bare)
    return {"kind": "asked", "asked": asked.index(bare), "negate": node.negate}


def _constant(holds: bool) -> dict[str, Any]:
    return {"kind": "group", "match": "all" if holds else "any", "negate": False, "of": []}
