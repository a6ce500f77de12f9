"""The dashboard: the figures of a period, by time, status, channel and agent."""

from __future__ import annotations

from alongside.domains.reports import figures, logic
from alongside.domains.reports.figure_schemas import (
    AgentFigures,
    ChannelFigures,
    Dashboard,
    Figures,
    OpenNow,
    PeriodFigures,
    RatingFigures,
    Spread,
    StatusFigures,
)
from alongside.domains.reports.logic import Period
from alongside.domains.reports.schemas import ReportFilter
from alongside.platform.db import Reading, Row

OPEN_NOW = """
SELECT count(*) FILTER (WHERE c.status = 'unread') AS unread,
       count(*) FILTER (WHERE c.status = 'unresolved') AS unresolved
FROM conversation c JOIN contact o ON o.id = c.contact_id JOIN contact p ON p.id = o.person_id
WHERE c.last_seq > 0 AND c.status IN ('unread', 'unresolved')
  AND ($1::uuid IS NULL OR c.channel_id = $1) AND ($2::uuid IS NULL OR c.assignee_id = $2)
  AND ($3::uuid IS NULL OR c.team_id = $3)
  AND ($4::uuid IS NULL OR (c.label_ids || p.label_ids) @> ARRAY[$4::uuid])
"""


async def dashboard(reading: Reading, period: Period, wanted: ReportFilter) -> Dashboard:
    """The figures; `reading` must be a snapshot."""
    unit, begins = logic.parts(period)
    asked = figures.episodes(period, wanted)
    groups: dict[str, list[Row]] = {"all": [], "part": [], "status": [], "channel": [], "agent": [], "rating": []}
    for row in await reading.rows(figures.dashboard_sql(asked), *asked.values, begins):
        groups[row["kind"]].append(row)
    told = {row["part"]: _figures(row) for row in groups["part"]}
    none = _figures(None)
    rank = sorted(groups["agent"], key=lambda row: (-row["episodes"], str(row["id"])))
    return Dashboard(
        period=period.told(),
        unit=unit,
        figures=_figures(groups["all"][0]),
        open_now=await _open_now(reading, wanted),
        over_time=[
            PeriodFigures(begins=begin, ends=end, figures=told.get(place, none))
            for place, (begin, end) in enumerate(zip(begins, [*begins[1:], period.ends], strict=True), 1)
        ],
        by_status=[StatusFigures(status=row["status"], figures=_figures(row)) for row in groups["status"]],
        by_rating=[
            RatingFigures(rating=row["rating"], figures=_figures(row))
            for row in sorted(groups["rating"], key=lambda row: row["rating"] or 0, reverse=True)
            if row["rating"] is not None
        ],
        by_agent=[AgentFigures(agent_id=row["id"], figures=_figures(row)) for row in rank],
        by_channel=[
            ChannelFigures(channel_id=row["id"], figures=_figures(row))
            for row in sorted(groups["channel"], key=lambda row: (-row["episodes"], str(row["id"])))
        ],
    )


async def figures_of(reading: Reading, period: Period, wanted: ReportFilter) -> Figures:
    """Those of the dashboard as a whole."""
    asked = figures.episodes(period, wanted)
    (row,) = await reading.rows(figures.figures_sql(asked), *asked.values)
    return _figures(row)


async def _open_now(reading: Reading, wanted: ReportFilter) -> OpenNow:
    row = await reading.row(OPEN_NOW, wanted.channel_id, wanted.agent_id, wanted.team_id, wanted.label_id)
    assert row is not None
    return OpenNow(**dict(row))


def _figures(row: Row | None) -> Figures:
    def spread(name: str) -> Spread:
        if row is None:
            return Spread(count=0, total=0, median=None, p90=None)
        median, p90 = row[f"{name}_shares"] or (None, None)
        return Spread(count=row[f"{name}_count"], total=row[f"{name}_total"], median=median, p90=p90)

    counts = ("episodes", "answered", "closed", "visitor_messages", "agent_messages", "rated")
    return Figures(
        **{name: row[name] if row else 0 for name in counts},
        rating_mean=row["rating_mean"] if row else None,
        first_response=spread("first_response"),
        waiting=spread("waiting"),
        handling=spread("handling"),
    )
