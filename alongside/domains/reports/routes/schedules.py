"""Reports that are sent again and again."""

from __future__ import annotations

from uuid import UUID

from litestar import delete, get, post, put

from alongside.domains.reports import actions, policy, queries
from alongside.domains.reports.file_schemas import NewSchedule, PauseSchedule, ReportSchedule
from alongside.domains.reports.jobs import EXPORT
from alongside.domains.reports.policy import VIEW
from alongside.platform.auth.actor import AgentActor
from alongside.platform.config import Config
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/reports/schedules", opt={"who": who.agent(VIEW)})
async def list_schedules(actor: AgentActor, database: Database) -> list[ReportSchedule]:
    """Those that the asker made or is sent; all of them for who manages reports."""
    async with database.reading() as reading:
        return await queries.schedules(reading, None if policy.may_manage(actor) else actor.id)


@post("/reports/schedules", opt={"who": who.person(VIEW)})
async def create_schedule(data: NewSchedule, actor: AgentActor, database: Database) -> ReportSchedule:
    """Have a report made every day, week or month, and sent to agents."""
    async with database.work() as work:
        return await actions.schedule(work, actor, data)


@put("/reports/schedules/{schedule_id:uuid}", opt={"who": who.person(VIEW)})
async def change_schedule(
    schedule_id: UUID, data: NewSchedule, actor: AgentActor, database: Database
) -> ReportSchedule:
    """Change one's own, or any for who manages reports."""
    async with database.work() as work:
        return await actions.reschedule(work, actor, schedule_id, data)


@put("/reports/schedules/{schedule_id:uuid}/paused", opt={"who": who.person(VIEW)})
async def pause_schedule(
    schedule_id: UUID, data: PauseSchedule, actor: AgentActor, database: Database
) -> ReportSchedule:
    """Stop for a while, or go on."""
    async with database.work() as work:
        return await actions.pause(work, actor, schedule_id, paused=data.paused)


@post("/reports/schedules/{schedule_id:uuid}/run", opt={"who": who.person(VIEW)}, status_code=200)
async def run_schedule(schedule_id: UUID, actor: AgentActor, database: Database, config: Config) -> ReportSchedule:
    """Make and send it now."""
    async with database.work() as work:
        return await actions.run_now(work, actor, schedule_id, config.public_url, EXPORT)


@delete("/reports/schedules/{schedule_id:uuid}", opt={"who": who.person(VIEW)})
async def delete_schedule(schedule_id: UUID, actor: AgentActor, database: Database) -> None:
    """No more of it. Files that were made stay until they expire."""
    async with database.work() as work:
        await actions.unschedule(work, actor, schedule_id)


ROUTES = [list_schedules, create_schedule, change_schedule, pause_schedule, run_schedule, delete_schedule]
