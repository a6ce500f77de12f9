"""Reports that are sent again and again: on time, once, to those who may have them, with what each may know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from alongside.contents import LETTERS
from alongside.domains.mail import actions as mail
from alongside.domains.reports import actions, jobs
from alongside.domains.reports.jobs import EXPORT
from alongside.platform.config import Config
from alongside.platform.jobs import Job, Means
from alongside.platform.secret import Secret
from alongside.platform.storage import Storage
from tests.harness.smtp import Mailbox, mail_server, text_of
from tests.reports.stories import Step, live
from tests.world import ORIGIN, Browser, Colleague, World, hire, make_config, make_role

WANTED: dict[str, Any] = {
    "name": "Weekly figures",
    "report": "conversations",
    "span": "last_week",
    "every": "week",
    "day": 1,
    "hour": 7,
    "zone": "Europe/Berlin",
}
# Before `browser`, which starts the server.
pytestmark = pytest.mark.usefixtures("idle")
KINDS = {kind.name: kind for kind in LETTERS}


@pytest.fixture
def mailbox() -> Any:
    with mail_server() as box:
        yield box


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path, mailbox: Mailbox) -> Config:
    return make_config(fresh_database_url, tmp_path, mail_url=Secret(mailbox.url))


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's worker leaves all jobs to the test."""

    async def nothing(_: Means, **arguments: object) -> None:
        return

    left = [Job(name=name, run=nothing) for name in (EXPORT.name, mail.DELIVER)]
    monkeypatch.setattr("alongside.contents.JOBS", left)


@pytest.fixture
async def ann(world: World) -> AsyncIterator[Colleague]:
    """May see reports."""
    role = await make_role(world.database, "Analyst", ["reports.view"])
    yield await hire(world.config, world.database, "Ann", role)


async def make(browser: Browser, *recipients: Colleague, **more: Any) -> dict[str, Any]:
    asked = WANTED | {"recipients": [str(each.id) for each in recipients]} | more
    answer = await browser.post("/reports/schedules", asked)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def due(world: World, schedule_id: str, at: datetime) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE report_schedule SET next_at = $2 WHERE id = $1", UUID(schedule_id), at)


async def exports(world: World) -> list[Any]:
    async with world.database.reading() as reading:
        return await reading.rows("SELECT * FROM report_export ORDER BY created_at, id")


async def send(world: World, storage: Storage) -> None:
    """Write what was asked for, and post the letters about it."""
    means = Means(world.database, storage, world.config)
    for row in await exports(world):
        await jobs.export(means, str(row["id"]))
    await mail.deliver(world.database, world.config, KINDS)


async def run_due(world: World) -> int:
    return await actions.run_due(world.database, ORIGIN, EXPORT)


async def one(browser: Browser, schedule_id: str) -> dict[str, Any]:
    told: list[dict[str, Any]] = (await browser.get("/reports/schedules")).json()
    return next(each for each in told if each["id"] == schedule_id)


async def test_due_once_whoever_looks_and_sent_by_mail_with_a_link_that_needs_signing_in(
    world: World, browser: Browser, ann: Colleague, storage: Storage, mailbox: Mailbox
) -> None:
    browser.be(world.sol)
    made = await make(browser, world.sol, ann)
    assert datetime.fromisoformat(made["next_at"]) > datetime.now(UTC)
    assert await run_due(world) == 0
    await due(world, made["id"], datetime(2026, 3, 9, 6, tzinfo=UTC))  # a Monday, long missed: it runs once
    assert sum(await asyncio.gather(*(run_due(world) for _ in range(5)))) == 1
    files = await exports(world)
    assert {row["agent_id"] for row in files} == {world.sol.id, ann.id}
    assert {(row["question"]["first"], row["question"]["last"]) for row in files} == {("2026-03-02", "2026-03-08")}
    told = await one(browser, made["id"])
    assert (told["last_sent"], told["last_result"], told["paused"]) == (2, "", False)
    assert datetime.fromisoformat(told["next_at"]) > datetime.now(UTC)
    means = Means(world.database, storage, world.config)
    for row in files:
        await jobs.export(means, str(row["id"]))
        await jobs.export(means, str(row["id"]))  # a job may run twice: the letter goes out once
    assert await mail.deliver(world.database, world.config, KINDS) == 2
    (letter,) = mailbox.to(ann.email)
    assert letter["Subject"] == "Weekly figures: 2026-03-02 to 2026-03-08"
    text = text_of(letter)
    own = next(row["id"] for row in files if row["agent_id"] == ann.id)
    assert f"{ORIGIN}/console/reports/files?file={own}" in text
    assert "works until" in text
    door = f"/reports/exports/{own}/file"
    assert (await browser.get(door)).status_code == 404, "another's"
    browser.be(ann)
    assert (await browser.get(door)).status_code == 200
    browser.client.cookies.clear()
    assert (await browser.get(door)).status_code == 401


async def test_the_mail_holds_the_key_figures_of_the_dashboard_and_names_nobody(
    world: World, browser: Browser, ann: Colleague, storage: Storage, mailbox: Mailbox
) -> None:
    for number, wait in enumerate((60, 3_720, 300)):
        began = datetime(2026, 3, 3, 9, number, tzinfo=UTC)
        await live(
            world, began, [Step(0, "ask"), Step(wait, "answer"), Step(1_000, "status", None, "done")][: 3 - number // 2]
        )
    browser.be(world.sol)
    made = await make(browser, world.sol, ann)
    await due(world, made["id"], datetime(2026, 3, 9, 6, tzinfo=UTC))
    await run_due(world)
    async with world.database.work() as work:
        await work.run("UPDATE agent SET locale = 'de' WHERE id = $1", ann.id)
    await send(world, storage)
    (letter,), (deutsch,) = mailbox.to(world.sol.email), mailbox.to(ann.email)
    told = (await browser.get("/reports/dashboard?first=2026-03-02&last=2026-03-08&zone=Europe/Berlin")).json()
    assert (told["figures"]["episodes"], told["figures"]["closed"]) == (3, 2)
    assert told["figures"]["first_response"]["median"] == 300
    lines = text_of(letter).splitlines()
    for line in ("Conversations: 3", "Done: 2", "First response (median): 5 min", "Lines in the file: 3"):
        assert line in lines
    assert "Handling time (median): 16 min" in lines
    assert "Erste Antwort (Median): 5 min" in text_of(deutsch).splitlines()
    assert deutsch["Subject"] == "Weekly figures: 02.03.2026 bis 08.03.2026"
    assert "Rating" not in text_of(letter), "nobody rated"
    html = letter.get_body(("html",))
    assert html is not None
    assert ">5 min</td>" in html.get_content()


async def test_the_mail_about_gathered_information_counts_fields_its_reader_may_know_even_now(
    world: World, browser: Browser, ann: Colleague, storage: Storage, mailbox: Mailbox
) -> None:
    browser.be(world.sol)
    ids = []
    for key, label in (("tier", {"en": "Tier <b>", "de": "Stufe"}), ("iban", {"en": "IBAN"})):
        answer = await browser.post("/fields", {"key": key, "label": label, "kind": "text"})
        ids.append(answer.json()["id"])
    async with world.database.reading() as reading:
        contact_id = await reading.value("SELECT contact_id FROM conversation WHERE id = $1", world.conversation_id)
    for field_id in ids:
        answer = await browser.put(f"/contacts/{contact_id}/fields/{field_id}", {"value": "secret"})
        assert answer.status_code == 200, answer.text
    made = await make(browser, ann, report="gathered", span="7_days", every="day")
    async with world.database.work() as work:
        await work.run("UPDATE contact_field SET set_at = set_at - interval '2 days'")
    await browser.post(f"/reports/schedules/{made['id']}/run", {})
    await browser.patch(f"/fields/{ids[1]}", {"role_ids": [str(await _admin(world))]})
    await send(world, storage)
    (letter,) = mailbox.to(ann.email)
    text = text_of(letter)
    assert "Tier <b>: known of 1" in text.splitlines()
    assert "IBAN" not in text
    assert "secret" not in text
    html = letter.get_body(("html",))
    assert html is not None
    assert "Tier &lt;b&gt;" in html.get_content()


async def test_who_may_not_see_reports_any_more_is_sent_none(
    world: World, browser: Browser, ann: Colleague, storage: Storage, mailbox: Mailbox
) -> None:
    browser.be(world.sol)
    made = await make(browser, world.sol, ann)
    assert (await browser.post(f"/reports/schedules/{made['id']}/run", {})).status_code == 200
    async with world.database.work() as work:
        await work.run("UPDATE role SET permissions = '{}' WHERE name = 'Analyst'")
    assert (await browser.post(f"/reports/schedules/{made['id']}/run", {})).json()["last_sent"] == 1
    means = Means(world.database, storage, world.config)
    for row in await exports(world):
        await jobs.export(means, str(row["id"]))
    await mail.deliver(world.database, world.config, KINDS)
    assert mailbox.to(ann.email) == [], "asked for while she might; ready when she might not"
    assert len(mailbox.to(world.sol.email)) == 2
    after = await one(browser, made["id"])
    assert after["next_at"] == made["next_at"], "running it now leaves its rhythm"


async def test_it_stops_with_a_note_when_its_owner_leaves(world: World, browser: Browser, ann: Colleague) -> None:
    browser.be(ann)
    made = await make(browser, world.sol)
    async with world.database.work() as work:
        await work.run("UPDATE agent SET active = false WHERE id = $1", ann.id)
    await due(world, made["id"], datetime(2026, 3, 9, 6, tzinfo=UTC))
    assert await run_due(world) == 1
    assert await exports(world) == []
    browser.be(world.sol)
    told = await one(browser, made["id"])
    assert (told["paused"], told["last_result"]) == (True, "owner-gone")
    assert await run_due(world) == 0


async def test_paused_resumed_changed_deleted(world: World, browser: Browser, ann: Colleague) -> None:
    browser.be(ann)
    made = await make(browser, ann, every="day", hour=5)
    door = f"/reports/schedules/{made['id']}"
    assert (await browser.put(f"{door}/paused", {"paused": True})).json()["paused"]
    await due(world, made["id"], datetime.now(UTC) - timedelta(days=9))
    assert await run_due(world) == 0
    resumed = (await browser.put(f"{door}/paused", {"paused": False})).json()
    assert datetime.fromisoformat(resumed["next_at"]) > datetime.now(UTC), "what was missed meanwhile is not made up"
    changed = await browser.put(door, WANTED | {"name": " Months ", "every": "month", "recipients": [str(ann.id)]})
    assert (changed.json()["name"], changed.json()["every"]) == ("Months", "month")
    assert (await browser.delete(door)).status_code == 204
    assert (await browser.delete(door)).status_code == 404
    async with world.database.reading() as reading:
        deeds = await reading.rows("SELECT type FROM audit_entry WHERE type LIKE 'REPORT_%SCHEDULED' ORDER BY at, id")
    assert [row["type"] for row in deeds] == ["REPORT_SCHEDULED", "REPORT_SCHEDULED", "REPORT_UNSCHEDULED"]


async def test_what_cannot_be_is_refused(world: World, browser: Browser, ann: Colleague) -> None:
    browser.be(ann)
    wrong: list[dict[str, Any]] = [
        {"recipients": [str(world.ada.id)]},  # may not see reports
        {"recipients": []},
        {"recipients": [str(world.site.id)]},
        {"columns": ["password"]},
        {"zone": "Mars/Base"},
        {"every": "week", "day": 8},
        {"hour": 24},
        {"name": "  "},
        {"span": "tomorrow"},
        {"report": "gathered", "filter": {"status": "done"}},
        {"filter": {"since": "2026-03-01T00:00:00Z"}},
    ]
    for part in wrong:
        answer = await browser.post("/reports/schedules", WANTED | {"recipients": [str(ann.id)]} | part)
        assert answer.status_code in (400, 422), (part, answer.text)
    for _ in range(20):
        await make(browser, ann)
    answer = await browser.post("/reports/schedules", WANTED | {"recipients": [str(ann.id)]})
    assert answer.json()["code"] == "too-many-schedules"


async def test_each_ones_own_and_who_manages_all(world: World, browser: Browser, ann: Colleague) -> None:
    browser.be(world.sol)
    hers, his = await make(browser, ann), await make(browser, world.sol)
    browser.be(ann)
    assert [each["id"] for each in (await browser.get("/reports/schedules")).json()] == [hers["id"]]
    own = await make(browser, ann)
    for made in (hers, his):
        door = f"/reports/schedules/{made['id']}"
        assert (await browser.delete(door)).status_code == 404
        assert (await browser.put(f"{door}/paused", {"paused": True})).status_code == 404
        assert (await browser.post(f"{door}/run", {})).status_code == 404
    browser.be(world.sol)
    assert (await browser.delete(f"/reports/schedules/{own['id']}")).status_code == 204
    browser.be(world.ada)
    assert (await browser.get("/reports/schedules")).status_code == 403
    assert (await browser.post("/reports/schedules", WANTED | {"recipients": [str(ann.id)]})).status_code == 403


async def test_a_reader_gets_only_fields_that_they_may_know(world: World, browser: Browser, ann: Colleague) -> None:
    browser.be(world.sol)
    secret = {"key": "iban", "label": {"en": "IBAN"}, "kind": "text", "role_ids": [str(await _admin(world))]}
    answer = await browser.post("/fields", secret)
    assert answer.status_code == 201, answer.text
    made = await make(browser, ann, world.sol, report="gathered", columns=["customer", "field:iban"])
    await browser.post(f"/reports/schedules/{made['id']}/run", {})
    columns = {row["agent_id"]: row["question"]["columns"] for row in await exports(world)}
    assert columns == {ann.id: ["customer"], world.sol.id: ["customer", "field:iban"]}


async def _admin(world: World) -> UUID:
    async with world.database.reading() as reading:
        role: UUID = await reading.value("SELECT role_id FROM agent WHERE id = $1", world.sol.id)
        return role


async def test_a_file_that_failed_is_told(
    world: World, browser: Browser, ann: Colleague, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.be(ann)
    made = await make(browser, ann)
    await browser.post(f"/reports/schedules/{made['id']}/run", {})

    async def refuse(*_: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(Storage, "put", refuse)
    (file,) = await exports(world)
    await jobs.export(Means(world.database, storage, world.config), str(file["id"]))
    assert (await one(browser, made["id"]))["last_result"] == "failed"
