"""Shapes of what became of targets."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from alongside.domains.conversations.schemas import ConversationRow, TargetKind

TargetOutcome = Literal["all", "met", "missed", "running"]
Alarm = Literal["warning", "breach"]


class TargetCount(msgspec.Struct, frozen=True, kw_only=True):
    """How often a rule set a target of a kind: how many were met in time, missed, or still run.

    The others of `matched` ended without an answer before their time was up.
    """

    kind: TargetKind
    matched: int
    met: int
    missed: int
    running: int


class RuleStatistics(msgspec.Struct, frozen=True, kw_only=True):
    """The targets that a rule set, by kind; a kind without any is left out."""

    rule_id: UUID
    counts: list[TargetCount]


class SlaStatistics(msgspec.Struct, frozen=True):
    """Of every rule that set a target; over clocks that began in the time asked for."""

    rules: list[RuleStatistics]


class TargetItem(msgspec.Struct, frozen=True, kw_only=True):
    """One target of a rule: when its clock began, when its time is or was up, and what became of it."""

    row: ConversationRow
    kind: TargetKind
    started_at: datetime
    due_at: datetime | None
    over_at: datetime | None
    outcome: Literal["met", "missed", "running", "ended"]


class TargetList(msgspec.Struct, frozen=True):
    """The latest begun first. `next_cursor` is opaque; None at the end."""

    items: list[TargetItem]
    next_cursor: str | None
