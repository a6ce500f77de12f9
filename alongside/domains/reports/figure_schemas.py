"""Figures of sets of episodes, and the dashboard that is made of them. Durations are whole seconds."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from alongside.domains.conversations.schemas import Status
from alongside.domains.reports.schemas import ReportPeriod

Unit = Literal["hour", "day", "week", "month"]


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """Durations of `count` episodes in seconds; median and 90th percentile are None where there are none."""

    count: int
    total: int
    median: float | None
    p90: float | None


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What is told of a set of episodes. `answered`: with a message of an agent; `closed`: now Done.

    `rating_mean`: of the `rated` ones, from 1 to 5.
    """

    episodes: int
    answered: int
    closed: int
    visitor_messages: int
    agent_messages: int
    rated: int
    rating_mean: float | None
    first_response: Spread
    waiting: Spread
    handling: Spread


class PeriodFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of the episodes that were opened between two moments."""

    begins: datetime
    ends: datetime
    figures: Figures


class StatusFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of the episodes that have this status now."""

    status: Status
    figures: Figures


class ChannelFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of the episodes on a channel."""

    channel_id: UUID
    figures: Figures


class RatingFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of the episodes that were rated so, from 1 (worst) to 5."""

    rating: int
    figures: Figures


class AgentFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of the episodes in which an agent answered. Several may have answered in one; the times are the episode's."""

    agent_id: UUID
    figures: Figures


class OpenNow(msgspec.Struct, frozen=True):
    """Conversations that are open at this moment, whenever they began."""

    unread: int
    unresolved: int


class Dashboard(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a period as they are now; `over_time` has a part for each `unit`, empty ones included."""

    period: ReportPeriod
    unit: Unit
    figures: Figures
    open_now: OpenNow
    over_time: list[PeriodFigures]
    by_status: list[StatusFigures]
    by_rating: list[RatingFigures]
    by_agent: list[AgentFigures]
    by_channel: list[ChannelFigures]
