"""When agents were there: spans without gaps and overlaps, also when a process dies."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.actions import presence
from alongside.domains.reports import queries
from alongside.domains.reports.logic import period_of
from alongside.domains.reports.times_schemas import SpanFilter
from alongside.platform.db import Row
from tests.world import Browser, World

DAY = timedelta(days=1)


async def spans(world: World, agent_id: UUID) -> list[Row]:
    async with world.database.reading() as reading:
        return await reading.rows("SELECT * FROM agent_span WHERE agent_id = $1 ORDER BY kind, began_at", agent_id)


async def rewind(world: World, agent_id: UUID, **seconds: int) -> None:
    """As if what happened until now had happened earlier."""
    async with world.database.work() as work:
        past = timedelta(**seconds)
        await work.run(
            """
            UPDATE agent_span SET began_at = began_at - $2::interval, ended_at = ended_at - $2::interval
            WHERE agent_id = $1
            """,
            agent_id,
            past,
        )
        await work.run("UPDATE agent SET lease_until = lease_until - $2::interval WHERE id = $1", agent_id, past)


async def add_span(world: World, agent_id: UUID, kind: str, at: datetime, seconds: int) -> None:
    async with world.database.work() as work:
        insert = "INSERT INTO agent_span (agent_id, kind, began_at, ended_at) VALUES ($1, $2, $3, $4)"
        await work.run(insert, agent_id, kind, at, at + timedelta(seconds=seconds))


async def test_spans_begin_and_end_with_presence(world: World) -> None:
    ada = world.ada
    await agents.extend_lease(world.database, ada.id)
    await agents.go_online(world.database, ada.actor, True)
    assert [(each["kind"], each["ended_at"]) for each in await spans(world, ada.id)] == [
        ("logged_in", None),
        ("online", None),
    ]
    await agents.extend_lease(world.database, ada.id)
    await agents.go_online(world.database, ada.actor, False)
    logged_in, online = await spans(world, ada.id)
    assert logged_in["ended_at"] is None
    assert online["ended_at"] > online["began_at"]
    await agents.sign_out(world.database, ada.actor)
    assert all(each["ended_at"] for each in await spans(world, ada.id))


async def test_who_vanishes_was_there_until_the_end_of_the_lease(world: World) -> None:
    """The process died, and all others with it: whoever looks hours later ends the span where the lease ended."""
    ada = world.ada
    await agents.extend_lease(world.database, ada.id)
    await rewind(world, ada.id, hours=3)
    async with world.database.reading() as reading:
        lease = await reading.value("SELECT lease_until FROM agent WHERE id = $1", ada.id)
    async with world.database.reading() as reading:
        today = datetime.now(UTC).date()
        told = await queries.agent_spans(reading, period_of(today - DAY, today + DAY, "UTC"), SpanFilter(ada.id))
    assert [(each.ended_at, each.running) for each in told.spans] == [(lease, False)], "told right before it is noticed"
    await agents.announce_presence_changes(world.database)
    (span,) = await spans(world, ada.id)
    assert span["ended_at"] == lease


async def test_who_returns_after_an_outage_has_a_gap_and_nobody_noticed_needs_to(world: World) -> None:
    """The console is back before any sweep: the old lease is not stretched over the hours without a server."""
    ada = world.ada
    await agents.extend_lease(world.database, ada.id)
    await agents.go_online(world.database, ada.actor, True)
    await rewind(world, ada.id, hours=3)
    world.facts.clear()
    await agents.extend_lease(world.database, ada.id)
    by_kind: dict[str, list[Row]] = {}
    for each in await spans(world, ada.id):
        by_kind.setdefault(each["kind"], []).append(each)
    for kind in ("logged_in", "online"):
        old, new = by_kind[kind]
        assert old["ended_at"] is not None
        assert new["began_at"] - old["ended_at"] > timedelta(hours=2)
        assert new["ended_at"] is None


async def test_two_processes_make_one_span(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A handover within the lease leaves neither a gap nor an overlap, whoever extends and whoever looks."""
    monkeypatch.setattr(presence, "LEASE_SECONDS", 3_600.0)
    ada = world.ada
    for _ in range(3):
        await asyncio.gather(
            *(agents.extend_lease(world.database, ada.id) for _ in range(4)),
            *(agents.announce_presence_changes(world.database) for _ in range(3)),
        )
        await rewind(world, ada.id, seconds=2)
    assert [each["ended_at"] for each in await spans(world, ada.id)] == [None]


async def test_sums_per_day_are_those_of_the_spans(world: World, browser: Browser) -> None:
    """Over midnight and the night in which the clocks went forward: that Sunday has 23 hours."""
    at = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # 23:00 in Berlin
    await add_span(world, world.ada.id, "logged_in", at, 26 * 3600)
    await add_span(world, world.ada.id, "online", at + timedelta(hours=2), 3600)
    await add_span(world, world.ben.id, "online", at - DAY * 30, 24 * 3600)
    browser.be(world.sol)
    question = "first=2026-03-28&last=2026-03-30&zone=Europe/Berlin"
    told = (await browser.get(f"/reports/agent-times?{question}")).json()
    (ada,) = told["agents"]
    hours = [(each["day"], each["logged_in"] / 3600, each["online"] / 3600) for each in ada["days"]]
    assert hours == [("2026-03-28", 1, 0), ("2026-03-29", 23, 1), ("2026-03-30", 2, 0)]
    assert (ada["logged_in"], ada["online"]) == (26 * 3600, 3600)
    await add_span(world, world.ben.id, "logged_in", at + timedelta(hours=2), 1800)
    both = (await browser.get(f"/reports/agent-times?{question}")).json()
    together = [(each["day"], each["logged_in"] / 3600, each["online"] / 3600) for each in both["days"]]
    assert together == [("2026-03-28", 1, 0), ("2026-03-29", 23.5, 1), ("2026-03-30", 2, 0)]
    assert (both["logged_in"], both["online"]) == (26.5 * 3600, 3600)
    for door in ("spans", "export"):
        for kind, lines in (("online", 1), ("logged_in", 2)):
            answer = await browser.get(f"/reports/agent-times/{door}?{question}&kind={kind}")
            assert answer.text.count(kind) == lines, (door, kind)
    assert (await browser.get(f"/reports/agent-times/spans?{question}&kind=idle")).status_code == 422
    question += f"&agent={world.ada.id}"
    listed = (await browser.get(f"/reports/agent-times/spans?{question}")).json()
    assert [(each["kind"], each["running"]) for each in listed["spans"]] == [("logged_in", False), ("online", False)]
    assert listed["complete"]
    one_day = (await browser.get("/reports/agent-times/spans?first=2026-03-30&last=2026-03-30&zone=UTC")).json()
    assert one_day["spans"][0]["began_at"] == "2026-03-30T00:00:00Z" if one_day["spans"] else True
    answer = await browser.get(f"/reports/agent-times/export?{question}")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["agent"], row["kind"], int(row["seconds"])) for row in rows] == [
        ("Ada", "logged_in", 26 * 3600),
        ("Ada", "online", 3600),
    ]
    assert rows[0]["began_at"] == "2026-03-28T23:00:00+01:00"
    assert rows[0]["ended_at"] == "2026-03-30T02:00:00+02:00"
    other = (await browser.get("/reports/agent-times?first=2026-03-01&last=2026-03-02")).json()
    assert (other["agents"], other["days"], other["online"]) == ([], [], 0)


async def test_old_times_are_forgotten(world: World) -> None:
    async with world.database.work() as work:
        insert = "INSERT INTO agent_span (agent_id, kind, began_at, ended_at) VALUES ($1, 'online', $2, $2)"
        for years in (1, 3):
            await work.run(insert, world.ada.id, datetime.now(UTC) - DAY * 365 * years)
        await agents.forget_spans(work)
    assert len(await spans(world, world.ada.id)) == 1


def test_dates_are_days() -> None:
    assert period_of(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin").begins.hour == 23
