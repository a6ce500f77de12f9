"""How often rules matched."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.actionrules.schemas import AllMatches, DayMatches, RuleMatches
from alongside.domains.rules.schemas import RuleKind
from alongside.platform.db import Reading

DAYS_SHOWN = 30
# The day of the company's calendar.
TODAY = "(now() AT TIME ZONE (SELECT time_zone FROM workspace))::date"

TOTALS = f"""
SELECT r.id, r.name, coalesce(sum(d.matches), 0)::bigint AS total,
       coalesce(sum(d.matches) FILTER (WHERE d.day = {TODAY}), 0)::bigint AS today
FROM rule r LEFT JOIN action_rule_day d ON d.rule_id = r.id
WHERE r.kind = $1 AND ($2::uuid IS NULL OR r.id = $2)
GROUP BY r.id ORDER BY r.position, r.id
"""

DAYS = "SELECT day, matches FROM action_rule_day WHERE rule_id = $1 ORDER BY day DESC LIMIT $2"


async def all_matches(reading: Reading, kind: RuleKind) -> AllMatches:
    """How often each rule of the kind matched."""
    rows = await reading.rows(TOTALS, kind, None)
    return AllMatches(
        [
            RuleMatches(rule_id=row["id"], name=row["name"], total=row["total"], today=row["today"], days=[])
            for row in rows
        ]
    )


async def matches(reading: Reading, kind: RuleKind, rule_id: UUID) -> RuleMatches | None:
    """How often one rule matched, with its last days."""
    row = await reading.row(TOTALS, kind, rule_id)
    if row is None:
        return None
    days = [DayMatches(day["day"], day["matches"]) for day in await reading.rows(DAYS, rule_id, DAYS_SHOWN)]
    return RuleMatches(rule_id=row["id"], name=row["name"], total=row["total"], today=row["today"], days=days)
