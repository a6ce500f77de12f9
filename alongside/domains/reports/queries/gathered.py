"""Gathered information on the screen: what was learned of whom, and how often each answer was given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from alongside.domains.fields.schemas import Field
from alongside.domains.reports.gathered_schemas import (
    AnswerCount,
    FieldFigures,
    GatheredFigures,
    GatheredList,
    GatheredRow,
    NumberFigures,
)
from alongside.domains.reports.logic import Period
from alongside.domains.reports.queries.episodes import FIELDS_OF, GATHERED
from alongside.platform.db import Reading, Row

COUNTED = ("choice", "choices", "yes_no")
BARS = 10

# What was learned in the period, as the file has it: `GATHERED` asks the same of contacts.
_LEARNED = """
FROM contact_field v JOIN contact p ON p.id = v.contact_id AND p.merged_into IS NULL
WHERE v.field_id = ANY($3) AND v.value IS NOT NULL AND v.set_at >= $1 AND v.set_at < $2
"""
KNOWN = f"SELECT v.field_id, count(*) AS known {_LEARNED} GROUP BY v.field_id"
PEOPLE = f"SELECT count(DISTINCT v.contact_id) {_LEARNED}"
ANSWERS = f"""
SELECT field_id, answer, count(*) AS count
FROM (SELECT v.field_id, v.value {_LEARNED}) AS learned
CROSS JOIN LATERAL jsonb_array_elements_text(
    CASE jsonb_typeof(value) WHEN 'array' THEN value ELSE jsonb_build_array(value) END) AS answer
GROUP BY field_id, answer ORDER BY count DESC, answer LIMIT 2000
"""
# Ten bars of one width from the least to the most; one bar where all are the same.
NUMBERS = f"""
WITH learned AS (SELECT v.field_id, (v.value #>> '{{}}')::float8 AS number {_LEARNED}),
told AS (
    SELECT field_id, min(number) AS least, max(number) AS most, avg(number) AS mean,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY number) AS median
    FROM learned GROUP BY field_id
)
SELECT t.*, ARRAY(
    SELECT count(l.number) FROM generate_series(1, CASE WHEN t.most > t.least THEN {BARS} ELSE 1 END) AS bar
    LEFT JOIN learned l ON l.field_id = t.field_id AND bar = CASE WHEN t.most > t.least
        THEN least({BARS}, 1 + floor((l.number - t.least) / (t.most - t.least) * {BARS}))::int ELSE 1 END
    GROUP BY bar ORDER BY bar) AS bars
FROM told t
"""


async def gathered_page(
    reading: Reading, period: Period, fields: Sequence[Field], after: int, limit: int
) -> GatheredList:
    """A page of the contacts of whom something was learned in the period, by their numbers, with just that."""
    ids = [field.id for field in fields]
    found = await reading.rows(GATHERED, period.begins, period.ends, ids, after, limit + 1)
    rows = found[:limit]
    values: dict[UUID, dict[UUID, Any]] = {row["contact_id"]: {} for row in rows}
    moments: dict[UUID, Any] = {}
    for each in await reading.rows(FIELDS_OF, list(values), ids):
        if period.begins <= each["set_at"] < period.ends:
            values[each["contact_id"]][each["field_id"]] = each["value"]
            moments[each["contact_id"]] = max(each["set_at"], moments.get(each["contact_id"], each["set_at"]))
    told = [_row(row, values[row["contact_id"]], moments.get(row["contact_id"])) for row in rows]
    return GatheredList(told, rows[-1]["customer_number"] if len(found) > limit else None)


async def known_of(reading: Reading, period: Period, fields: Sequence[Field]) -> dict[UUID, int]:
    """Of how many contacts each of these fields was learned in the period."""
    rows = await reading.rows(KNOWN, period.begins, period.ends, [field.id for field in fields])
    return {row["field_id"]: row["known"] for row in rows}


async def gathered_figures(reading: Reading, period: Period, fields: Sequence[Field]) -> GatheredFigures:
    """How often each of these fields was learned in the period, and which answers; `reading` must be a snapshot."""

    async def ask(sql: str, chosen: Sequence[Field]) -> list[Row]:
        return await reading.rows(sql, period.begins, period.ends, [field.id for field in chosen])

    counted = [field for field in fields if field.kind in COUNTED]
    numeric = [field for field in fields if field.kind == "number"]
    known = await known_of(reading, period, fields)
    answers: dict[UUID, list[AnswerCount]] = {}
    for row in await ask(ANSWERS, counted):
        answers.setdefault(row["field_id"], []).append(AnswerCount(row["answer"], row["count"]))
    numbers = {row["field_id"]: _numbers(row) for row in await ask(NUMBERS, numeric)}
    (people,) = await ask(PEOPLE, fields)
    return GatheredFigures(
        period=period.told(),
        contacts=people[0],
        fields=[
            FieldFigures(
                field_id=field.id,
                known=known.get(field.id, 0),
                answers=answers.get(field.id, []),
                numbers=numbers.get(field.id),
            )
            for field in fields
        ],
    )


def _numbers(row: Row) -> NumberFigures:
    return NumberFigures(
        least=row["least"], most=row["most"], mean=row["mean"], median=row["median"], bars=list(row["bars"])
    )


def _row(row: Row, values: dict[UUID, Any], at: Any) -> GatheredRow:
    return GatheredRow(
        contact_id=row["contact_id"],
        customer=row["customer"],
        customer_number=row["customer_number"],
        gathered_at=at,
        values=values,
    )
