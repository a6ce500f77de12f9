"""Reports as files, made once or again and again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.reports.schemas import Report, ReportFilter, ReportPeriod, Zone

ExportState = Literal["waiting", "running", "ready", "cancelled", "failed", "withdrawn"]
Column = Annotated[str, Meta(max_length=60, pattern=r"^[a-z0-9_:]+$")]
Every = Literal["day", "week", "month"]
Span = Literal["yesterday", "last_week", "last_month", "7_days", "30_days"]
MOST_COLUMNS = 200


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
