"""Shapes of rules."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.conditions.schemas import Facts, Place, Problem, Verdict
from alongside.domains.rules.body_schemas import RuleBody

RuleKind = Literal["routing", "sla", "action"]
RuleState = Literal["draft", "on", "off"]

NAME_CHARS = 100
MOST_RULES = 500

RuleName = Annotated[str, Meta(max_length=400, pattern=r"^[^\x00]*$")]


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule. Those of a kind have an order, by `position`. A draft does not act. `version` counts the changes."""

    id: UUID
    kind: RuleKind
    name: str
    state: RuleState
    position: int
    conditions: ConditionGroup
    body: RuleBody
    version: int
    updated_at: datetime
    updated_by: UUID | None


class RuleList(msgspec.Struct, frozen=True):
    """The rules of a kind in order, and what is wrong with the conditions of each that has a problem, by its id."""

    rules: list[Rule]
    problems: dict[str, list[Problem]]


class WriteRule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as it is to be. `version` is the one that was changed; None for a new rule."""

    name: RuleName
    state: RuleState = "draft"
    conditions: ConditionGroup
    body: RuleBody
    version: int | None = None


class SwitchRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of a rule switched on, off, or back into a draft."""

    state: RuleState


class OrderRules(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The ids of all rules of a kind in their new order."""

    ids: Annotated[list[UUID], Meta(max_length=MOST_RULES)]


class TryConditions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Conditions to be looked at, and judged by facts: given ones, or those of a conversation, where given ones win."""

    conditions: ConditionGroup
    place: Place = "server"
    facts: Facts | None = None
    conversation_id: UUID | None = None


class ConditionsTried(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with them, and what they come to; `facts` are those by which they were judged."""

    problems: list[Problem]
    verdict: Verdict
    facts: Facts


class RuleInFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rule as a file holds it."""

    name: RuleName
    state: RuleState = "draft"
    conditions: ConditionGroup
    body: RuleBody


class RuleFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rules of one kind as a file. Ids in it are those of the system that it came from."""

    format: Literal["alongside-rules-1"] = "alongside-rules-1"
    kind: RuleKind
    rules: Annotated[list[RuleInFile], Meta(max_length=MOST_RULES)]


class RulesImported(msgspec.Struct, frozen=True):
    """What became of a file: how many rules were added, all as drafts."""

    added: int
