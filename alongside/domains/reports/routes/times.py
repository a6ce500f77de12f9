"""When agents were logged in and online: sums, stretches, and these as a file."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.reports import actions, queries, sheets
from alongside.domains.reports.logic import Period
from alongside.domains.reports.policy import VIEW
from alongside.domains.reports.routes.asking import PERIOD
from alongside.domains.reports.times_schemas import AgentSpanList, AgentTimesReport, SpanFilter, SpanKind
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who

CSV = "text/csv"

One = Annotated[UUID | None, Parameter(description="Only this agent.")]
Kind = Annotated[SpanKind | None, Parameter(description="Only when they were logged in, or only when online.")]


@get("/reports/agent-times", opt={"who": who.agent(VIEW)}, dependencies=PERIOD)
async def read_agent_times(database: Database, period: Period, agent: One = None) -> AgentTimesReport:
    """How long agents were logged in and online, in seconds, per day and as a whole: each of them, and all together."""
    async with database.reading() as reading:
        return await queries.agent_times(reading, period, agent)


@get("/reports/agent-times/spans", opt={"who": who.agent(VIEW)}, dependencies=PERIOD)
async def list_agent_spans(database: Database, period: Period, agent: One = None, kind: Kind = None) -> AgentSpanList:
    """From when to when agents were logged in and online."""
    async with database.reading() as reading:
        return await queries.agent_spans(reading, period, SpanFilter(agent, kind))


@get("/reports/agent-times/export", opt={"who": who.agent(VIEW)}, dependencies=PERIOD, media_type=CSV)
async def export_agent_spans(
    actor: AgentActor, database: Database, period: Period, agent: One = None, kind: Kind = None
) -> Stream:
    """The stretches as CSV, however many."""
    async with database.work() as work:
        await actions.note_taken(work, actor, "agent_times", period)
    headers = {
        "content-disposition": f'attachment; filename="agent-times-{period.first}-{period.last}.csv"',
        "cache-control": "no-store",
    }
    return Stream(sheets.write_spans(database, period, SpanFilter(agent, kind)), media_type=CSV, headers=headers)


ROUTES = [read_agent_times, list_agent_spans, export_agent_spans]
