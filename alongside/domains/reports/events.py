"""What is announced about reports."""

from __future__ import annotations

from typing import ClassVar
from uuid import UUID

from alongside.domains.reports.file_schemas import ReportExport
from alongside.platform.deeds import Deed
from alongside.platform.events import Fact


class ExportChanged(Fact, frozen=True, kw_only=True):
    """A file was asked for, made some progress, is ready, or will not come. For the agent who asked for it alone."""

    agent_id: UUID
    export: ReportExport


# ---- deeds, for the audit log


class ReportTaken(Deed, frozen=True, kw_only=True):
    """Somebody took a report away as a file, or had it written to one. `since` and `until` are its days."""

    deed: ClassVar[str] = "REPORT_EXPORTED"

    report: str
    since: str
    until: str


class ReportScheduled(Deed, frozen=True, kw_only=True):
    """Somebody has a report sent again and again, or changed what is sent, when and to whom."""

    deed: ClassVar[str] = "REPORT_SCHEDULED"

    schedule_id: UUID
    report: str


class ReportUnscheduled(Deed, frozen=True, kw_only=True):
    """A report is not sent any more."""

    deed: ClassVar[str] = "REPORT_UNSCHEDULED"

    schedule_id: UUID
    report: str
