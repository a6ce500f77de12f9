"""Gathered information: the table, the counts and the file tell the same, of fields that one may know."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

from alongside.domains.contacts import actions as contacts
from tests.world import Browser, World, hire, make_role

TODAY = datetime.now(UTC).date()
DAYS = f"first={TODAY - timedelta(days=1)}&last={TODAY + timedelta(days=1)}&zone=UTC"


async def field(browser: Browser, key: str, kind: str, **more: Any) -> str:
    answer = await browser.post("/fields", {"key": key, "label": {"en": key}, "kind": kind} | more)
    assert answer.status_code == 201, answer.text
    told: str = answer.json()["id"]
    return told


async def people(world: World, count: int) -> list[str]:
    found = []
    for _ in range(count):
        async with world.database.work() as work:
            visitor = (await contacts.meet_visitor(work, world.site.id, None, "en")).actor
        found.append(str(visitor.contact_id))
    return found


async def learn(browser: Browser, contact_id: str, field_id: str, value: Any) -> None:
    answer = await browser.put(f"/contacts/{contact_id}/fields/{field_id}", {"value": value})
    assert answer.status_code == 200, answer.text


async def test_table_counts_and_file_tell_the_same(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    options = [{"value": each, "label": each.title()} for each in ("red", "green", "blue")]
    one = await field(browser, "colour", "choice", options=options)
    many = await field(browser, "colours", "choices", options=options)
    sure = await field(browser, "sure", "yes_no")
    age = await field(browser, "age", "number")
    ids = await people(world, 4)
    for contact_id, value in zip(ids, ("red", "red", "blue"), strict=False):
        await learn(browser, contact_id, one, value)
    await learn(browser, ids[0], many, ["red", "green"])
    await learn(browser, ids[1], many, ["green"])
    await learn(browser, ids[0], sure, True)
    for contact_id, number in zip(ids, (0, 10, 100, 55.5), strict=True):
        await learn(browser, contact_id, age, number)
    told = (await browser.get(f"/reports/gathered/figures?{DAYS}")).json()
    assert told["contacts"] == 4
    figures = {each["field_id"]: each for each in told["fields"]}
    answers = {key: [(each["answer"], each["count"]) for each in figures[key]["answers"]] for key in (one, many, sure)}
    assert answers == {one: [("red", 2), ("blue", 1)], many: [("green", 2), ("red", 1)], sure: [("true", 1)]}
    assert [figures[each]["known"] for each in (one, many, sure, age)] == [3, 2, 1, 4]
    numbers = figures[age]["numbers"]
    assert (numbers["least"], numbers["most"], numbers["median"]) == (0, 100, 32.75)
    assert numbers["bars"] == [1, 1, 0, 0, 0, 1, 0, 0, 0, 1]
    rows: list[dict[str, Any]] = []
    after = 0
    while after is not None:
        page = (await browser.get(f"/reports/gathered/rows?{DAYS}&limit=3&after={after}")).json()
        rows += page["rows"]
        after = page["next_after"]
    assert [row["contact_id"] for row in rows] == ids
    assert rows[0]["values"] == {one: "red", many: ["red", "green"], sure: True, age: 0}
    assert all(row["gathered_at"] for row in rows)
    file = await browser.get(f"/reports/gathered?{DAYS}")
    lines = list(csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert [line["contact_id"] for line in lines] == ids
    assert sum(bool(line["field:colour"]) for line in lines) == 3
    empty = (await browser.get("/reports/gathered/figures?first=2001-01-01&last=2001-01-02")).json()
    assert (empty["contacts"], {each["known"] for each in empty["fields"]}) == (0, {0})
    assert (await browser.get("/reports/gathered/rows?first=2001-01-01&last=2001-01-02")).json()["rows"] == []


async def test_one_value_makes_one_bar(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    age = await field(browser, "age", "number")
    for contact_id in await people(world, 2):
        await learn(browser, contact_id, age, 7)
    (told,) = (await browser.get(f"/reports/gathered/figures?{DAYS}")).json()["fields"]
    assert told["numbers"]["bars"] == [2]


async def test_fields_that_a_role_may_not_know_are_in_neither(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    async with world.database.reading() as reading:
        admin = await reading.value("SELECT role_id FROM agent WHERE id = $1", world.sol.id)
    secret = await field(browser, "iban", "text", role_ids=[str(admin)])
    open_to_all = await field(browser, "city", "text")
    known, hidden = await people(world, 2)
    await learn(browser, known, open_to_all, "Bern")
    await learn(browser, known, secret, "CH93")
    await learn(browser, hidden, secret, "DE02")
    role = await make_role(world.database, "Analyst", ["reports.view"])
    browser.be(await hire(world.config, world.database, "Ann", role))
    told = (await browser.get(f"/reports/gathered/figures?{DAYS}")).json()
    assert ([each["field_id"] for each in told["fields"]], told["contacts"]) == ([open_to_all], 1)
    (row,) = (await browser.get(f"/reports/gathered/rows?{DAYS}")).json()["rows"]
    assert (row["contact_id"], row["values"]) == (known, {open_to_all: "Bern"})
    browser.be(world.ada)
    for door in ("figures", "rows"):
        assert (await browser.get(f"/reports/gathered/{door}?{DAYS}")).status_code == 403
