"""Files that are made of reports."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.reports import logic
from alongside.domains.reports.file_schemas import ReportExport
from alongside.platform.db import Reading, Row

# Somebody was erased since, or was being erased just then.
_ERASED = "EXISTS (SELECT FROM erasure d WHERE NOT pg_visible_in_snapshot(d.transaction, x.seen))"

EXPORT_COLUMNS = f"""
x.id, x.agent_id, x.report, x.question, x.progress, x.rows, x.bytes, x.parts, x.created_at, x.expires_at, x.storage_key,
x.place, x.schedule_id,
CASE WHEN x.state IN ('waiting', 'running', 'ready') AND {_ERASED} THEN 'withdrawn' ELSE x.state END AS state
"""
EXPORTS = f"""
SELECT {EXPORT_COLUMNS} FROM report_export x
WHERE x.agent_id = $1 AND x.expires_at > now() ORDER BY x.created_at DESC, x.id LIMIT 50
"""
EXPORT = f"SELECT {EXPORT_COLUMNS} FROM report_export x WHERE x.id = $1 AND x.expires_at > now()"
EXPORT_FOR_UPDATE = f"{EXPORT} FOR UPDATE OF x"
UNDER_WAY = f"""
SELECT count(*) FROM report_export x
WHERE agent_id = $1 AND schedule_id IS NULL AND state IN ('waiting', 'running') AND NOT {_ERASED}
"""

# What lies in the store and must not any longer: past its time, cancelled, or with somebody who was erased since.
SPENT = f"""
SELECT id, storage_key, parts, expires_at <= now() AS over FROM report_export x
WHERE expires_at <= now()
   OR (parts > 0 AND (state IN ('cancelled', 'failed') OR {_ERASED}))
LIMIT 500
"""


class StoredExport(msgspec.Struct, frozen=True, kw_only=True):
    """An export with what is told to nobody: where its parts lie, and where writing goes on."""

    agent_id: UUID
    told: ReportExport
    question: Any
    storage_key: str
    parts: int
    place: str | None
    schedule_id: UUID | None


async def exports(reading: Reading, agent_id: UUID) -> list[ReportExport]:
    """An agent's files, the newest first."""
    return [_stored(row).told for row in await reading.rows(EXPORTS, agent_id)]


async def export(reading: Reading, export_id: UUID, *, for_update: bool = False) -> StoredExport | None:
    """One file that has not expired."""
    row = await reading.row(EXPORT_FOR_UPDATE if for_update else EXPORT, export_id)
    return _stored(row) if row else None


async def under_way(reading: Reading, agent_id: UUID) -> int:
    """How many files that an agent asked for are still being written."""
    count: int = await reading.value(UNDER_WAY, agent_id)
    return count


async def spent_exports(reading: Reading) -> list[Row]:
    """Files whose bytes must go; `over`: and their row as well."""
    return await reading.rows(SPENT)


def _stored(row: Row) -> StoredExport:
    question = row["question"]
    period = logic.period_of(
        date.fromisoformat(question["first"]),
        date.fromisoformat(question["last"]),
        question["zone"],
    )
    names = ("id", "report", "state", "progress", "rows", "bytes", "created_at", "expires_at")
    return StoredExport(
        agent_id=row["agent_id"],
        told=ReportExport(period=period.told(), **{name: row[name] for name in names}),
        question=question,
        storage_key=row["storage_key"],
        parts=row["parts"],
        place=row["place"],
        schedule_id=row["schedule_id"],
    )
