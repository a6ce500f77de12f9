"""Figures on the screen: the dashboard, and the episodes behind each number."""

from __future__ import annotations

from typing import Annotated

from litestar import get, put
from litestar.params import Parameter

from alongside.domains.reports import actions, queries
from alongside.domains.reports.figure_schemas import Dashboard
from alongside.domains.reports.logic import Period
from alongside.domains.reports.policy import MANAGE, VIEW
from alongside.domains.reports.routes.asking import QUESTION
from alongside.domains.reports.schemas import EpisodeList, ReportFilter, ReportZone
from alongside.domains.workspace.queries import workspace
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/reports/dashboard", opt={"who": who.agent(VIEW)}, dependencies=QUESTION)
async def read_dashboard(database: Database, period: Period, wanted: ReportFilter) -> Dashboard:
    """The figures of the episodes that were opened in a period: as a whole, over time, by status, channel and agent."""
    async with database.snapshot() as reading:
        return await queries.dashboard(reading, period, wanted)


@get("/reports/episodes", opt={"who": who.agent(VIEW)}, dependencies=QUESTION)
async def list_episodes(
    database: Database,
    period: Period,
    wanted: ReportFilter,
    cursor: Annotated[str | None, Parameter(max_length=300)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    newest: Annotated[
        bool, Parameter(description="The newest first. A cursor goes on in the order it came from.")
    ] = False,
) -> EpisodeList:
    """A page of the episodes behind the figures, the first opened first unless told otherwise."""
    async with database.reading() as reading:
        return await queries.episode_page(reading, period, wanted, cursor, limit, newest=newest)


@get("/reports/zone", opt={"who": who.agent(VIEW)})
async def read_zone(database: Database) -> ReportZone:
    """The time zone in which reports count days."""
    async with database.reading() as reading:
        return ReportZone((await workspace(reading)).time_zone)


@put("/reports/zone", opt={"who": who.agent(MANAGE)})
async def change_zone(data: ReportZone, actor: AgentActor, database: Database) -> ReportZone:
    """Have all reports count days in another time zone."""
    async with database.work() as work:
        await actions.set_zone(work, actor, data.zone)
        return ReportZone((await workspace(work)).time_zone)


ROUTES = [read_dashboard, list_episodes, read_zone, change_zone]
