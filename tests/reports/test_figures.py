"""The figures are those of the log, on the screen, row by row, and in the CSV."""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import NewChannel
from alongside.domains.reports import queries
from alongside.domains.reports.figure_schemas import Dashboard, Figures
from alongside.domains.reports.logic import period_of
from alongside.domains.reports.schemas import EpisodeRow, ReportFilter
from tests.reports.stories import Step, live, recomputed, some_steps, spread
from tests.world import Browser, World

WHOLE = period_of(date(2026, 3, 1), date(2026, 4, 30), "Europe/Berlin")
FIELDS = Figures.__struct_fields__
NOTHING = ReportFilter()


async def rows_of(
    world: World, wanted: ReportFilter = NOTHING, period: Any = WHOLE, *, newest: bool = False
) -> list[EpisodeRow]:
    """All, by pages of three, so that the places between them are tested too."""
    found: list[EpisodeRow] = []
    cursor = None
    while True:
        async with world.database.reading() as reading:
            page = await queries.episode_page(reading, period, wanted, cursor, 3, newest=newest)
        found += page.rows
        cursor = page.next_cursor
        if cursor is None:
            return found


async def dashboard_of(world: World, wanted: ReportFilter = NOTHING, period: Any = WHOLE) -> Dashboard:
    async with world.database.snapshot() as reading:
        return await queries.dashboard(reading, period, wanted)


def figures_of(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """What `Figures` must say of recomputed rows."""
    told = list(rows)
    ratings = [row["rating"] for row in told if row["rating"]]
    return {
        "episodes": len(told),
        "answered": sum(row["first_response_at"] is not None for row in told),
        "closed": sum(row["closed_at"] is not None for row in told),
        "visitor_messages": sum(row["visitor_messages"] for row in told),
        "agent_messages": sum(row["agent_messages"] for row in told),
        "rated": len(ratings),
        "rating_mean": pytest.approx(sum(ratings) / len(ratings)) if ratings else None,
        "first_response": spread([row["first_response_seconds"] for row in told]),
        "waiting": spread([row["waiting_seconds"] for row in told]),
        "handling": spread([row["handling_seconds"] for row in told]),
    }


def plain(figures: Figures) -> dict[str, Any]:
    """As JSON, percentiles as near as floating point comes to them."""
    told: dict[str, Any] = msgspec.to_builtins(figures)
    for name in ("first_response", "waiting", "handling"):
        for share in ("median", "p90"):
            if told[name][share] is not None:
                told[name][share] = pytest.approx(told[name][share])
    return told


async def test_known_answers(world: World) -> None:
    """One conversation with two episodes: answered after 60 s, asked again, closed; reopened, closed without a word."""
    began = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    async with world.database.work() as work:
        team = await agents.create_team(work, world.sol.actor, NewTeam(name="Repairs"))
    steps = [
        Step(0, "ask"),
        Step(20, "ask"),
        Step(10, "note"),
        Step(10, "give", world.sol, (None, team.id)),
        Step(20, "answer", world.ada),  # waited 60
        Step(300, "ask"),
        Step(40, "close", world.ben),  # waited 40, closed after 400
        Step(1_000, "ask"),
        Step(100, "status", world.ada, "done"),
    ]
    conversation_id = await live(world, began, steps)
    first, second = await rows_of(world)
    assert (first.conversation_id, first.episode, second.episode) == (conversation_id, 1, 2)
    assert first.first_response_seconds == 60
    assert first.waiting_seconds == 100
    assert first.handling_seconds == 340
    assert first.resolution_seconds == 400
    assert set(first.agent_ids) == {world.ada.id, world.ben.id}
    assert first.team_ids == second.team_ids == [team.id], "who held it before holds it when it is reopened"
    assert first.assigned_ids == []
    assert (first.visitor_messages, first.agent_messages, first.notes) == (3, 2, 1)
    assert first.link == f"/console/inbox/{conversation_id}?at=1"
    assert second.link == f"/console/inbox/{conversation_id}?at=8"
    assert (second.first_response_seconds, second.handling_seconds, second.agent_ids) == (None, None, [])
    assert (second.waiting_seconds, second.resolution_seconds, second.status) == (100, 100, "done")
    told = (await dashboard_of(world)).figures
    assert (told.episodes, told.answered, told.closed) == (2, 1, 2)
    assert (told.first_response.median, told.waiting.total, told.handling.p90) == (60, 200, 340)


async def test_who_waits_still_is_not_summed_and_answers_behind_the_end_are_no_handling(world: World) -> None:
    began = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    await live(world, began, [Step(0, "ask"), Step(50, "ask")])
    await live(world, began, [Step(1, "ask"), Step(10, "status", None, "done"), Step(30, "answer")])
    waiting, late = await rows_of(world)
    assert (waiting.waiting_seconds, waiting.first_response_seconds, waiting.status) == (None, None, "unread")
    assert (late.waiting_seconds, late.first_response_seconds) == (10, 40)
    assert (late.handling_seconds, late.resolution_seconds, late.status) == (None, 10, "done")
    told = await dashboard_of(world)
    assert told.figures.waiting.count == 1, "who waits still draws no median down"
    assert (told.open_now.unread, told.open_now.unresolved) == (2, 0), "Vera's and this one, whatever the period"


async def test_all_figures_agree_with_the_log_read_entry_by_entry(world: World, seed: int) -> None:
    """Rows, dashboard and each of its groups, under every filter, for wild conversations around a change of clocks."""
    chance = random.Random(seed)
    async with world.database.work() as work:
        teams = [(await agents.create_team(work, world.sol.actor, NewTeam(name=name))).id for name in ("A", "B")]
        other = await channels.create_channel(work, world.sol.actor, NewChannel(name="Other"))
    for _ in range(30):
        began = datetime(2026, 3, 26, tzinfo=UTC) + timedelta(seconds=chance.randrange(6 * 86_400))
        channel_id = other.id if chance.random() < 0.3 else None
        await live(world, began, some_steps(world, chance, teams), channel_id)
    truth = await recomputed(world)
    inside = {key: row for key, row in truth.items() if WHOLE.begins <= row["opened_at"] < WHOLE.ends}
    assert len(inside) >= 30
    assert (await rows_of(world, newest=True))[::-1] == await rows_of(world)
    for row in await rows_of(world):
        told, wanted = (
            msgspec.to_builtins(row, builtin_types=(UUID, datetime)),
            inside[row.conversation_id, row.episode],
        )
        for name, value in wanted.items():
            assert (set(told[name]) if isinstance(value, set) else told[name]) == value, (name, wanted)
    filters: list[tuple[ReportFilter, Any]] = [
        (NOTHING, lambda row: True),
        *((ReportFilter(status=each), lambda row, each=each: row["status"] == each) for each in ("unread", "done")),
        (ReportFilter(channel_id=other.id), lambda row: row["channel_id"] == other.id),
        (ReportFilter(rating=5), lambda row: row["rating"] == 5),
        (ReportFilter(agent_id=world.ben.id), lambda row: world.ben.id in row["agent_ids"]),
        (ReportFilter(team_id=teams[0]), lambda row: teams[0] in row["team_ids"]),
    ]
    for wanted, keeps in filters:
        kept = [row for row in inside.values() if keeps(row)]
        assert len(await rows_of(world, wanted)) == len(kept)
        _compare(await dashboard_of(world, wanted), kept)


def _compare(told: Dashboard, kept: Sequence[dict[str, Any]]) -> None:
    assert plain(told.figures) == figures_of(kept)
    groups: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in kept:
        groups["status", row["status"]].append(row)
        groups["channel", row["channel_id"]].append(row)
        if row["rating"]:
            groups["rating", row["rating"]].append(row)
        groups["day", row["opened_at"].astimezone(WHOLE.zone).date()].append(row)
        for agent_id in row["agent_ids"]:
            groups["agent", agent_id].append(row)
    found = {
        **{("status", each.status): each.figures for each in told.by_status},
        **{("rating", each.rating): each.figures for each in told.by_rating},
        **{("channel", each.channel_id): each.figures for each in told.by_channel},
        **{("agent", each.agent_id): each.figures for each in told.by_agent},
        **{("day", each.begins.astimezone(WHOLE.zone).date()): each.figures for each in told.over_time},
    }
    assert len(told.over_time) == 61
    empty = {key for key, figures in found.items() if not figures.episodes}
    assert {key for key in empty if key[0] != "day"} == set()
    assert set(found) - empty == set(groups)
    for key, rows in groups.items():
        assert plain(found[key]) == figures_of(rows), key


async def test_screen_rows_and_file_tell_the_same(world: World, browser: Browser) -> None:
    """The sums of the CSV, the dashboard of the API and the rows of the table."""
    chance = random.Random(7)
    for number in range(8):
        began = datetime(2026, 3, 28, 12, number, tzinfo=UTC)
        await live(world, began, some_steps(world, chance, []))
    browser.be(world.sol)
    question = "first=2026-03-01&last=2026-04-30&zone=America/New_York"
    told = (await browser.get(f"/reports/dashboard?{question}")).json()["figures"]
    answer = await browser.get(f"/reports/conversations?{question}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    page = (await browser.get(f"/reports/episodes?{question}&limit=200")).json()["rows"]
    assert told["episodes"] == len(rows) == len(page)
    for figure, column in (
        ("first_response", "first_response_seconds"),
        ("waiting", "waiting_seconds"),
        ("handling", "handling_seconds"),
    ):
        expected = spread([int(row[column]) if row[column] else None for row in rows])
        assert expected == spread([row[column] for row in page])
        assert told[figure] == {name: pytest.approx(value) for name, value in expected.items()}
    for name in ("visitor_messages", "agent_messages"):
        assert told[name] == sum(int(row[name]) for row in rows)
    assert told["rated"] == sum(bool(row["rating"]) for row in rows)
    assert told["closed"] == sum(bool(row["closed_at"]) for row in rows)
    assert [row["opened_at"][-6:] for row in rows] == ["-04:00"] * len(rows)


async def test_what_is_erased_meanwhile_is_in_no_report(world: World, browser: Browser) -> None:
    began = datetime(2026, 3, 10, tzinfo=UTC)
    gone, kept = [await live(world, began, [Step(0, "ask"), Step(60, "answer")]) for _ in range(2)]
    browser.be(world.sol)
    async with world.database.reading() as reading:
        contact_id = await reading.value("SELECT contact_id FROM conversation WHERE id = $1", gone)
    first = (await browser.get("/reports/episodes?first=2026-03-01&last=2026-03-31&limit=1")).json()
    assert (await browser.delete(f"/contacts/{contact_id}")).status_code == 204
    cursor = first["next_cursor"]
    rest = (await browser.get(f"/reports/episodes?first=2026-03-01&last=2026-03-31&cursor={cursor}")).json()["rows"]
    seen = {row["conversation_id"] for row in rest}
    assert str(gone) not in seen
    told = (await browser.get("/reports/dashboard?first=2026-03-01&last=2026-03-31")).json()
    assert told["figures"]["episodes"] == 1
    assert str(kept) in seen | {first["rows"][0]["conversation_id"]}
