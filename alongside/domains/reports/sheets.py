"""Reports as CSV: what stands in each cell. No cell is a formula to a spreadsheet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from alongside.domains.agents import queries as agents
from alongside.domains.channels import queries as channels
from alongside.domains.fields import queries as fields
from alongside.domains.fields.logic import write_text
from alongside.domains.labels import queries as labels
from alongside.domains.reports import logic, queries
from alongside.domains.reports.logic import Period
from alongside.domains.reports.queries import EpisodePlace
from alongside.domains.reports.schemas import Report, ReportFilter
from alongside.domains.reports.times_schemas import SpanFilter
from alongside.kit.csv import BOM, Cell, write_row, write_rows
from alongside.kit.paging import read_place, write_place
from alongside.platform.db import Database, Reading, Row

# What stands in a cell as names: ids of the row, and whose they are.
_LISTED = {
    "agents": ("agent_ids", "agents"),
    "assigned_agents": ("assigned_ids", "agents"),
    "teams": ("team_ids", "teams"),
    "labels": ("label_ids", "labels"),
}
_MOMENTS = {"opened_at", "first_response_at", "closed_at"}
_IDS = {"conversation_id", "contact_id"}
SPAN_COLUMNS = ("agent", "kind", "began_at", "ended_at", "seconds", "running")

Values = Mapping[UUID, tuple[Any, datetime]]
# What stands in a cell, of a row and what is known of its person.
Write = Callable[[Row, Values], Cell]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A report and how it is written. `fields` are the ids of those fields that the asker may know."""

    report: Report
    period: Period
    filter: ReportFilter
    columns: Sequence[str]
    fields: frozenset[UUID]
    site: str


class Part(msgspec.Struct, frozen=True):
    """Some lines. `place` is where they end, and `progress`, 0 to 1, how much of the whole that is."""

    text: str
    rows: int
    place: str
    progress: float


class Names(msgspec.Struct, frozen=True):
    """What ids are called, and the fields of columns. Small, and read once a file."""

    agents: Mapping[UUID, str]
    teams: Mapping[UUID, str]
    labels: Mapping[UUID, str]
    channels: Mapping[UUID, str]
    fields: Mapping[str, UUID]


def heading(wish: Wish) -> str:
    """The first line."""
    return BOM + write_row(wish.columns)


async def parts(database: Database, wish: Wish, after: str | None = None) -> AsyncIterator[Part]:
    """The lines behind a place, some hundreds at a time."""
    async with database.reading() as reading:
        names = await _names(reading, wish.fields)
    written = _conversations if wish.report == "conversations" else _gathered
    async for part in written(database, wish, names, after):
        yield part


async def write(database: Database, wish: Wish) -> AsyncIterator[str]:
    """The whole file, as it is read."""
    yield heading(wish)
    async for part in parts(database, wish):
        yield part.text


async def write_spans(database: Database, period: Period, wanted: SpanFilter) -> AsyncIterator[str]:
    """When agents were logged in and online."""
    async with database.reading() as reading:
        names = {each.id: each.display_name for each in await agents.agents(reading)}
    yield BOM + write_row(SPAN_COLUMNS)
    async for spans in queries.every_span(database, period, wanted):
        yield "".join(
            write_row(
                (
                    names.get(each.agent_id, ""),
                    each.kind,
                    _moment(each.began_at, period.zone),
                    _moment(each.ended_at, period.zone),
                    round((each.ended_at - each.began_at).total_seconds()),
                    "yes" if each.running else "no",
                )
            )
            for each in spans
        )


async def _conversations(database: Database, wish: Wish, names: Names, after: str | None) -> AsyncIterator[Part]:
    place = read_place(after, EpisodePlace) if after else None
    whole, cells = (wish.period.ends - wish.period.begins).total_seconds(), _cells(wish, names)
    async for rows in queries.every_episode(database, wish.period, wish.filter, place):
        values = await _values(database, wish, [row["person_id"] for row in rows])
        lines = _lines(cells, ((row, values[row["person_id"]]) for row in rows))
        end = queries.place_of(rows[-1])
        progress = (end.opened_at - wish.period.begins).total_seconds() / whole
        yield Part(lines, len(rows), write_place(end), progress)


async def _gathered(database: Database, wish: Wish, names: Names, after: str | None) -> AsyncIterator[Part]:
    async with database.reading() as reading:
        whole = await queries.last_number(reading)
    cells = _cells(wish, names)
    async for rows in queries.every_gathering(database, wish.period, list(wish.fields), int(after or 0)):
        values = await _values(database, wish, [row["contact_id"] for row in rows])
        lines = _lines(cells, ((row, _in_period(values[row["contact_id"]], wish.period)) for row in rows))
        end = rows[-1]["customer_number"]
        yield Part(lines, len(rows), str(end), min(1.0, end / max(whole, 1)))


async def _values(
    database: Database, wish: Wish, people: Sequence[UUID]
) -> dict[UUID, dict[UUID, tuple[Any, datetime]]]:
    if not any(column.startswith(logic.FIELD) for column in wish.columns) and wish.report == "conversations":
        return {person: {} for person in people}
    async with database.reading() as reading:
        return await queries.fields_of(reading, people, list(wish.fields))


def _in_period(values: Values, period: Period) -> Values:
    return {field: each for field, each in values.items() if period.begins <= each[1] < period.ends}


def _cells(wish: Wish, names: Names) -> list[Write]:
    """How each column is written: settled once for a file, not anew for each of its cells."""
    return [_cell(column, wish, names) for column in wish.columns]


def _lines(cells: Sequence[Write], rows: Iterable[tuple[Row, Values]]) -> str:
    return write_rows([write(row, values) for write in cells] for row, values in rows)


def _cell(column: str, wish: Wish, names: Names) -> Write:
    zone = wish.period.zone
    if column.startswith(logic.FIELD):
        return _field(names.fields.get(column))
    if column in _LISTED:
        ids, kind = _LISTED[column]
        return _listed(ids, getattr(names, kind))
    own: dict[str, Write] = {
        "customer": lambda row, _: row["customer"] or f"Visitor {row['customer_number']}",
        "channel": lambda row, _: names.channels.get(row["channel_id"]),
        "link": lambda row, _: wish.site + queries.link_of(row),
        "gathered_at": lambda _, values: _moment(max((at for _, at in values.values()), default=None), zone),
    }
    if column in _MOMENTS:
        return lambda row, _: _moment(row[column], zone)
    if column in _IDS:
        return lambda row, _: str(row[column])
    return own.get(column, lambda row, _: row[column])


def _field(field_id: UUID | None) -> Write:
    def write(_: Row, values: Values) -> Cell:
        learned = values.get(field_id) if field_id else None
        return write_text(learned[0]) if learned else ""

    return write


def _listed(ids: str, known: Mapping[UUID, str]) -> Write:
    def write(row: Row, _: Values) -> Cell:
        found = row[ids]
        return "; ".join(sorted({known[each] for each in found if each in known})) if found else ""

    return write


def _moment(at: datetime | None, zone: ZoneInfo) -> str | None:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else None


async def _names(reading: Reading, known: frozenset[UUID]) -> Names:
    return Names(
        agents={each.id: each.display_name for each in await agents.agents(reading)},
        teams={each.id: each.name for each in await agents.teams(reading)},
        labels={each.id: each.name for each in await labels.labels(reading)},
        channels={each.id: each.name for each in await channels.channels(reading)},
        fields={logic.FIELD + each.key: each.id for each in await fields.fields(reading) if each.id in known},
    )
