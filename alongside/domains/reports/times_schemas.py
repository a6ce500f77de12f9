"""How long agents were logged in and online, in seconds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from alongside.domains.reports.schemas import ReportPeriod

SpanKind = Literal["logged_in", "online"]


class DayTimes(msgspec.Struct, frozen=True, kw_only=True):
    """How many seconds of a day."""

    day: date
    logged_in: int
    online: int


class AgentTimes(msgspec.Struct, frozen=True, kw_only=True):
    """How many seconds an agent was logged in and online; `days` are those with any."""

    agent_id: UUID
    logged_in: int
    online: int
    days: list[DayTimes]


class AgentTimesReport(msgspec.Struct, frozen=True, kw_only=True):
    """Sums of the agents who were there in the period: of each, and of all together per day and as a whole."""

    period: ReportPeriod
    logged_in: int
    online: int
    days: list[DayTimes]
    agents: list[AgentTimes]


class SpanFilter(msgspec.Struct, frozen=True):
    """Which stretches: of one agent, of one kind."""

    agent_id: UUID | None = None
    kind: SpanKind | None = None


class AgentSpan(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of time, as far as it lies in the period. `running`: it has not ended yet."""

    agent_id: UUID
    kind: SpanKind
    began_at: datetime
    ended_at: datetime
    running: bool


class AgentSpanList(msgspec.Struct, frozen=True):
    """The stretches of a period by their beginning; at most 1,000, `complete` says whether these are all."""

    period: ReportPeriod
    spans: list[AgentSpan]
    complete: bool
