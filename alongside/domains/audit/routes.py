"""The audit log over HTTP: pages, a file, how long it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from litestar import get, put
from litestar.params import Parameter
from litestar.response import Stream

from alongside.domains.audit import actions, queries
from alongside.domains.audit.policy import MANAGE, READ
from alongside.domains.audit.queries import Filters
from alongside.domains.audit.schemas import AuditAbout, AuditPage, AuditSettings
from alongside.kit.csv import BOM, write_row
from alongside.kit.paging import read_cursor
from alongside.kit.time import now
from alongside.platform import deeds
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Reading
from alongside.platform.errors import Invalid
from alongside.platform.web import who

HEADER = ("time", "type", "agent", "agent_id", "details")
# Of an export: read, written and forgotten before the next are read.
AT_ONCE = 500

Type = Annotated[str | None, Parameter(max_length=60, description="One of the types that `GET /audit/about` lists.")]
Since = Annotated[datetime | None, Parameter(description="From this moment on; UTC where it names no zone.")]
Until = Annotated[datetime | None, Parameter(description="Until before this moment.")]


@get("/audit/about", opt={"who": who.agent(READ)})
async def describe_audit(database: Database) -> AuditAbout:
    """Which types of entries there are, and how long they are kept."""
    async with database.reading() as reading:
        return await _about(reading)


@get("/audit", opt={"who": who.agent(READ)})
async def list_audit(
    database: Database,
    type: Type = None,
    agent_id: UUID | None = None,
    since: Since = None,
    until: Until = None,
    cursor: Annotated[str | None, Parameter(max_length=200)] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
) -> AuditPage:
    """A page of the log, newest first."""
    try:
        after = read_cursor(cursor) if cursor else None
    except ValueError:
        raise Invalid("bad-cursor", "This cursor was not made by this server. Start again without one.") from None
    async with database.reading() as reading:
        filters = await _filters(reading, type, agent_id, (since, until))
        return await queries.page(reading, filters, after, limit)


@get("/audit/export", opt={"who": who.agent(READ)}, media_type="text/csv")
async def export_audit(
    database: Database,
    actor: AgentActor,
    type: Type = None,
    agent_id: UUID | None = None,
    since: Since = None,
    until: Until = None,
) -> Stream:
    """The log as CSV, newest first, in pieces of constant size. That it was taken is itself noted."""
    async with database.work() as work:
        filters = await _filters(work, type, agent_id, (since, until))
        await actions.note_export(work, actor, filters)
    return Stream(
        _lines(database, filters),
        media_type="text/csv",
        headers={"content-disposition": 'attachment; filename="audit.csv"', "cache-control": "no-store"},
    )


@put("/audit/settings", opt={"who": who.agent(MANAGE)})
async def keep_audit(data: AuditSettings, actor: AgentActor, database: Database) -> AuditAbout:
    """Change how long entries are kept."""
    async with database.work() as work:
        await actions.keep_for(work, actor, data)
        return await _about(work)


async def _about(reading: Reading) -> AuditAbout:
    types = sorted({*queries.IN_CONVERSATIONS, *(kind.deed for kind in deeds.kinds())})
    return AuditAbout(types, await queries.keep_days(reading))


async def _filters(
    reading: Reading, type_: str | None, agent_id: UUID | None, period: tuple[datetime | None, datetime | None]
) -> Filters:
    since, until = (_in_utc(each) for each in period)
    oldest = now() - timedelta(days=await queries.keep_days(reading))
    # What is older is only there because the sweep has not come by yet, or because a conversation is kept longer.
    return Filters(
        type=type_.replace("\x00", "") if type_ else None,
        agent_id=agent_id,
        since=max(oldest, since or oldest),
        until=until or now() + timedelta(minutes=1),
    )


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and moment.tzinfo is None else moment


async def _lines(database: Database, filters: Filters) -> AsyncIterator[str]:
    yield BOM + write_row(HEADER)
    cursor: str | None = ""
    while cursor is not None:
        async with database.reading() as reading:
            page = await queries.page(reading, filters, read_cursor(cursor) if cursor else None, AT_ONCE)
        yield "".join(write_row(queries.cells(entry)) for entry in page.entries)
        cursor = page.next_cursor


ROUTES = [describe_audit, list_audit, export_audit, keep_audit]
