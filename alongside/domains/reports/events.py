"""What is announced about reports."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.reports.schemas import ReportExport
from alongside.platform.events import Fact


class ExportChanged(Fact, frozen=True, kw_only=True):
    """A file was asked for, made some progress, is ready, or will not come. For the agent who asked for it alone."""

    agent_id: UUID
    export: ReportExport
