"""Polling: what changed since the last time, without missing whoever commits late."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from alongside.domains.conversations import actions as conversations
from alongside.domains.workspace.changes import Since
from alongside.kit.paging import read_place, write_place
from tests.harness.until import until
from tests.integrations.program import Program, made
from tests.world import Browser, World

SCOPES = ("read", "contacts.edit", "conversations.assign", "conversations.reply", "tickets.read", "tickets.manage")


@pytest.fixture
async def program(browser: Browser, world: World) -> Program:
    return (await made(browser, world, *SCOPES))[0]


async def asked(program: Program, what: str, since: str | None = None, limit: int = 100) -> dict[str, Any]:
    answer = await program.get(f"/{what}/changes?limit={limit}" + (f"&since={since}" if since else ""))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    if what == "contacts":
        found["rows"] = [{**row["contact"], "merged_into": row["merged_into"]} for row in found["rows"]]
    return found


async def settled(world: World) -> None:
    """Whoever began before is done, also in the other databases of this server: only then comes nothing twice."""
    async with world.database.reading() as reading:
        begun = await reading.value("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")

    async def done() -> bool:
        async with world.database.reading() as reading:
            oldest: int = await reading.value("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return oldest >= begun

    await until(done, what="nobody writes who began before")


async def label(browser: Browser, world: World) -> str:
    made_label = await browser.be(world.sol).post("/labels", {"name": "VIP"})
    return str(made_label.json()["id"])


async def test_whoever_asks_first_gets_all_and_then_what_changed(program: Program, world: World) -> None:
    await settled(world)
    first = await asked(program, "conversations")
    assert [row["id"] for row in first["rows"]] == [str(world.conversation_id)] and not first["has_more"]
    nothing = await asked(program, "conversations", first["cursor"])
    assert nothing["rows"] == []
    await program.call("PUT", f"/conversations/{world.conversation_id}/status", {"status": "done"})
    await settled(world)
    then = await asked(program, "conversations", nothing["cursor"])
    assert [row["status"] for row in then["rows"]] == ["done"]
    assert (await asked(program, "conversations", then["cursor"]))["rows"] == []
    again = await asked(program, "conversations", first["cursor"])
    assert again["rows"] == then["rows"], "a cursor holds as long as it is kept"
    await program.call("PUT", f"/conversations/{world.conversation_id}/seen", {"seq": 1})
    assert (await asked(program, "conversations", then["cursor"]))["rows"] == [], "a glance is no change"


async def test_a_late_commit_is_not_skipped(program: Program, world: World) -> None:
    """One transaction begins first and commits last: what was read in between must not have moved past it."""
    contacts = [(await program.call("POST", "/contacts", {"name": f"No. {n}"})).json()["contact"]["id"] for n in (1, 2)]
    await settled(world)
    start = (await asked(program, "contacts"))["cursor"]
    async with world.database.work() as late:
        await late.run("UPDATE contact SET name = 'late' WHERE id = $1", UUID(contacts[0]))
        await program.call("PATCH", f"/contacts/{contacts[1]}", {"name": "early"})
        between = await asked(program, "contacts", start)
        assert [row["name"] for row in between["rows"]] == ["early"]
    await settled(world)
    after = await asked(program, "contacts", between["cursor"])
    assert "late" in [row["name"] for row in after["rows"]]
    assert (await asked(program, "contacts", after["cursor"]))["rows"] == []


async def test_a_walk_in_pages_misses_nothing_that_changes_under_it(program: Program, world: World) -> None:
    names = [f"No. {number:02}" for number in range(7)]
    ids = [(await program.call("POST", "/contacts", {"name": name})).json()["contact"]["id"] for name in names]
    seen: list[str] = []
    page = await asked(program, "contacts", limit=2)
    while True:
        seen += [row["name"] for row in page["rows"]]
        if not page["has_more"]:
            break
        if len(seen) == 4:
            await program.call("PATCH", f"/contacts/{ids[0]}", {"name": "moved"})
        page = await asked(program, "contacts", page["cursor"], limit=2)
    seen += [row["name"] for row in (await asked(program, "contacts", page["cursor"]))["rows"]]
    assert {*names[1:], "moved"} <= set(seen)


async def test_contacts_change_by_fields_labels_proof_and_merges(
    program: Program, browser: Browser, world: World
) -> None:
    label_id = await label(browser, world)
    field = await browser.post("/fields", {"kind": "text", "key": "plan", "label": {"en": "Plan"}})
    other = (await program.call("POST", "/contacts", {"name": "Other"})).json()["contact"]["id"]
    vera = str(world.vera.actor.contact_id)
    await settled(world)
    cursor = (await asked(program, "contacts"))["cursor"]
    for method, path, body in (
        ("PUT", f"/contacts/{vera}/labels/{label_id}", None),
        ("PUT", f"/contacts/{vera}/fields/{field.json()['id']}", {"value": "gold"}),
        ("PUT", f"/contacts/{vera}/fields/{field.json()['id']}", {"value": None}),
        ("PUT", f"/contacts/{vera}/assignment", {"agent_id": str(world.ada.id)}),
    ):
        assert (await program.call(method, path, body)).status_code == 200
        page = await asked(program, "contacts", cursor)
        assert [row["id"] for row in page["rows"]] == [vera], path
        cursor = page["cursor"]
    await browser.be(world.sol).post(f"/contacts/{vera}/merge", {"contact_id": other})
    merged = {row["id"]: row["merged_into"] for row in (await asked(program, "contacts", cursor))["rows"]}
    assert set(merged) == {vera, other} and set(merged.values()) in ({None, vera}, {None, other})


async def test_tickets_change(program: Program) -> None:
    assert (await asked(program, "tickets"))["rows"] == []
    new = {"client_id": "0199c0de-0000-7000-8000-000000000001", "title": "A parcel is lost"}
    number = (await program.call("POST", "/tickets", new)).json()["number"]
    page = await asked(program, "tickets")
    assert [row["number"] for row in page["rows"]] == [number]
    await program.call("PATCH", f"/tickets/{number}", {"status": "solved"})
    assert [row["status"] for row in (await asked(program, "tickets", page["cursor"]))["rows"]] == ["solved"]


async def test_a_cursor_is_for_its_list_and_its_history(program: Program, world: World) -> None:
    cursor = (await asked(program, "contacts"))["cursor"]
    since = read_place(cursor, Since)
    of_tickets = write_place(Since(since.epoch, 0, 0, (1, 7)))
    for wrong in ("nonsense", of_tickets, write_place(Since(since.epoch, 0, 0))[:-3]):
        refused = await program.get(f"/contacts/changes?since={wrong}")
        assert (refused.status_code, refused.json()["code"]) == (422, "bad-cursor")
    async with world.database.work() as work:
        await work.run("UPDATE workspace SET epoch = gen_random_uuid()")
    refused = await program.get(f"/contacts/changes?since={cursor}")
    assert (refused.status_code, refused.json()["code"]) == (409, "other-history")


async def test_numbers_of_a_replaced_database_come_once_and_not_for_ever(program: Program, world: World) -> None:
    """After a restore, rows carry numbers of transactions that this database has not reached."""
    async with world.database.work() as work:
        await work.run("ALTER TABLE contact DISABLE TRIGGER contact_note_change")
        await work.run("UPDATE contact SET changed_in = 2^60::bigint")
        await work.run("ALTER TABLE contact ENABLE TRIGGER contact_note_change")
    page = await asked(program, "contacts")
    assert [row["id"] for row in page["rows"]] == [str(world.vera.actor.contact_id)]
    assert (await asked(program, "contacts", page["cursor"]))["rows"] == []


async def test_a_personal_key_hears_of_its_agents_alone(browser: Browser, world: World) -> None:
    program, key = await made(browser, world, "read", "conversations.reply", only_of=str(world.ada.id))
    assert key["only_of"] == str(world.ada.id)
    assert (await asked(program, "conversations"))["rows"] == []
    assert (await program.get(f"/conversations/{world.conversation_id}")).status_code == 404
    assert (await program.get("/contacts/active")).json() == []
    async with world.database.work() as work:
        await conversations.assign(work, world.sol.actor, world.conversation_id, world.ada.id, None)
    assert [row["id"] for row in (await asked(program, "conversations"))["rows"]] == [str(world.conversation_id)]
    await browser.be(world.sol).post(f"/agents/{world.ada.id}/deactivate")
    assert (await program.get("/labels")).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "only_of", "code"),
    [
        (["read", "tickets.read"], "ada", "scope-needs-all"),
        (["read"], "vera", "no-such-agent"),
        (["read"], "program", "no-such-agent"),
    ],
)
async def test_whose_no_personal_key_is(
    browser: Browser, world: World, scopes: list[str], only_of: str, code: str
) -> None:
    _, program = await made(browser, world, "read")
    ids = {"ada": world.ada.id, "vera": world.vera.actor.contact_id, "program": program["agent_id"]}
    body = {"name": "Personal", "scopes": scopes, "only_of": str(ids[only_of])}
    assert (await browser.be(world.sol).post("/api-keys", body)).json()["code"] == code
