"""Reports that are made again and again and sent to agents: set up, paused, run when it is time.

When it is time the database says. A schedule that is due is locked, its files are asked for and its next time is set
in one transaction: of several processes one does it, and a process that dies in between has done nothing.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from alongside.domains.fields import queries as fields
from alongside.domains.reports import logic, policy, queries
from alongside.domains.reports.actions.exports import KEPT_HOURS, Question
from alongside.domains.reports.events import ExportChanged, ReportScheduled, ReportTaken, ReportUnscheduled
from alongside.domains.reports.file_schemas import NewSchedule, ReportSchedule
from alongside.domains.reports.queries.schedules import Reader
from alongside.domains.reports.schemas import ReportFilter
from alongside.domains.workspace.queries import workspace
from alongside.kit.ids import new_secret
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound
from alongside.platform.jobs import Job, enqueue

MOST = 20
# A letter may be read on Monday that was sent on Friday.
SENT_HOURS = 7 * KEPT_HOURS

CREATE = """
INSERT INTO report_schedule (name, question, every, day, hour, zone, recipients, next_at, agent_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
"""
CHANGE = """
UPDATE report_schedule SET name = $2, question = $3, every = $4, day = $5, hour = $6, zone = $7, recipients = $8,
    next_at = $9, last_result = ''
WHERE id = $1
"""
PAUSE = "UPDATE report_schedule SET paused = true WHERE id = $1"
RESUME = "UPDATE report_schedule SET paused = false, last_result = '', next_at = $2 WHERE id = $1"
REMOVE = "DELETE FROM report_schedule WHERE id = $1"
STOP = "UPDATE report_schedule SET paused = true, last_result = $2 WHERE id = $1"
RAN = """
UPDATE report_schedule SET last_at = now(), last_result = $2, last_sent = $3, next_at = coalesce($4, next_at)
WHERE id = $1
"""
ASK = """
INSERT INTO report_export (agent_id, report, question, storage_key, expires_at, schedule_id)
VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5), $6) RETURNING id
"""


async def schedule(work: Work, actor: AgentActor, wanted: NewSchedule) -> ReportSchedule:
    """Have a report sent again and again. Raises `Conflict` beyond `MOST`, `Invalid` for what cannot be."""
    values = await _checked(work, actor, wanted)
    await work.run("SELECT FROM agent WHERE id = $1 FOR UPDATE", actor.id)  # two at once are counted one by one
    if await queries.schedules_of(work, actor.id) >= MOST:
        raise Conflict("too-many-schedules", f"You have {MOST} of these already. Delete one first.")
    schedule_id: UUID = await work.value(CREATE, *values, actor.id)
    work.announce(ReportScheduled(actor_id=actor.id, schedule_id=schedule_id, report=wanted.report))
    return await _told(work, schedule_id)


async def reschedule(work: Work, actor: AgentActor, schedule_id: UUID, wanted: NewSchedule) -> ReportSchedule:
    """Change all of it but its owner."""
    await _held(work, actor, schedule_id)
    await work.run(CHANGE, schedule_id, *await _checked(work, actor, wanted))
    work.announce(ReportScheduled(actor_id=actor.id, schedule_id=schedule_id, report=wanted.report))
    return await _told(work, schedule_id)


async def pause(work: Work, actor: AgentActor, schedule_id: UUID, *, paused: bool) -> ReportSchedule:
    """Stop for a while, or go on: then with the next time that is yet to come."""
    before = await _held(work, actor, schedule_id)
    if paused:
        await work.run(PAUSE, schedule_id)
    else:
        await work.run(RESUME, schedule_id, await _next(work, before))
    return await _told(work, schedule_id)


async def unschedule(work: Work, actor: AgentActor, schedule_id: UUID) -> None:
    """No more of it. Files that were made stay until they expire."""
    before = await _held(work, actor, schedule_id)
    await work.run(REMOVE, schedule_id)
    work.announce(ReportUnscheduled(actor_id=actor.id, schedule_id=schedule_id, report=before.report))


async def run_now(work: Work, actor: AgentActor, schedule_id: UUID, site: str, job: Job) -> ReportSchedule:
    """Make and send it once, for the days before now; when it runs next stays as it was."""
    told = await _held(work, actor, schedule_id)
    await _run(work, told, await work.value("SELECT now()"), site, job)
    return await _told(work, schedule_id)


async def run_due(database: Database, site: str, job: Job) -> int:
    """Run what is due, one after the other. Returns how many. One that was due several times runs once."""
    done = 0
    while True:
        async with database.work() as work:
            told = await queries.due_schedule(work)
            if told is None:
                return done
            await _run(work, told, told.next_at, site, job, await _next(work, told))
        done += 1


async def _run(
    work: Work, told: ReportSchedule, due: datetime, site: str, job: Job, following: datetime | None = None
) -> None:
    """Ask for a file for each who may have it. Stops where its owner may not see reports any more."""
    readers = await queries.readers(work, [told.owner_id, *told.recipients])
    owner = readers.get(told.owner_id)
    if owner is None or not owner.may_view:
        await work.run(STOP, told.id, "owner-gone" if owner is None else "owner-not-permitted")
        return
    period = logic.days_before(told.span, due, logic.zone_of(told.zone))
    may_have = [readers[each] for each in told.recipients if each in readers and readers[each].may_view]
    for reader in may_have:
        await _ask(work, told, reader, period, site, job)
    await work.run(RAN, told.id, "" if may_have else "nobody", len(may_have), following)
    since, until = period.first.isoformat(), period.last.isoformat()
    work.announce(ReportTaken(actor_id=told.owner_id, report=told.report, since=since, until=until))


async def _ask(work: Work, told: ReportSchedule, reader: Reader, period: logic.Period, site: str, job: Job) -> None:
    """What a reader may not know is left out of their file."""
    known = await fields.fields_for(work, reader.actor)
    columns = logic.conversation_columns(known) if told.report == "conversations" else logic.gathered_columns(known)
    question = Question(
        first=period.first,
        last=period.last,
        zone=told.zone,
        filter=told.filter,
        columns=[each for each in told.columns if each in columns] or columns,
        fields=sorted(field.id for field in known),
        site=site,
    )
    values = (reader.actor.id, told.report, question, f"exports/{new_secret()}", SENT_HOURS, told.id)
    export_id: UUID = await work.value(ASK, *values)
    await enqueue(work, job, lock=f"export-{export_id}", export_id=export_id)
    stored = await queries.export(work, export_id)
    assert stored is not None
    work.announce(ExportChanged(agent_id=stored.agent_id, export=stored.told))


async def _checked(work: Work, actor: AgentActor, wanted: NewSchedule) -> tuple[object, ...]:
    """What is stored of it."""
    if not policy.may_view(actor):
        raise Forbidden("not-permitted", "Your role does not allow reports. Ask an admin for it.")
    name = clean_line(wanted.name, 100)
    if not name:
        raise Invalid("name-empty", "Give it a name, such as Weekly figures.")
    if wanted.report == "gathered" and wanted.filter != ReportFilter():
        raise Invalid("filter-unwanted", "Only a report about conversations can be filtered.")
    if wanted.filter.since or wanted.filter.until:
        raise Invalid("moments-unwanted", "A report that is sent again and again is about whole days.")
    if wanted.every == "week" and wanted.day > 7:
        raise Invalid("no-such-day", "A week has seven days; Monday is 1.")
    known = await fields.fields_for(work, actor)
    columns = logic.conversation_columns(known) if wanted.report == "conversations" else logic.gathered_columns(known)
    logic.chosen(wanted.columns, columns)
    recipients = list(dict.fromkeys(wanted.recipients))
    readers = await queries.readers(work, recipients)
    if any(each not in readers or not readers[each].may_view for each in recipients):
        raise Invalid("recipient-not-permitted", "Only active agents whose role allows reports can be sent one.")
    zone = logic.zone_of(wanted.zone or (await workspace(work)).time_zone).key
    question = {
        "report": wanted.report,
        "span": wanted.span,
        "filter": wanted.filter,
        "columns": list(dict.fromkeys(wanted.columns)),
    }
    rhythm = logic.Rhythm(wanted.every, wanted.day if wanted.every != "day" else 1, wanted.hour, zone)
    next_at = logic.next_time(rhythm, await work.value("SELECT now()"))
    return name, question, rhythm.every, rhythm.day, rhythm.hour, zone, recipients, next_at


async def _next(work: Work, told: ReportSchedule) -> datetime:
    """The next time that is yet to come, by the database's clock."""
    return logic.next_time(logic.Rhythm(told.every, told.day, told.hour, told.zone), await work.value("SELECT now()"))


async def _held(work: Work, actor: AgentActor, schedule_id: UUID) -> ReportSchedule:
    """One that the actor may change, locked."""
    told = await queries.schedule(work, schedule_id, for_update=True)
    if told is None or not policy.may_change(actor, told.owner_id):
        raise NotFound("no-such-schedule", "This report is not sent (any more).")
    return told


async def _told(work: Work, schedule_id: UUID) -> ReportSchedule:
    told = await queries.schedule(work, schedule_id)
    assert told is not None
    return told
