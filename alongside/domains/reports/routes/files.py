"""Reports as files: at once, or written by a job and fetched when ready."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from litestar import delete, get, post
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.fields import queries as fields
from alongside.domains.reports import actions, logic, queries, sheets
from alongside.domains.reports.file_schemas import NewExport, ReportExport
from alongside.domains.reports.jobs import EXPORT
from alongside.domains.reports.logic import Period
from alongside.domains.reports.policy import VIEW
from alongside.domains.reports.routes.asking import PERIOD, QUESTION
from alongside.domains.reports.schemas import Report, ReportColumns, ReportCountries, ReportFilter
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.storage import Storage
from alongside.platform.web import who

CSV = "text/csv"

Columns = Annotated[
    str, Parameter(max_length=4_000, description="Names with commas between, in the order wanted; none means all.")
]


@get("/reports/columns", opt={"who": who.agent(VIEW)})
async def list_report_columns(actor: AgentActor, database: Database) -> ReportColumns:
    """The columns to choose from. Additional fields that the asker may not know are not among them."""
    async with database.reading() as reading:
        known = await fields.fields_for(reading, actor)
    return ReportColumns(logic.conversation_columns(known), logic.gathered_columns(known))


@get("/reports/countries", opt={"who": who.agent(VIEW)})
async def list_countries(database: Database) -> ReportCountries:
    """The countries to choose from."""
    async with database.reading() as reading:
        return ReportCountries(await queries.countries(reading))


@get("/reports/conversations", opt={"who": who.agent(VIEW)}, dependencies=QUESTION, media_type=CSV)
async def export_conversations(
    actor: AgentActor, database: Database, config: Config, period: Period, wanted: ReportFilter, columns: Columns = ""
) -> Stream:
    """One row for each episode that was opened in the period, as CSV, while it is read. No cell is a formula."""
    asked = _asked("conversations", period, wanted, columns)
    async with database.work() as work:
        wish = await actions.take(work, actor, asked, config.public_url)
    return Stream(sheets.write(database, wish), media_type=CSV, headers=_download("conversations", period))


@get("/reports/gathered", opt={"who": who.agent(VIEW)}, dependencies=PERIOD, media_type=CSV)
async def export_gathered(
    actor: AgentActor, database: Database, config: Config, period: Period, columns: Columns = ""
) -> Stream:
    """One row for each contact of whom additional information was learned in the period, with just that, as CSV."""
    asked = _asked("gathered", period, ReportFilter(), columns)
    async with database.work() as work:
        wish = await actions.take(work, actor, asked, config.public_url)
    return Stream(sheets.write(database, wish), media_type=CSV, headers=_download("gathered", period))


@post("/reports/exports", opt={"who": who.agent(VIEW)})
async def ask_for_export(data: NewExport, actor: AgentActor, database: Database, config: Config) -> ReportExport:
    """Have a report written to a file. The agent's sockets are told of its progress; it is kept for a day."""
    async with database.work() as work:
        return await actions.ask_for(work, actor, data, config.public_url, EXPORT)


@get("/reports/exports", opt={"who": who.agent(VIEW)})
async def list_exports(actor: AgentActor, database: Database) -> list[ReportExport]:
    """The asker's own files, the newest first."""
    async with database.reading() as reading:
        return await queries.exports(reading, actor.id)


@delete("/reports/exports/{export_id:uuid}", opt={"who": who.agent(VIEW)})
async def cancel_export(export_id: UUID, actor: AgentActor, database: Database) -> None:
    """Stop the writing of one's own file, or throw it away."""
    async with database.work() as work:
        await actions.cancel(work, actor, export_id)


@get("/reports/exports/{export_id:uuid}/file", opt={"who": who.agent(VIEW)}, media_type=CSV)
async def download_export(export_id: UUID, actor: AgentActor, database: Database, storage: Storage) -> Stream:
    """One's own file, when it is ready and until it expires."""
    stored, content = await actions.content(database, storage, actor, export_id)
    told = stored.told
    period = logic.period_of(told.period.first, told.period.last, told.period.zone)
    headers = _download(told.report, period) | {"content-length": str(told.bytes)}
    return Stream(content, media_type=CSV, headers=headers)


def _asked(report: Report, period: Period, wanted: ReportFilter, columns: str) -> NewExport:
    return NewExport(
        report=report,
        first=period.first,
        last=period.last,
        zone=period.zone.key,
        filter=wanted,
        columns=[each for part in columns.split(",") if (each := part.strip())],
    )


def _download(name: str, period: Period) -> dict[str, str]:
    return {
        "content-disposition": f'attachment; filename="{name}-{period.first}-{period.last}.csv"',
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }


ROUTES = [
    list_report_columns,
    list_countries,
    export_conversations,
    export_gathered,
    ask_for_export,
    list_exports,
    cancel_export,
    download_export,
]
