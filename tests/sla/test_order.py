"""The list by the time that is left: what is up soonest first, then the rest; by indexes, however many there are."""

from __future__ import annotations

from uuid import UUID

import pytest

from alongside.domains.conversations import queries
from alongside.domains.conversations.queries import InboxQuestion
from tests.harness.thousands import Explaining, empty, fill
from tests.world import Browser, World

MANY = 20_000


async def walk(browser: Browser, query: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    cursor = ""
    while True:
        page = (await browser.get(f"/conversations?order=sla&limit=7&{query}{cursor}")).json()
        rows += page["rows"]
        if page["next_cursor"] is None:
            return rows
        cursor = f"&cursor={page['next_cursor']}"


@pytest.mark.parametrize(
    "query", ["folder=all", "folder=unread", "folder=unresolved", "folder=done", "folder=all&mine=true"]
)
async def test_pages_hold_each_once_those_with_a_target_first(world: World, browser: Browser, query: str) -> None:
    browser.be(world.ada)
    await fill(world, 60)
    rows = await walk(browser, query)
    newest = (await browser.get(f"/conversations?limit=200&{query}")).json()["rows"]
    assert sorted(str(row["id"]) for row in rows) == sorted(row["id"] for row in newest)
    async with world.database.reading() as reading:
        due = {row["id"]: row["sla_due_at"] for row in await reading.rows("SELECT id, sla_due_at FROM conversation")}
    dues = [due[UUID(str(row["id"]))] for row in rows]
    timed = [each for each in dues if each]
    assert dues[: len(timed)] == sorted(timed)
    rest = [str(row["last_message_at"]) for row in rows[len(timed) :]]
    assert rest == sorted(rest, reverse=True)
    await empty(world)


async def test_the_list_reads_what_it_shows(world: World) -> None:
    await fill(world, MANY)
    for holders, index in ((None, "conversation_sla"), (frozenset({world.ada.id}), "conversation_sla_holder")):
        async with world.database.reading() as reading:
            asked = Explaining(reading, "sla_due_at")
            page = await queries.inbox(asked, InboxQuestion(folder="all", order="sla", holders=holders))
            assert (len(page.rows), page.rows[0].sla is not None) == (50, True)
        assert f"{index} " in asked.plan, asked.plan
        assert "Seq Scan on conversation" not in asked.plan, asked.plan
        assert "Sort Method: external" not in asked.plan
    await empty(world)
