"""The list: filtered, sorted, paged, searched; changed many at a time; exported."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.tickets import actions, listing
from alongside.domains.tickets.events import TicketChanged
from alongside.domains.tickets.listing import TicketQuestion
from alongside.domains.tickets.schemas import (
    EditTicket,
    EditTickets,
    NewTicket,
    TicketFilter,
    TicketsEdited,
    TicketSort,
)
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Forbidden, Invalid
from tests.world import COLLEAGUE, TICKETS, Browser, World, hire, make_role

TODAY = date(2026, 11, 27)


async def make(world: World, title: str, *, status: str = "open", **fields: Any) -> int:
    async with world.database.work() as work:
        row = await actions.create(
            work, world.ada.actor, NewTicket(client_id=new_client_id(), title=title, **fields)
        )  # fmt: skip
        if status != "open":
            await actions.edit(work, world.ada.actor, row.number, EditTicket(status=status))  # type: ignore[arg-type]
        return row.number


@pytest.fixture
async def team_id(world: World) -> UUID:
    async with world.database.work() as work:
        return (await agents.create_team(work, world.sol.actor, NewTeam(name="Repairs"))).id


@pytest.fixture
async def named(world: World, team_id: UUID) -> dict[int, str]:
    """A handful of tickets: their names by number."""
    day = timedelta(days=1)
    return {
        await make(world, "zip", priority="urgent", assignee_id=world.ada.id, due_on=TODAY - day): "zip",
        await make(world, "tent", priority="high", team_id=team_id, due_on=TODAY, labels=["Tents"]): "tent",
        await make(world, "boot", status="pending", assignee_id=world.ben.id, due_on=TODAY + 6 * day): "boot",
        await make(world, "lamp", status="solved", priority="low", due_on=TODAY - day): "lamp",
        await make(world, "rope", status="closed", due_on=TODAY + 7 * day, labels=["tents", "rope"]): "rope",
        await make(world, "50% off_ \\ stove", description="the Ember\nBurner 4711 sputters (SS-0922). Über"): "stove",
    }


async def ask(world: World, sort: TicketSort = "number", *, reverse: bool = True, **wanted: Any) -> list[int]:
    question = TicketQuestion(
        filter=TicketFilter(**wanted), me=world.ada.id, today=TODAY, sort=sort, reverse=reverse
    )  # fmt: skip
    async with world.database.reading() as reading:
        found = await listing.tickets(reading, question)
    assert found.total == len(found.rows)
    return [row.number for row in found.rows]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({}, "zip tent boot lamp rope stove"),
        ({"status": ["open", "pending"]}, "zip tent boot stove"),
        ({"status": ["closed"]}, "rope"),
        ({"priority": ["urgent", "high"]}, "zip tent"),
        ({"assignee": "me"}, "zip"),
        ({"assignee": "nobody"}, "lamp rope stove"),
        ({"label": "TENTS"}, "tent rope"),
        ({"label": "tent"}, ""),
        ({"due": "overdue"}, "zip"),
        ({"due": "today"}, "tent"),
        ({"due": "week"}, "tent boot"),
        ({"due": "none"}, "stove"),
        ({"search": "burner 47"}, "stove"),
        ({"search": "4711"}, "stove"),
        ({"search": "#4711"}, ""),
        ({"search": "50%"}, "stove"),
        ({"search": "off_ \\"}, "stove"),
        ({"search": "EM  sputt"}, "stove"),
        ({"search": "burner zip"}, ""),
        ({"search": "0922 SS"}, "stove"),
        ({"search": "ss-0922"}, "stove"),
        ({"search": "über"}, "stove"),
        ({"search": "mber"}, ""),
        ({"search": "!!!"}, ""),
        ({"search": "' & | ! ( :* <-> \\"}, ""),
        ({"search": "\x00"}, "zip tent boot lamp rope stove"),
        ({"status": ["open"], "due": "today", "label": "tents", "search": "ten"}, "tent"),
    ],
)
async def test_filters(world: World, named: dict[int, str], wanted: dict[str, Any], expected: str) -> None:
    assert " ".join(named[number] for number in await ask(world, **wanted)) == expected


async def test_filters_by_people_and_number(world: World, named: dict[int, str], team_id: UUID) -> None:
    assert [named[number] for number in await ask(world, assignee=str(world.ben.id))] == ["boot"]
    assert [named[number] for number in await ask(world, team_id=team_id)] == ["tent"]
    some = next(iter(named))
    assert await ask(world, search=f"#{some}") == [some]
    assert await ask(world, search=str(some)) == [some]
    with pytest.raises(Invalid, match="assignee"):
        await ask(world, assignee="somebody")


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("number", "stove rope lamp boot tent zip"),
        ("updated", "stove rope lamp boot tent zip"),
        ("due", "zip lamp tent boot rope stove"),
        ("priority", "zip tent stove rope boot lamp"),
    ],
)
async def test_orders_page_by_page_both_ways(
    world: World, named: dict[int, str], sort: TicketSort, expected: str
) -> None:
    for reverse in (False, True):
        question = TicketQuestion(
            filter=TicketFilter(), me=world.ada.id, today=TODAY, sort=sort, reverse=reverse, limit=2
        )
        seen: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            async with world.database.reading() as reading:
                page = await listing.tickets(
                    reading, TicketQuestion(**_fields(question) | {"cursor": cursor or None})
                )  # fmt: skip
            seen += [named[row.number] for row in page.rows]
            assert (page.total is None) is bool(cursor)
            cursor = page.next_cursor
        wanted = expected.split()
        if not reverse:
            assert seen == wanted
        else:
            assert sorted(seen) == sorted(wanted)
            assert seen == wanted[::-1]


def _fields(question: TicketQuestion) -> dict[str, Any]:
    return {name: getattr(question, name) for name in question.__struct_fields__}


@pytest.mark.parametrize(
    "cursor", ["x", "bnVsbA", "W10", "WzEsMV0", "WyJ4IiwxXQ", "WyIyMDI2LTAxLTAxVDAwOjAwOjAwIiwxXQ"]
)
async def test_a_cursor_of_another_list_is_refused(world: World, browser: Browser, cursor: str) -> None:
    for sort in ("updated", "due", "priority"):
        answer = await browser.be(world.ada).get(f"/tickets?sort={sort}&cursor={cursor}")
        if (sort, cursor) != ("priority", "WzEsMV0"):  # [1,1] is a place by priority
            assert (answer.status_code, answer.json()["code"]) == (422, "bad-cursor"), sort


async def test_the_list_by_the_door(world: World, browser: Browser, named: dict[int, str], team_id: UUID) -> None:
    browser.be(world.ada)
    query = f"status=open&status=pending&due=week&today={TODAY}&sort=due"
    page = (await browser.get(f"/tickets?{query}")).json()
    assert [row["title"] for row in page["rows"]] == ["tent", "boot"]
    assert (page["total"], page["next_cursor"]) == (2, None)
    assert (await browser.get("/tickets/labels")).json() == ["tents", "rope"]
    for wrong in (
        "status=done", "priority=1", "due=never", "team_id=x", "today=now", "sort=title", "limit=0", "limit=201",
        "assignee=x", f"search={'x' * 201}", f"assignee={'x' * 40}",
    ):  # fmt: skip
        answer = await browser.get(f"/tickets?{wrong}")
        assert answer.status_code == 422, wrong
        assert answer.json()["message"]


# ---- many at a time


async def edit_many(world: World, numbers: list[int], **fields: Any) -> TicketsEdited:
    async with world.database.work() as work:
        return await actions.edit_many(work, world.ada.actor, EditTickets(numbers=numbers, **fields))


async def test_one_answer_says_what_was_changed_and_what_not(world: World) -> None:
    plain, closed = await make(world, "plain"), await make(world, "closed", status="closed")
    full = await make(world, "full", labels=[f"label {place}" for place in range(20)])
    world.facts.clear()
    edited = await edit_many(world, [full, closed, plain, 999_999, plain], status="closed", add_labels=["spring"])
    assert (edited.changed, edited.unchanged) == ([closed, plain], [])
    assert [(each.number, each.code) for each in edited.refused] == [
        (full, "too-many-ticket-labels"),
        (999_999, "no-such-ticket"),
    ]
    assert sorted(fact.row.number for fact in world.facts.of(TicketChanged)) == sorted([closed, plain])
    again = await edit_many(world, [closed, plain], status="closed", add_labels=["spring"])
    assert (again.changed, again.unchanged, again.refused) == ([], [closed, plain], [])
    assert await ask(world, status=["closed"]) == sorted([closed, plain]), "what was refused is wholly as it was"


async def test_a_change_that_is_wrong_changes_nothing(world: World) -> None:
    numbers = [await make(world, "one"), await make(world, "two")]
    await agents.deactivate(world.database, world.sol.actor, world.ben.id)
    with pytest.raises(Invalid, match="deactivated"):
        await edit_many(world, numbers, status="closed", assignee_id=world.ben.id)
    assert await ask(world, status=["closed"]) == []


async def test_many_by_the_door(world: World, browser: Browser) -> None:
    numbers = [await make(world, f"ticket {place}") for place in range(3)]
    browser.be(world.ada)
    answer = await browser.post("/tickets/bulk", {"numbers": numbers, "assignee_id": str(world.ada.id)})
    assert answer.json() == {"changed": numbers, "unchanged": [], "refused": []}
    for wrong in (
        {"numbers": []}, {"numbers": list(range(1, 202))}, {"numbers": [0]}, {"numbers": [2**70]}, {},
        {"numbers": numbers, "title": "x"}, {"numbers": numbers, "description": "x"},
    ):  # fmt: skip
        assert (await browser.post("/tickets/bulk", wrong)).status_code == 422, wrong
    looker = await hire(
        world.config, world.database, "Lou", await make_role(world.database, "Looker", ["tickets.read"])
    )
    assert (await browser.be(looker).post("/tickets/bulk", {"numbers": numbers})).status_code == 403
    with pytest.raises(Forbidden):
        async with world.database.work() as work:
            await actions.edit_many(work, looker.actor, EditTickets(numbers=numbers, status="closed"))


# ---- export


async def test_an_export_is_what_the_filter_shows_and_no_formula(world: World, browser: Browser) -> None:
    evil = ["=1+1", "+49 30 1", "-2+3", "@SUM(A1)", " =1", "plain", 'a "quoted", one\nof two lines']
    await make(world, "not in it", status="closed")
    for title in evil:
        await make(world, title, description=title, labels=["=cmd", "b"], assignee_id=world.ada.id, due_on=TODAY)
    async with world.database.work() as work:
        await work.run("UPDATE contact SET name = '=HYPERLINK(1)'")
        last = await work.value("SELECT max(number) FROM ticket")
        await actions.link_contact(work, world.ada.actor, last, world.vera.actor.contact_id)
    answer = await browser.be(world.ada).get(f"/tickets/export?status=open&today={TODAY}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="tickets-2026-11-27.csv"'
    assert answer.text.startswith("\ufeffnumber,title,")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == len(evil)
    for row in rows:
        assert not any(cell.lstrip().startswith(("=", "+", "-", "@")) for cell in row.values()), row
    assert rows[0]["title"] == "'=1+1"
    assert rows[5]["title"] == "plain"
    assert rows[6]["description"] == evil[6]
    assert rows[6]["contacts"] == "'=HYPERLINK(1)"
    assert (rows[0]["assignee"], rows[0]["due_on"], rows[0]["labels"]) == ("Ada", "2026-11-27", "'=cmd, b")


async def test_an_export_reads_on_and_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "EXPORT_AT_ONCE", 2)
    numbers = [await make(world, f"ticket {place}") for place in range(5)]
    question = TicketQuestion(filter=TicketFilter(), me=world.ada.id, today=TODAY)
    parts = []
    async for rows in listing.exported(world.database, question):
        parts.append([row["number"] for row in rows])
        if len(parts) == 1:
            async with world.database.work() as work:  # what changes meanwhile comes neither twice nor not at all
                await actions.edit(work, world.ada.actor, numbers[0], EditTicket(title="changed"))
                await actions.edit(work, world.ada.actor, numbers[-1], EditTicket(title="changed"))
    assert parts == [numbers[:2], numbers[2:4], numbers[4:]]


async def test_reading_needs_the_permission(world: World, browser: Browser) -> None:
    browser.be(await hire(world.config, world.database, "Lou", await make_role(world.database, "Chat only", COLLEAGUE)))
    contact_id = world.vera.actor.contact_id
    for path in ("/tickets", "/tickets/1", "/tickets/1/entries", "/tickets/labels", "/ticket-views"):
        assert (await browser.get(path)).status_code == 403
    assert (await browser.get(f"/contacts/{contact_id}/tickets")).status_code == 403


async def test_a_role_with_a_narrow_sight_reads_no_tickets(world: World, browser: Browser) -> None:
    for permission in TICKETS:
        role = {"name": "Narrow", "permissions": [permission], "sees": "team"}
        answer = await browser.be(world.sol).post("/roles", role)
        assert (answer.status_code, answer.json()["code"]) == (422, "role-must-see-all")


async def test_export_needs_the_permission_and_says_what_is_wrong_before_it_begins(
    world: World, browser: Browser
) -> None:
    looker = await hire(
        world.config, world.database, "Lou", await make_role(world.database, "Looker", ["tickets.read"])
    )
    assert (await browser.be(looker).get("/tickets/export")).status_code == 403
    assert (await browser.get("/tickets")).status_code == 200
    answer = await browser.be(world.ada).get("/tickets/export?assignee=somebody")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-assignee")
    assert (await browser.get(f"/tickets/export?team_id={uuid4()}")).text.count("\n") == 1
