"""Shapes of reports, for agents who may see them. Durations are whole seconds."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.conversations.schemas import Status
from alongside.domains.fields.schemas import Content

ZONE_CHARS = 60
MOST_COLUMNS = 200

Zone = Annotated[str, Meta(max_length=ZONE_CHARS, pattern=r"^[^\x00]*$")]
Report = Literal["conversations", "gathered"]
Unit = Literal["hour", "day", "week", "month"]
ExportState = Literal["waiting", "running", "ready", "cancelled", "failed", "withdrawn"]
Column = Annotated[str, Meta(max_length=60, pattern=r"^[a-z0-9_:]+$")]
Rating = Annotated[int, Meta(ge=1, le=5)]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$")]
Having = Literal["first_response", "waiting", "handling", "resolution", "rating"]
Moment = Annotated[datetime, Meta(tz=True)]
Every = Literal["day", "week", "month"]
Span = Literal["yesterday", "last_week", "last_month", "7_days", "30_days"]
SpanKind = Literal["logged_in", "online"]


class ReportFilter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which episodes. `agent_id` answered in it, `team_id` held it, `label_id` is on it or its contact.

    `country`: where the visit in which it began was, by two letters (ISO 3166).
    `having`: only those that have this figure. `since`, `until`: opened at one moment or later, and before another.
    """

    status: Status | None = None
    channel_id: UUID | None = None
    agent_id: UUID | None = None
    team_id: UUID | None = None
    label_id: UUID | None = None
    country: Country | None = None
    rating: Rating | None = None
    having: Having | None = None
    since: Moment | None = None
    until: Moment | None = None


class ReportPeriod(msgspec.Struct, frozen=True, kw_only=True):
    """Whole days of a time zone, both included."""

    first: date
    last: date
    zone: str


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


class EpisodeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An episode of a conversation with its figures. `link` is a path of the console."""

    conversation_id: UUID
    episode: int
    link: str
    customer: str | None
    customer_number: int
    channel_id: UUID
    status: Status
    opened_at: datetime
    first_response_at: datetime | None
    closed_at: datetime | None
    first_response_seconds: int | None
    waiting_seconds: int | None
    handling_seconds: int | None
    resolution_seconds: int | None
    agent_ids: list[UUID]
    assigned_ids: list[UUID]
    team_ids: list[UUID]
    label_ids: list[UUID]
    visitor_messages: int
    agent_messages: int
    notes: int
    rating: int | None
    rating_comment: str | None
    country: str | None
    city: str | None


class EpisodeList(msgspec.Struct, frozen=True):
    """A page of episodes, the first opened first. `next_cursor` is opaque; None at the end."""

    rows: list[EpisodeRow]
    next_cursor: str | None


class ReportColumns(msgspec.Struct, frozen=True):
    """The columns that a report can have, in order; additional fields are `field:` and their key."""

    conversations: list[str]
    gathered: list[str]


class ReportCountries(msgspec.Struct, frozen=True):
    """The countries that visitors were in, by two letters (ISO 3166), as far as their visits are kept."""

    countries: list[str]


class GatheredRow(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned of a contact in a period: values by the ids of their fields."""

    contact_id: UUID
    customer: str | None
    customer_number: int
    gathered_at: datetime | None
    values: dict[UUID, Content]


class GatheredList(msgspec.Struct, frozen=True):
    """A page of contacts by their numbers. `next_after` is the number to go on behind; None at the end."""

    rows: list[GatheredRow]
    next_after: int | None


class AnswerCount(msgspec.Struct, frozen=True):
    """How often an option was chosen, or "true" or "false" was said."""

    answer: str
    count: int


class NumberFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of numbers. `bars`: how many lie in each of ten parts of one width from the least to the most."""

    least: float
    most: float
    mean: float
    median: float
    bars: list[int]


class FieldFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Of a field: of how many contacts it was learned; which answers were given, the most frequent first."""

    field_id: UUID
    known: int
    answers: list[AnswerCount]
    numbers: NumberFigures | None


class GatheredFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What was learned in a period, of the fields that the asker may know, in their order."""

    period: ReportPeriod
    contacts: int
    fields: list[FieldFigures]


class NewExport(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of an export. No columns means all; without `zone` the company's. A filter is for conversations only."""

    report: Report
    first: date
    last: date
    zone: Zone | None = None
    filter: ReportFilter = ReportFilter()
    columns: Annotated[list[Column], Meta(max_length=MOST_COLUMNS)] = []


class ReportExport(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is being written or can be fetched until `expires_at`, by who asked for it.

    `progress` runs from 0 to 1. `withdrawn`: a customer was deleted since, so the file was deleted too.
    """

    id: UUID
    report: Report
    period: ReportPeriod
    state: ExportState
    progress: float
    rows: int
    bytes: int
    created_at: datetime
    expires_at: datetime


class NewSchedule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A report that is made again and again, of the days before, and sent to agents who may see reports.

    `span`: the day before, the week (Monday to Sunday) or month of the calendar before, or so many days before.
    `day`: of the week (Monday is 1) or of the month (its last where it is shorter). No columns means all.
    """

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    report: Report
    span: Span
    filter: ReportFilter = ReportFilter()
    columns: Annotated[list[Column], Meta(max_length=MOST_COLUMNS)] = []
    every: Every
    day: Annotated[int, Meta(ge=1, le=31)] = 1
    hour: Annotated[int, Meta(ge=0, le=23)]
    zone: Zone | None = None
    recipients: Annotated[list[UUID], Meta(min_length=1, max_length=50)]


class ReportSchedule(msgspec.Struct, frozen=True, kw_only=True):
    """A report that is sent again and again.

    `last_result` says why it was not sent or stopped: "owner-gone", "owner-not-permitted", "nobody" (of its recipients
    may see reports), "failed"; empty while all is well. `last_sent`: to how many.
    """

    id: UUID
    owner_id: UUID
    name: str
    report: Report
    span: Span
    filter: ReportFilter
    columns: list[str]
    every: Every
    day: int
    hour: int
    zone: str
    recipients: list[UUID]
    paused: bool
    next_at: datetime
    last_at: datetime | None
    last_result: str
    last_sent: int


class PauseSchedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Body of stopping for a while."""

    paused: bool


class ReportZone(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The time zone in which reports count days: an IANA name."""

    zone: Zone


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
    """Sums of the agents who were there in the period."""

    period: ReportPeriod
    agents: list[AgentTimes]


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
