"""The figures of episodes in SQL: the only place where they are computed. docs/reports.md says the same in words.

Every question about episodes selects from `EPISODES`, so the screen, the rows and the CSV cannot disagree. Durations
are rounded to seconds here, before anything is summed or sorted, for the same reason.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from alongside.domains.reports.logic import Period
from alongside.domains.reports.schemas import ReportFilter

# Of one episode `e` of conversation `c`, from its part of the log: entries from its first number to the next episode's.
#
# A visitor's message asks; an agent's answers. Waiting begins with a question and ends with the next answer, or when a
# person sets the status to something else than Unread. `next_at` is the next moment that counts for it; questions
# behind the last end are still waiting and not summed.
_LOG = """
SELECT min(at) FILTER (WHERE answers) AS first_response_at,
       coalesce(array_agg(DISTINCT author_id) FILTER (WHERE answers), '{}') AS agent_ids,
       count(*) FILTER (WHERE asks) AS visitor_messages,
       count(*) FILTER (WHERE answers) AS agent_messages,
       count(*) FILTER (WHERE kind = 'note') AS notes,
       sum(next_at - at) FILTER (WHERE asks AND seq < last_end) AS waited
FROM (
    SELECT *, lead(at) OVER (PARTITION BY asks OR ends ORDER BY seq) AS next_at,
           max(seq) FILTER (WHERE ends) OVER () AS last_end
    FROM (
        SELECT t.seq, t.at, t.kind, t.author_id, t.kind = 'message' AND t.author_kind = 'visitor' AS asks,
               t.kind = 'message' AND t.author_kind = 'agent' AS answers,
               (t.kind = 'message' AND t.author_kind = 'agent') OR coalesce(t.status <> 'unread', false) AS ends
        FROM entry t
        WHERE t.conversation_id = e.conversation_id AND t.seq >= e.first_seq
          AND t.seq < coalesce(after.first_seq, c.last_seq + 1)
    ) AS marked
) AS ordered
"""

# Who held it while it ran: whoever had it when it began, and everybody to whom it was given.
_HELD = """
SELECT coalesce(array_agg(DISTINCT (t.data ->> 'agent_id')::uuid) FILTER (WHERE t.data ->> 'agent_id' IS NOT NULL),
                '{}') AS assigned_ids,
       coalesce(array_agg(DISTINCT (t.data ->> 'team_id')::uuid) FILTER (WHERE t.data ->> 'team_id' IS NOT NULL),
                '{}') AS team_ids
FROM entry t
WHERE t.conversation_id = e.conversation_id AND t.kind = 'assignment'
  AND t.seq >= coalesce((SELECT max(b.seq) FROM entry b WHERE b.conversation_id = e.conversation_id
                         AND b.kind = 'assignment' AND b.seq < e.first_seq), e.first_seq)
  AND t.seq < coalesce(after.first_seq, c.last_seq + 1)
"""

_STATUS = "CASE WHEN e.done_at IS NULL THEN c.status ELSE 'done' END"

EPISODES = f"""
SELECT e.conversation_id, e.number AS episode, e.first_seq, e.opened_at, e.done_at AS closed_at, c.channel_id,
       p.id AS person_id, c.contact_id, c.label_ids || p.label_ids AS label_ids, {_STATUS} AS status,
       log.first_response_at, log.agent_ids, log.visitor_messages, log.agent_messages, log.notes,
       round(extract(epoch FROM log.first_response_at - e.opened_at))::bigint AS first_response_seconds,
       round(extract(epoch FROM log.waited))::bigint AS waiting_seconds,
       CASE WHEN log.first_response_at <= e.done_at
            THEN round(extract(epoch FROM e.done_at - log.first_response_at))::bigint END AS handling_seconds,
       round(extract(epoch FROM e.done_at - e.opened_at))::bigint AS resolution_seconds/* held */
FROM episode e
JOIN conversation c ON c.id = e.conversation_id AND c.last_seq > 0
JOIN contact o ON o.id = c.contact_id
JOIN contact p ON p.id = o.person_id
LEFT JOIN episode after ON after.conversation_id = e.conversation_id AND after.number = e.number + 1
CROSS JOIN LATERAL ({_LOG}) AS log/* hold */
WHERE /* conditions */
"""


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
    held: bool = True,
    newest: bool = False,
) -> Asked:
    """The episodes that were opened in the period. `after`: only those behind that one, or with `newest` before it.

    Without `held` nobody asks who held them, unless the filter does.
    """
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
    held = held or wanted.team_id is not None
    sql = EPISODES.replace("/* conditions */", " AND ".join(conditions))
    if held:
        sql = sql.replace("/* held */", ", held.assigned_ids, held.team_ids")
        sql = sql.replace("/* hold */", f"\nCROSS JOIN LATERAL ({_HELD}) AS held")
    return Asked(sql, values)


def _filter(add: Add, wanted: ReportFilter) -> None:
    if wanted.status:
        add(f"{_STATUS} = {{}}", wanted.status)
    if wanted.channel_id:
        add("c.channel_id = {}", wanted.channel_id)
    if wanted.label_id:
        add("(c.label_ids || p.label_ids) @> ARRAY[{}::uuid]", wanted.label_id)
    if wanted.agent_id:
        add("log.agent_ids @> ARRAY[{}::uuid]", wanted.agent_id)
    if wanted.team_id:
        add("held.team_ids @> ARRAY[{}::uuid]", wanted.team_id)


_SPREAD = """
count({0}) AS {1}_count, coalesce(sum({0}), 0)::bigint AS {1}_total,
percentile_cont(0.5) WITHIN GROUP (ORDER BY {0}) AS {1}_median,
percentile_cont(0.9) WITHIN GROUP (ORDER BY {0}) AS {1}_p90
"""

_FIGURES = f"""
count(*) AS episodes, count(first_response_at) AS answered, count(closed_at) AS closed,
coalesce(sum(visitor_messages), 0)::bigint AS visitor_messages,
coalesce(sum(agent_messages), 0)::bigint AS agent_messages,
{_SPREAD.format("first_response_seconds", "first_response")},
{_SPREAD.format("waiting_seconds", "waiting")},
{_SPREAD.format("handling_seconds", "handling")}
"""


def dashboard_sql(asked: Asked) -> str:
    """All groups in one statement, and so at one instant. The last value is the beginnings of the parts of time."""
    place = len(asked.values) + 1
    return f"""
    WITH told AS MATERIALIZED (
        SELECT f.*, width_bucket(f.opened_at, ${place}::timestamptz[]) AS part FROM ({asked.sql}) AS f
    )
    SELECT CASE GROUPING(part, status, channel_id) WHEN 7 THEN 'all' WHEN 3 THEN 'part' WHEN 5 THEN 'status'
                ELSE 'channel' END AS kind, part, status, channel_id AS id, {_FIGURES}
    FROM told GROUP BY GROUPING SETS ((), (part), (status), (channel_id))
    UNION ALL
    SELECT 'agent', NULL, NULL, agent_id, {_FIGURES}
    FROM told CROSS JOIN unnest(told.agent_ids) AS agent_id GROUP BY agent_id
    """
