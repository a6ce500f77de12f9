"""Episodes row by row, and the additional fields of people: what files and tables are made of."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta

from alongside.domains.reports import figures
from alongside.domains.reports.logic import Period
from alongside.domains.reports.schemas import EpisodeList, EpisodeRow, ReportFilter
from alongside.kit.paging import read_place, write_place
from alongside.platform.db import Database, Reading, Row
from alongside.platform.errors import Invalid

AT_ONCE = 1_000

_VISIT = figures.VISIT.format(contact="f.contact_id", channel="f.channel_id", opened="f.opened_at")

COUNTRIES = "SELECT DISTINCT country FROM visit WHERE country <> '' ORDER BY country"

FIELDS_OF = """
SELECT contact_id, field_id, value, set_at FROM contact_field
WHERE contact_id = ANY($1) AND field_id = ANY($2) AND value IS NOT NULL
"""

# Whoever became known better in the period, and by what.
GATHERED = """
SELECT p.id AS contact_id, coalesce(p.name, p.claims ->> 'name') AS customer, p.number AS customer_number, p.email,
       p.phone
FROM contact p
WHERE p.merged_into IS NULL AND p.number > $4 AND EXISTS (
    SELECT FROM contact_field v WHERE v.contact_id = p.id AND v.field_id = ANY($3) AND v.value IS NOT NULL
      AND v.set_at >= $1 AND v.set_at < $2)
ORDER BY p.number LIMIT $5
"""
LAST_NUMBER = "SELECT coalesce(max(number), 0) FROM contact"


class EpisodePlace(msgspec.Struct, frozen=True, array_like=True):
    """The last row of a page of episodes."""

    opened_at: Annotated[datetime, Meta(tz=True)]
    conversation_id: UUID
    episode: Annotated[int, Meta(ge=0, le=2**31 - 1)]


def _around(page: str, direction: str) -> str:
    """A page of episodes `f`, and around each: who and where."""
    return f"""
SELECT f.*, coalesce(p.name, p.claims ->> 'name') AS customer, p.number AS customer_number, p.email,
       coalesce(nullif(visit.language, ''), o.language) AS language, visit.timezone AS visitor_time_zone,
       visit.start_page, visit.country, visit.city
FROM ({page}) AS f
JOIN contact o ON o.id = f.contact_id
JOIN contact p ON p.id = f.person_id
LEFT JOIN LATERAL (
    SELECT v.language, v.timezone, nullif(v.country, '') AS country, nullif(v.city, '') AS city,
           (SELECT s.url FROM page_view s WHERE s.visit_id = v.id AND s.at <= f.opened_at ORDER BY s.at DESC LIMIT 1)
               AS start_page
    {_VISIT}
) AS visit ON true
ORDER BY f.opened_at {direction}, f.conversation_id {direction}, f.episode {direction}
"""


async def episode_rows(
    reading: Reading,
    period: Period,
    wanted: ReportFilter,
    after: EpisodePlace | None,
    limit: int,
    *,
    newest: bool = False,
) -> list[Row]:
    """Episodes in the order in which they were opened, or the newest first, with who and where."""
    place = (after.opened_at, after.conversation_id, after.episode) if after else None
    asked = figures.episodes(period, wanted, place, newest=newest)
    direction = "DESC" if newest else "ASC"
    order = f"ORDER BY e.opened_at {direction}, e.conversation_id {direction}, e.number {direction}"
    page = f"{asked.sql} {order} LIMIT ${len(asked.values) + 1}"
    return await reading.rows(_around(page, direction), *asked.values, limit)


async def episode_page(
    reading: Reading, period: Period, wanted: ReportFilter, cursor: str | None, limit: int, *, newest: bool = False
) -> EpisodeList:
    """A page for the screen. Raises `Invalid` for a cursor that was not made here."""
    try:
        after = read_place(cursor, EpisodePlace) if cursor else None
    except ValueError:
        raise Invalid("bad-cursor", "This cursor was not made for this list. Start again without one.") from None
    found = await episode_rows(reading, period, wanted, after, limit + 1, newest=newest)
    rows = found[:limit]
    more = len(found) > limit
    return EpisodeList([_episode(row) for row in rows], write_place(place_of(rows[-1])) if more else None)


async def every_episode(
    database: Database, period: Period, wanted: ReportFilter, after: EpisodePlace | None
) -> AsyncIterator[list[Row]]:
    """All episodes, some hundreds at a time. Each part is read in a moment of its own: a slow reader holds nothing.

    An episode's place never changes, so nothing comes twice; what was erased meanwhile does not come at all. While one
    part is written, PostgreSQL reads the next.
    """

    async def read(place: EpisodePlace | None) -> list[Row]:
        async with database.reading() as reading:
            return await episode_rows(reading, period, wanted, place, AT_ONCE)

    reading = asyncio.create_task(read(after))
    try:
        while rows := await reading:
            if len(rows) == AT_ONCE:
                reading = asyncio.create_task(read(place_of(rows[-1])))
                await asyncio.sleep(0)  # so that it is asked before anything is written
            yield rows
            if len(rows) < AT_ONCE:
                return
    finally:
        reading.cancel()


async def every_gathering(
    database: Database, period: Period, field_ids: Sequence[UUID], after: int
) -> AsyncIterator[list[Row]]:
    """All contacts of whom one of these fields was learned in the period, some hundreds at a time, by number."""
    while True:
        async with database.reading() as reading:
            rows = await reading.rows(GATHERED, period.begins, period.ends, list(field_ids), after, AT_ONCE)
        if rows:
            yield rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1]["customer_number"]


async def fields_of(
    reading: Reading, contact_ids: Sequence[UUID], field_ids: Sequence[UUID]
) -> dict[UUID, dict[UUID, tuple[Any, datetime]]]:
    """Values of fields and when they were learned, by contact."""
    found: dict[UUID, dict[UUID, tuple[Any, datetime]]] = {each: {} for each in contact_ids}
    for row in await reading.rows(FIELDS_OF, list(found), list(field_ids)):
        found[row["contact_id"]][row["field_id"]] = (row["value"], row["set_at"])
    return found


async def countries(reading: Reading) -> list[str]:
    """Where visitors were, as far as their visits are kept."""
    return [row["country"] for row in await reading.rows(COUNTRIES)]


async def last_number(reading: Reading) -> int:
    """The number of the newest contact."""
    number: int = await reading.value(LAST_NUMBER)
    return number


def place_of(row: Row) -> EpisodePlace:
    """Where a row of `episode_rows` stands."""
    return EpisodePlace(row["opened_at"], row["conversation_id"], row["episode"])


def _episode(row: Row) -> EpisodeRow:
    names = (name for name in EpisodeRow.__struct_fields__ if name not in {"link", "label_ids"})
    return EpisodeRow(
        **{name: row[name] for name in names},
        link=link_of(row),
        label_ids=list(dict.fromkeys(row["label_ids"])),
    )


def link_of(row: Row) -> str:
    """Where an episode begins, as a path of the console."""
    return f"/console/inbox/{row['conversation_id']}?at={row['first_seq']}"
