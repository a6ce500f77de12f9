"""When agents were logged in and online."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date
from uuid import UUID

from alongside.domains.reports import logic
from alongside.domains.reports.logic import Period
from alongside.domains.reports.times_schemas import (
    AgentSpan,
    AgentSpanList,
    AgentTimes,
    AgentTimesReport,
    DayTimes,
    SpanFilter,
)
from alongside.platform.db import Database, Reading, Row

MOST_SPANS = 1_000

# A span that runs reaches to now, or to the end of the lease where that is over and nobody has noticed yet.
_SPANS = """
SELECT s.agent_id, s.kind, s.began_at, s.ended_at IS NULL AND coalesce(a.lease_until > now(), false) AS running,
       greatest(s.began_at, coalesce(s.ended_at, least(now(), coalesce(a.lease_until, now())))) AS ended_at
FROM agent_span s JOIN agent a ON a.id = s.agent_id
WHERE s.began_at < $2 AND coalesce(s.ended_at, now()) > $1 AND ($3::uuid IS NULL OR s.agent_id = $3)
"""
# Cut at the ends of the period; `began` is the whole span's, by which the next page goes on.
SPANS = f"""
SELECT agent_id, kind, greatest(began_at, $1) AS began_at, least(ended_at, $2) AS ended_at,
       running AND ended_at <= $2 AS running, began_at AS began
FROM ({_SPANS}) AS s
WHERE ended_at > $1 AND ($4::timestamptz IS NULL OR (s.began_at, agent_id, kind) > ($4, $5::uuid, $6::text))
  AND ($8::text IS NULL OR kind = $8)
ORDER BY began, agent_id, kind LIMIT $7
"""
# A span over several days counts for each of them. Sums are rounded once, at the end.
TIMES = f"""
SELECT s.agent_id, d.place,
       round(coalesce(sum(d.seconds) FILTER (WHERE s.kind = 'logged_in'), 0))::bigint AS logged_in,
       round(coalesce(sum(d.seconds) FILTER (WHERE s.kind = 'online'), 0))::bigint AS online
FROM ({_SPANS}) AS s
JOIN LATERAL (
    SELECT place, extract(epoch FROM least(s.ended_at, ends) - greatest(s.began_at, begins)) AS seconds
    FROM unnest($4::timestamptz[], $5::timestamptz[]) WITH ORDINALITY AS day (begins, ends, place)
    WHERE begins < s.ended_at AND ends > s.began_at
) AS d ON true
GROUP BY s.agent_id, d.place ORDER BY s.agent_id, d.place
"""


async def agent_times(reading: Reading, period: Period, agent_id: UUID | None) -> AgentTimesReport:
    """Sums per agent and day."""
    days = list(logic.days(period))
    begins, ends = [each[1] for each in days], [each[2] for each in days]
    found: dict[UUID, list[DayTimes]] = {}
    for row in await reading.rows(TIMES, period.begins, period.ends, agent_id, begins, ends):
        day = days[row["place"] - 1][0]
        times = DayTimes(day=day, logged_in=row["logged_in"], online=row["online"])
        found.setdefault(row["agent_id"], []).append(times)
    agents = [
        AgentTimes(
            agent_id=agent_id,
            logged_in=sum(each.logged_in for each in times),
            online=sum(each.online for each in times),
            days=times,
        )
        for agent_id, times in found.items()
    ]
    return AgentTimesReport(
        period=period.told(),
        logged_in=sum(each.logged_in for each in agents),
        online=sum(each.online for each in agents),
        days=_together(agents),
        agents=agents,
    )


def _together(agents: Sequence[AgentTimes]) -> list[DayTimes]:
    """Of all agents: sums of what is told of each, so that the table's columns add up."""
    logged_in: Counter[date] = Counter()
    online: Counter[date] = Counter()
    for each in (day for agent in agents for day in agent.days):
        logged_in[each.day] += each.logged_in
        online[each.day] += each.online
    return [DayTimes(day=day, logged_in=logged_in[day], online=online[day]) for day in sorted(logged_in)]


async def agent_spans(reading: Reading, period: Period, wanted: SpanFilter) -> AgentSpanList:
    """Stretches of time, cut at the ends of the period."""
    rows = await _spans(reading, period, wanted, None, MOST_SPANS + 1)
    return AgentSpanList(period.told(), [_span(row) for row in rows[:MOST_SPANS]], complete=len(rows) <= MOST_SPANS)


async def every_span(database: Database, period: Period, wanted: SpanFilter) -> AsyncIterator[list[AgentSpan]]:
    """All stretches of a period, some hundreds at a time, as `every_episode`."""
    last: Row | None = None
    while True:
        async with database.reading() as reading:
            rows = await _spans(reading, period, wanted, last, MOST_SPANS)
        if rows:
            yield [_span(row) for row in rows]
        if len(rows) < MOST_SPANS:
            return
        last = rows[-1]


async def _spans(reading: Reading, period: Period, wanted: SpanFilter, last: Row | None, limit: int) -> list[Row]:
    place = (last["began"], last["agent_id"], last["kind"]) if last else (None, None, None)
    return await reading.rows(SPANS, period.begins, period.ends, wanted.agent_id, *place, limit, wanted.kind)


def _span(row: Row) -> AgentSpan:
    return AgentSpan(**{name: row[name] for name in AgentSpan.__struct_fields__})
