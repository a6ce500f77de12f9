"""What is done to reports: have one written to a file, cancel that, forget what is over.

A file lies in the object store in parts, each written whole, with the place where the next one goes on. So a job can be
cut into slices that let others have their turn, a process that dies in the middle loses a part at most, and whatever
the size of a file, one part of it is in memory.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import date
from uuid import UUID

import msgspec

from alongside.domains.fields import queries as fields
from alongside.domains.reports import logic, policy, queries, sheets
from alongside.domains.reports.actions import sending
from alongside.domains.reports.events import ExportChanged, ReportTaken
from alongside.domains.reports.file_schemas import NewExport, ReportExport
from alongside.domains.reports.logic import Period
from alongside.domains.reports.queries import StoredExport
from alongside.domains.reports.schemas import Report, ReportFilter
from alongside.domains.reports.sheets import Wish
from alongside.domains.workspace import actions as workspaces
from alongside.domains.workspace.queries import workspace
from alongside.kit.ids import new_secret
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Reading, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound
from alongside.platform.jobs import Job, Means, enqueue
from alongside.platform.storage import Storage

MOST_AT_ONCE = 3
KEPT_HOURS = 24
PART_CHARS = 1_000_000
# Then whatever else waits for the worker has its turn.
SLICE_SECONDS = 5.0

ASK = """
INSERT INTO report_export (agent_id, report, question, storage_key, expires_at)
VALUES ($1, $2, $3, $4, now() + make_interval(hours => $5)) RETURNING id
"""
BEGIN = "UPDATE report_export SET state = 'running' WHERE id = $1 AND state = 'waiting'"
ADVANCE = """
UPDATE report_export
SET parts = $2, rows = rows + $3, bytes = bytes + $4, progress = greatest(progress, $5::real), place = $6, state = $7
WHERE id = $1 AND state = 'running' AND parts = $2 - 1
"""
CANCEL = """
UPDATE report_export SET state = 'cancelled' WHERE id = $1 AND state IN ('waiting', 'running', 'ready')
"""
FAIL = "UPDATE report_export SET state = 'failed' WHERE id = $1 AND state IN ('waiting', 'running')"
FORGET = "DELETE FROM report_export WHERE id = $1"
EMPTY = "UPDATE report_export SET parts = 0, bytes = 0 WHERE id = $1"


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What a file was asked for, as it is kept. `fields`: what its maker might know when asking."""

    first: date
    last: date
    zone: str
    filter: ReportFilter
    columns: list[str]
    fields: list[UUID]
    site: str


async def take(work: Work, actor: AgentActor, asked: NewExport, site: str) -> Wish:
    """What an agent takes away, made whole and checked against what they may know. `site` is our own address."""
    wanted = await _checked(work, actor, asked, site)
    await note_taken(work, actor, asked.report, wanted.period)
    return wanted


async def note_taken(work: Work, actor: AgentActor, report: str, period: Period) -> None:
    """The audit log names who takes reports away. Raises where the actor may not."""
    if not policy.may_view(actor):
        raise Forbidden("not-permitted", "Your role does not allow reports. Ask an admin for it.")
    since, until = period.first.isoformat(), period.last.isoformat()
    work.announce(ReportTaken(actor_id=actor.id, report=report, since=since, until=until))


async def _checked(reading: Reading, actor: AgentActor, asked: NewExport, site: str) -> Wish:
    if asked.report == "gathered" and asked.filter != ReportFilter():
        raise Invalid("filter-unwanted", "Only a report about conversations can be filtered.")
    known = await fields.fields_for(reading, actor)
    columns = logic.conversation_columns(known) if asked.report == "conversations" else logic.gathered_columns(known)
    zone = asked.zone or (await workspace(reading)).time_zone
    return Wish(
        report=asked.report,
        period=logic.period_of(asked.first, asked.last, zone),
        filter=asked.filter,
        columns=logic.chosen(asked.columns, columns),
        fields=frozenset(field.id for field in known),
        site=site,
    )


async def ask_for(work: Work, actor: AgentActor, asked: NewExport, site: str, job: Job) -> ReportExport:
    """Have a report written to a file by `job`. Raises `Conflict` while several are being written already."""
    wanted = await take(work, actor, asked, site)
    await work.run("SELECT FROM agent WHERE id = $1 FOR UPDATE", actor.id)  # two at once are counted one by one
    if await queries.under_way(work, actor.id) >= MOST_AT_ONCE:
        raise Conflict(
            "too-many-exports", f"{MOST_AT_ONCE} of your files are being written already. Wait for one, or cancel it."
        )
    question = Question(
        first=asked.first,
        last=asked.last,
        zone=wanted.period.zone.key,
        filter=asked.filter,
        columns=list(wanted.columns),
        fields=sorted(wanted.fields),
        site=site,
    )
    key = f"exports/{new_secret()}"
    export_id: UUID = await work.value(ASK, actor.id, asked.report, question, key, KEPT_HOURS)
    await enqueue(work, job, lock=f"export-{export_id}", export_id=export_id)
    told = await _announce(work, export_id)
    assert told is not None
    return told


async def cancel(work: Work, actor: AgentActor, export_id: UUID) -> None:
    """Stop the writing of a file, or throw it away. Its bytes go with the next sweep."""
    await _own(work, actor, export_id, for_update=True)
    await work.run(CANCEL, export_id)
    await _announce(work, export_id)


async def continue_export(means: Means, export_id: UUID) -> bool:
    """Write for some seconds. Returns whether there is more to do. What was cancelled or withdrawn is left alone."""
    async with means.database.work() as work:
        await work.run(BEGIN, export_id)
        stored = await queries.export(work, export_id)
        if stored is None or stored.told.state != "running":
            return False
        if not stored.parts:
            await _announce(work, export_id)
    until = time.monotonic() + SLICE_SECONDS
    writing = _Writing(means, stored, wish_of(stored))
    async for part in sheets.parts(means.database, writing.wish, stored.place):
        if not await writing.take(part):
            return False
        if time.monotonic() > until:
            return await writing.put("running")
    await writing.put("ready")
    return False


async def fail(means: Means, export_id: UUID) -> None:
    """Tell whoever waits that this file will not come."""
    async with means.database.work() as work:
        stored = await queries.export(work, export_id)
        if await work.run(FAIL, export_id) and stored:
            await sending.note_failed(work, stored)
        await _announce(work, export_id)


async def content(
    database: Database, storage: Storage, actor: AgentActor, export_id: UUID
) -> tuple[StoredExport, AsyncIterator[bytes]]:
    """A file. Raises `NotFound` for another's, an expired and a withdrawn one, `Conflict` before it is ready."""
    async with database.reading() as reading:
        stored = await _own(reading, actor, export_id)
    if stored.told.state == "withdrawn":
        raise NotFound("export-withdrawn", "A customer was deleted since, and this file with them. Make it again.")
    if stored.told.state in ("cancelled", "failed"):
        raise NotFound("export-over", "This file was cancelled, or could not be written. Make it again.")
    if stored.told.state != "ready":
        raise Conflict("export-not-ready", "This file is not ready. Wait until it is written.")
    return stored, _bytes(storage, stored)


async def sweep(database: Database, storage: Storage) -> int:
    """Delete bytes that nobody may fetch any more, and rows whose time is over. Returns how many files."""
    async with database.reading() as reading:
        spent = await queries.spent_exports(reading)
    for row in spent:
        # One more than was noted: a process may have died between the bytes and the note.
        for number in range(1, row["parts"] + 2):
            await storage.delete(_key(row["storage_key"], number))
        async with database.work() as work:
            await work.run(FORGET if row["over"] else EMPTY, row["id"])
    return len(spent)


async def set_zone(work: Work, actor: AgentActor, zone: str) -> None:
    """Count the days of all reports in another time zone."""
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow changing this. Ask an admin for it.")
    await workspaces.set_time_zone(work, logic.zone_of(zone).key, by=actor.id)


class _Writing:
    """One slice: collects lines until they make a part."""

    def __init__(self, means: Means, stored: StoredExport, wanted: Wish) -> None:
        self.wish = wanted
        self._means = means
        self._stored = stored
        self._number = stored.parts + 1
        self._text = "" if stored.parts else sheets.heading(wanted)
        self._rows = 0
        self._place = stored.place
        self._progress = stored.told.progress

    async def take(self, part: sheets.Part) -> bool:
        """Add lines. Returns False where the file is not wanted any more."""
        self._text += part.text
        self._rows += part.rows
        self._place, self._progress = part.place, part.progress
        return len(self._text) < PART_CHARS or await self.put("running")

    async def put(self, state: str) -> bool:
        """Store what was collected, first the bytes, then their number. Returns whether the file is still wanted."""
        written = self._text.encode()
        key = _key(self._stored.storage_key, self._number)
        await self._means.storage.put(key, written)
        progress = 1.0 if state == "ready" else self._progress
        values = (self._number, self._rows, len(written), progress, self._place, state)
        async with self._means.database.work() as work:
            wanted = bool(await work.run(ADVANCE, self._stored.told.id, *values))
            if wanted and state == "ready":
                await sending.announce_ready(work, self._stored)
            told = await _announce(work, self._stored.told.id)
        if not wanted:
            await self._means.storage.delete(key)
        self._number, self._text, self._rows = self._number + 1, "", 0
        return wanted and told is not None and told.state == state


async def _own(reading: Reading, actor: AgentActor, export_id: UUID, *, for_update: bool = False) -> StoredExport:
    stored = await queries.export(reading, export_id, for_update=for_update)
    if stored is None or not policy.may_take(actor, stored.agent_id):
        raise NotFound("no-such-export", "This file does not exist (any more). Files are kept for a day.")
    return stored


async def _announce(work: Work, export_id: UUID) -> ReportExport | None:
    stored = await queries.export(work, export_id)
    if stored is None:
        return None
    work.announce(ExportChanged(agent_id=stored.agent_id, export=stored.told))
    return stored.told


def wish_of(stored: StoredExport) -> Wish:
    """What a file was asked for."""
    question = msgspec.convert(stored.question, Question)
    report: Report = stored.told.report
    return Wish(
        report=report,
        period=logic.period_of(question.first, question.last, question.zone),
        filter=question.filter,
        columns=question.columns,
        fields=frozenset(question.fields),
        site=question.site,
    )


async def _bytes(storage: Storage, stored: StoredExport) -> AsyncIterator[bytes]:
    for number in range(1, stored.parts + 1):
        part = await storage.get(_key(stored.storage_key, number))
        if part is None:
            raise NotFound("no-such-export", "This file does not exist (any more). Make it again.")
        yield part


def _key(storage_key: str, number: int) -> str:
    return f"{storage_key}/{number:05d}"
