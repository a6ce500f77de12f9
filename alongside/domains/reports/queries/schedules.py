"""Reports that are sent again and again, and who may be sent one."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.reports import policy
from alongside.domains.reports.file_schemas import ReportSchedule
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading, Row

COLUMNS = """
s.id, s.agent_id, s.name, s.question, s.every, s.day, s.hour, s.zone, s.recipients, s.paused, s.next_at, s.last_at,
s.last_result, s.last_sent
"""
SCHEDULES = f"""
SELECT {COLUMNS} FROM report_schedule s WHERE $1::uuid IS NULL OR s.agent_id = $1 OR $1 = ANY(s.recipients)
ORDER BY lower(s.name), s.id LIMIT 500
"""
SCHEDULE = f"SELECT {COLUMNS} FROM report_schedule s WHERE s.id = $1"
SCHEDULE_FOR_UPDATE = f"{SCHEDULE} FOR UPDATE"
DUE = f"""
SELECT {COLUMNS} FROM report_schedule s WHERE NOT s.paused AND s.next_at <= now()
ORDER BY s.next_at LIMIT 1 FOR UPDATE SKIP LOCKED
"""
SCHEDULES_OF = "SELECT count(*) FROM report_schedule WHERE agent_id = $1"
READERS = """
SELECT a.id, a.email, a.locale, a.display_name, r.permissions FROM agent a JOIN role r ON r.id = a.role_id
WHERE a.id = ANY($1) AND a.active
"""
OF_LETTER = """
SELECT x.id, s.name FROM report_export x LEFT JOIN report_schedule s ON s.id = x.schedule_id WHERE x.mail_id = $1
"""


class Reader(msgspec.Struct, frozen=True):
    """An active agent as things stand now: what they may, where and in which language they read mail."""

    actor: AgentActor
    email: str
    locale: str

    @property
    def may_view(self) -> bool:
        """Whether they may see reports."""
        return policy.may_view(self.actor)


async def schedules(reading: Reading, agent_id: UUID | None) -> list[ReportSchedule]:
    """Those that an agent made or is sent; None: all."""
    return [_schedule(row) for row in await reading.rows(SCHEDULES, agent_id)]


async def schedule(reading: Reading, schedule_id: UUID, *, for_update: bool = False) -> ReportSchedule | None:
    """One."""
    row = await reading.row(SCHEDULE_FOR_UPDATE if for_update else SCHEDULE, schedule_id)
    return _schedule(row) if row else None


async def due_schedule(reading: Reading) -> ReportSchedule | None:
    """The one that is due the longest, locked; those that others run just now are left to them."""
    row = await reading.row(DUE)
    return _schedule(row) if row else None


async def schedules_of(reading: Reading, agent_id: UUID) -> int:
    """How many an agent has."""
    count: int = await reading.value(SCHEDULES_OF, agent_id)
    return count


async def readers(reading: Reading, agent_ids: Sequence[UUID]) -> dict[UUID, Reader]:
    """Those of these agents who are active."""
    return {
        row["id"]: Reader(
            AgentActor(row["id"], row["id"], row["display_name"], frozenset(row["permissions"])),
            row["email"],
            row["locale"],
        )
        for row in await reading.rows(READERS, list(agent_ids))
    }


async def of_letter(reading: Reading, mail_id: UUID) -> tuple[UUID, str] | None:
    """Which file a letter tells of, and what its schedule is called."""
    row = await reading.row(OF_LETTER, mail_id)
    return (row["id"], row["name"] or "") if row else None


def _schedule(row: Row) -> ReportSchedule:
    told = dict(row)
    return msgspec.convert(
        {**told.pop("question"), **told, "owner_id": told.pop("agent_id")}, ReportSchedule, strict=False
    )
