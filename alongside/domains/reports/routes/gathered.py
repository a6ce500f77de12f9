"""Gathered information on the screen. Only fields that the asker's role may know."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import Parameter

from alongside.domains.fields import queries as fields
from alongside.domains.reports import queries
from alongside.domains.reports.gathered_schemas import GatheredFigures, GatheredList
from alongside.domains.reports.logic import Period
from alongside.domains.reports.policy import VIEW
from alongside.domains.reports.routes.asking import PERIOD
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/reports/gathered/figures", opt={"who": who.agent(VIEW)}, dependencies=PERIOD)
async def read_gathered_figures(actor: AgentActor, database: Database, period: Period) -> GatheredFigures:
    """How often each field was learned in the period, and which answers were given."""
    async with database.snapshot() as reading:
        return await queries.gathered_figures(reading, period, await fields.fields_for(reading, actor))


@get("/reports/gathered/rows", opt={"who": who.agent(VIEW)}, dependencies=PERIOD)
async def list_gathered(
    actor: AgentActor,
    database: Database,
    period: Period,
    after: Annotated[int, Parameter(ge=0, le=2**62)] = 0,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> GatheredList:
    """A page of the contacts of whom something was learned in the period, with just that."""
    async with database.reading() as reading:
        return await queries.gathered_page(reading, period, await fields.fields_for(reading, actor), after, limit)


ROUTES = [read_gathered_figures, list_gathered]
