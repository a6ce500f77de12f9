"""Files of reports: written by jobs, told live to who asked, fetched by them alone, gone in time."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.schemas import EditContact
from alongside.domains.reports import actions, jobs
from alongside.domains.reports.actions import exports
from alongside.domains.reports.events import ExportChanged
from alongside.platform.jobs import Means
from alongside.platform.storage import Storage
from tests.harness.until import until
from tests.reports.stories import Step, live
from tests.world import Browser, World, hire, make_role

BEGAN = datetime(2026, 3, 10, tzinfo=UTC)
ASKED = {"report": "conversations", "first": "2026-03-01", "last": "2026-03-31", "zone": "UTC"}


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


async def ask(browser: Browser, **more: Any) -> str:
    answer = await browser.post("/reports/exports", ASKED | more)
    assert answer.status_code == 201, answer.text
    told: str = answer.json()["id"]
    return told


async def state(browser: Browser, export_id: str) -> dict[str, Any]:
    told: list[dict[str, Any]] = (await browser.get("/reports/exports")).json()
    return next(each for each in told if each["id"] == export_id)


async def ready(browser: Browser, export_id: str) -> dict[str, Any]:
    """When the server's own worker has written it."""

    async def written() -> bool:
        return (await state(browser, export_id))["state"] not in ("waiting", "running")

    await until(written, seconds=60)
    return await state(browser, export_id)


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The server's worker leaves exports to the test. Before `browser`, which starts the server."""

    async def nothing(_: Means, **arguments: object) -> None:
        return

    monkeypatch.setattr("alongside.contents.JOBS", [jobs.Job(name="reports.export", run=nothing)])


async def test_a_file_is_written_told_and_fetched(world: World, browser: Browser) -> None:
    await live(world, BEGAN, [Step(0, "ask"), Step(60, "close", world.ada)])
    browser.be(world.sol)
    told = await ready(browser, await ask(browser, columns=["customer", "episode", "agents"]))
    assert (told["state"], told["progress"], told["rows"]) == ("ready", 1, 1)
    answer = await browser.get(f"/reports/exports/{told['id']}/file")
    assert int(answer.headers["content-length"]) == len(answer.content) == told["bytes"]
    assert answer.headers["content-disposition"] == 'attachment; filename="conversations-2026-03-01-2026-03-31.csv"'
    assert [list(row.values())[1:] for row in table(answer.content)] == [["1", "Ada"]]
    direct = await browser.get(
        "/reports/conversations?first=2026-03-01&last=2026-03-31&zone=UTC&columns=customer,episode,agents"
    )
    assert direct.content == answer.content


async def test_a_long_file_is_written_in_slices_and_goes_on_where_it_was(
    idle: None, world: World, browser: Browser, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that dies in the middle loses a part at most; nothing stands in the file twice."""
    monkeypatch.setattr(exports, "PART_CHARS", 1)
    monkeypatch.setattr(exports, "SLICE_SECONDS", 0)
    monkeypatch.setattr("alongside.domains.reports.queries.episodes.AT_ONCE", 2)
    ids = [await live(world, BEGAN + timedelta(hours=n), [Step(0, "ask"), Step(n + 1, "answer")]) for n in range(7)]
    means = Means(world.database, storage, world.config)
    browser.be(world.sol)
    export_id = await ask(browser)
    slices = 0
    while await actions.continue_export(means, UUID(export_id)):
        slices += 1
        told = await state(browser, export_id)
        assert told["state"] == "running"
        assert 0 < told["progress"] < 1
        if slices == 2:  # it died after the bytes and before the note: the next one writes them again
            await storage.put(f"{await _key(world, export_id)}/00099", b"stray")
    assert slices >= 3
    rows = table((await browser.get(f"/reports/exports/{export_id}/file")).content)
    assert [row["conversation_id"] for row in rows] == [str(each) for each in ids]
    facts = [fact.export for fact in world.facts.of(ExportChanged)]
    assert [each.progress for each in facts] == sorted(each.progress for each in facts)
    assert not await actions.continue_export(means, UUID(export_id)), "a finished file is left alone"


async def _key(world: World, export_id: str) -> str:
    async with world.database.reading() as reading:
        key: str = await reading.value("SELECT storage_key FROM report_export WHERE id = $1", UUID(export_id))
        return key


async def test_cancelled_before_and_while_it_is_written(
    idle: None, world: World, browser: Browser, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PART_CHARS", 1)
    monkeypatch.setattr(exports, "SLICE_SECONDS", 0)
    for hours in range(2):
        await live(world, BEGAN + timedelta(hours=hours), [Step(0, "ask")])
    monkeypatch.setattr("alongside.domains.reports.queries.episodes.AT_ONCE", 1)
    means = Means(world.database, storage, world.config)
    browser.be(world.sol)
    early, late = await ask(browser), await ask(browser)
    assert (await browser.delete(f"/reports/exports/{early}")).status_code == 204
    assert not await actions.continue_export(means, UUID(early))
    assert await actions.continue_export(means, UUID(late))
    assert (await browser.delete(f"/reports/exports/{late}")).status_code == 204
    assert not await actions.continue_export(means, UUID(late))
    for each in (early, late):
        assert (await state(browser, each))["state"] == "cancelled"
        assert (await browser.get(f"/reports/exports/{each}/file")).json()["code"] == "export-over"
    key = await _key(world, late)
    assert await storage.get(f"{key}/00001")
    assert await actions.sweep(world.database, storage) == 1
    assert await storage.get(f"{key}/00001") is None
    assert await actions.sweep(world.database, storage) == 0


async def test_who_is_erased_is_in_no_file_that_can_be_fetched(
    idle: None, world: World, browser: Browser, storage: Storage
) -> None:
    await live(world, BEGAN, [Step(0, "ask")])
    means = Means(world.database, storage, world.config)
    browser.be(world.sol)
    finished, begun = await ask(browser), await ask(browser)
    await actions.continue_export(means, UUID(finished))
    assert (await browser.delete(f"/contacts/{world.vera.actor.contact_id}")).status_code == 204
    await actions.continue_export(means, UUID(begun))
    later = await ask(browser)
    await actions.continue_export(means, UUID(later))
    states = {each["id"]: each["state"] for each in (await browser.get("/reports/exports")).json()}
    assert states == {finished: "withdrawn", begun: "withdrawn", later: "ready"}
    answer = await browser.get(f"/reports/exports/{finished}/file")
    assert (answer.status_code, answer.json()["code"]) == (404, "export-withdrawn")
    key = await _key(world, finished)
    await actions.sweep(world.database, storage)
    assert await storage.get(f"{key}/00001") is None
    assert (await browser.get(f"/reports/exports/{later}/file")).status_code == 200


async def test_a_file_is_for_who_asked_and_for_a_day(
    idle: None, world: World, browser: Browser, storage: Storage
) -> None:
    role = await make_role(world.database, "Analyst", ["reports.view"])
    ann = await hire(world.config, world.database, "Ann", role)
    browser.be(world.sol)
    export_id = await ask(browser)
    await actions.continue_export(Means(world.database, storage, world.config), UUID(export_id))
    browser.be(ann)
    assert (await browser.get("/reports/exports")).json() == []
    for answer in (
        await browser.get(f"/reports/exports/{export_id}/file"),
        await browser.delete(f"/reports/exports/{export_id}"),
        await browser.get(f"/reports/exports/{uuid4()}/file"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "no-such-export")
    browser.be(world.sol)
    async with world.database.work() as work:
        await work.run("UPDATE report_export SET expires_at = now()")
    assert (await browser.get(f"/reports/exports/{export_id}/file")).json()["code"] == "no-such-export"
    key = await _key(world, export_id)
    assert await actions.sweep(world.database, storage) == 1
    assert await storage.get(f"{key}/00001") is None
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM report_export") == 0


async def test_an_agent_has_a_few_files_written_at_once(idle: None, world: World, browser: Browser) -> None:
    browser.be(world.sol)
    answers = await asyncio.gather(*(browser.post("/reports/exports", ASKED) for _ in range(exports.MOST_AT_ONCE + 2)))
    assert sorted(answer.status_code for answer in answers) == [201] * exports.MOST_AT_ONCE + [409] * 2
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"too-many-exports"}


async def test_a_job_that_fails_says_so(
    idle: None, world: World, browser: Browser, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(self: Storage, key: str, content: bytes) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Storage, "put", refuse)
    browser.be(world.sol)
    export_id = await ask(browser)
    await jobs.export(Means(world.database, storage, world.config), export_id)
    assert (await state(browser, export_id))["state"] == "failed"


async def test_gathered_information_is_what_was_learned_in_the_period(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    made = [
        (await browser.post("/fields", {"kind": "text", "label": {"en": name}})).json() for name in ("Plan", "Secret")
    ]
    role = await make_role(world.database, "Analyst", ["reports.view"])
    ann = await hire(world.config, world.database, "Ann", role)
    await browser.patch(
        f"/fields/{made[1]['id']}", {"role_ids": [str(world_role) for world_role in [await _admin(world)]]}
    )
    contact = world.vera.actor.contact_id
    for field, value in zip(made, ("=1+1", "hush"), strict=True):
        answer = await browser.put(f"/contacts/{contact}/fields/{field['id']}", {"value": value})
        assert answer.status_code == 200, answer.text
    async with world.database.work() as work:
        await contacts.edit_contact(work, world.sol.actor, contact, EditContact(name="@Vera"))
    today = datetime.now(UTC).date()
    question = f"first={today - timedelta(days=1)}&last={today + timedelta(days=1)}"
    (row,) = table((await browser.get(f"/reports/gathered?{question}")).content)
    assert (row["customer"], row["field:plan"], row["field:secret"]) == ("'@Vera", "'=1+1", "hush")
    assert row["gathered_at"]
    assert table((await browser.get("/reports/gathered?first=2020-01-01&last=2020-12-31")).content) == []
    report = table((await browser.get(f"/reports/conversations?{question}")).content)
    assert report[0]["field:plan"] == "'=1+1", "no cell is a formula"
    browser.be(ann)
    (row,) = table((await browser.get(f"/reports/gathered?{question}")).content)
    assert "field:secret" not in row, "a role that may not know a field gets no column of it"
    answer = await browser.get(f"/reports/gathered?{question}&columns=field:secret")
    assert answer.json()["code"] == "no-such-column"


async def _admin(world: World) -> UUID:
    async with world.database.reading() as reading:
        found: UUID = await reading.value("SELECT id FROM role WHERE name = 'Admin'")
        return found
