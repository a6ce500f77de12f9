"""The figures of episodes in SQL: the only place where they are computed. docs/reports.md says the same in words.

Every question about episodes selects from `EPISODES`, so the screen, the rows and the CSV cannot disagree. Durations
are rounded to seconds here, before anything is summed or sorted, for the same reason; half a second is rounded up. What
an episode's log says comes from `facts.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from alongside.domains.reports.facts import FACTS, IN_PLACE, LOG
from alongside.domains.reports.logic import Period
from alongside.domains.reports.schemas import Having, ReportFilter

_STATUS = "CASE WHEN e.done_at IS NULL THEN c.status ELSE 'done' END"

_FIRST = LOG["first_response_at"]


def _seconds(interval: str) -> str:
    """Whole seconds. As floating point, which holds these exactly and costs a third of PostgreSQL's own rounding."""
    return f"floor(date_part('epoch', {interval}) + 0.5)::bigint"


# When an episode has a figure at all.
_HAS: dict[Having, str] = {
    "first_response": f"{_FIRST} IS NOT NULL",
    "waiting": f"{LOG['waited']} IS NOT NULL",
    "handling": f"{_FIRST} <= e.done_at",
    "resolution": "e.done_at IS NOT NULL",
    "rating": "e.rating IS NOT NULL",
}

# Joined from the left, though all are there: so PostgreSQL leaves out who it is not asked for.
EPISODES = f"""
SELECT e.conversation_id, e.number AS episode, e.first_seq, e.opened_at, e.done_at AS closed_at, c.channel_id,
       p.id AS person_id, c.contact_id, c.label_ids || p.label_ids AS label_ids, {_STATUS} AS status,
       e.rating, e.rating_comment,
       {", ".join(f"{LOG[name]} AS {name}" for name in LOG if name != "waited")},
       {_seconds(f"{_FIRST} - e.opened_at")} AS first_response_seconds,
       {_seconds(LOG["waited"])} AS waiting_seconds,
       CASE WHEN {_FIRST} <= e.done_at THEN {_seconds(f"e.done_at - {_FIRST}")} END AS handling_seconds,
       {_seconds("e.done_at - e.opened_at")} AS resolution_seconds
FROM {IN_PLACE}
LEFT JOIN contact o ON o.id = c.contact_id
LEFT JOIN contact p ON p.id = o.person_id
{FACTS}
WHERE /* conditions */
"""


# The visit in which episode `e` began: one that had not ended long before. Visits are not kept for ever.
VISIT = """
FROM visit v
WHERE v.contact_id = {contact} AND v.channel_id = {channel} AND v.started_at <= {opened}
  AND v.online_until >= {opened} - interval '1 hour'
ORDER BY v.started_at DESC LIMIT 1
"""
_COUNTRY = f"(SELECT v.country {VISIT.format(contact='c.contact_id', channel='c.channel_id', opened='e.opened_at')})"


class Asked(msgspec.Struct, frozen=True):
    """`EPISODES` with its conditions, and the values of these."""

    sql: str
    values: list[Any]


Add = Callable[..., None]


def episodes(
    period: Period,
    wanted: ReportFilter,
    after: tuple[Any, ...] | None = None,
    *,
    newest: bool = False,
) -> Asked:
    """The episodes that were opened in the period. `after`: only those behind that one, or with `newest` before it."""
    conditions: list[str] = []
    values: list[Any] = []

    def add(condition: str, *given: Any) -> None:
        numbers = [f"${len(values) + place + 1}" for place in range(len(given))]
        conditions.append(condition.format(*numbers))
        values.extend(given)

    add("e.opened_at >= {} AND e.opened_at < {}", period.begins, period.ends)
    if after:
        side = "<" if newest else ">"
        add(f"(e.opened_at, e.conversation_id, e.number) {side} ({{}}, {{}}, {{}})", *after)
    _filter(add, wanted)
    return Asked(EPISODES.replace("/* conditions */", " AND ".join(conditions)), values)


def _filter(add: Add, wanted: ReportFilter) -> None:
    if wanted.having:
        add(_HAS[wanted.having])
    if wanted.rating:
        add("e.rating = {}", wanted.rating)
    if wanted.country:
        add(f"{_COUNTRY} = {{}}", wanted.country)
    if wanted.since:
        add("e.opened_at >= {}", wanted.since)
    if wanted.until:
        add("e.opened_at < {}", wanted.until)
    if wanted.status:
        add(f"{_STATUS} = {{}}", wanted.status)
    if wanted.channel_id:
        add("c.channel_id = {}", wanted.channel_id)
    if wanted.label_id:
        add("(c.label_ids || p.label_ids) @> ARRAY[{}::uuid]", wanted.label_id)
    if wanted.agent_id:
        add(f"{LOG['agent_ids']} @> ARRAY[{{}}::uuid]", wanted.agent_id)
    if wanted.team_id:
        add(f"{LOG['team_ids']} @> ARRAY[{{}}::uuid]", wanted.team_id)


_SPREAD = """
count({0}) AS {1}_count, coalesce(sum({0}), 0)::bigint AS {1}_total,
percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY {0}) AS {1}_shares
"""

_FIGURES = f"""
count(*) AS episodes, count(*) FILTER (WHERE answered) AS answered, count(*) FILTER (WHERE closed) AS closed,
coalesce(sum(visitor_messages), 0)::bigint AS visitor_messages,
coalesce(sum(agent_messages), 0)::bigint AS agent_messages,
count(rating) AS rated, avg(rating)::float8 AS rating_mean,
{_SPREAD.format("first_response_seconds", "first_response")},
{_SPREAD.format("waiting_seconds", "waiting")},
{_SPREAD.format("handling_seconds", "handling")}
"""


# What is counted of each episode: no wider than that, and already what percentiles are made of.
_COUNTED = """
status COLLATE "C" AS status, channel_id, agent_ids, rating, first_response_at IS NOT NULL AS answered,
closed_at IS NOT NULL AS closed, visitor_messages::integer, agent_messages::integer,
first_response_seconds::float8, waiting_seconds::float8, handling_seconds::float8
"""


def figures_sql(asked: Asked) -> str:
    """The figures of all of them together."""
    return f"SELECT {_FIGURES} FROM (SELECT {_COUNTED} FROM ({asked.sql}) AS f) AS told"


def dashboard_sql(asked: Asked) -> str:
    """All groups in one statement, and so at one instant. The last value is the beginnings of the parts of time.

    `told` is sorted once for each group, and its rows are narrow for that.
    """
    place = len(asked.values) + 1
    return f"""
    WITH told AS MATERIALIZED (
        SELECT {_COUNTED}, width_bucket(f.opened_at, ${place}::timestamptz[]) AS part FROM ({asked.sql}) AS f
    )
    SELECT CASE GROUPING(part, status, channel_id, rating) WHEN 15 THEN 'all' WHEN 7 THEN 'part' WHEN 11 THEN 'status'
                WHEN 13 THEN 'channel' ELSE 'rating' END AS kind, part, status, channel_id AS id, rating, {_FIGURES}
    FROM told GROUP BY GROUPING SETS ((), (part), (status), (channel_id), (rating))
    UNION ALL
    SELECT 'agent', NULL, NULL, agent_id, NULL, {_FIGURES}
    FROM told CROSS JOIN unnest(told.agent_ids) AS agent_id GROUP BY agent_id
    """
