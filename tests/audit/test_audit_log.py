"""Reading the log: filters, pages, the file, how long it is kept, and who may."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import EditAgent, NewTeam
from alongside.domains.audit import actions, queries
from alongside.domains.audit.schemas import AuditSettings
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform import deeds
from alongside.platform.errors import Forbidden
from tests.world import Browser, World
from tools.paths import ROOT

SECRET = "words between two people"


async def busy(world: World) -> None:
    """Ada answers, closes, hands over; Vera writes."""
    ada, where, most = world.ada.actor, world.conversation_id, world.config.max_message_chars
    await messages.post(world.database, ada, where, Draft(new_client_id(), SECRET), most)
    await messages.post(world.database, ada, where, Draft(new_client_id(), f"a note, {SECRET}", "note"), most)
    await messages.post(world.database, world.vera.actor, where, Draft(new_client_id(), SECRET), most)
    async with world.database.work() as work:
        await conversations.set_status(work, ada, where, "done")
    async with world.database.work() as work:
        await conversations.assign(work, ada, where, world.ben.id, None)


async def read(browser: Browser, query: str = "") -> list[dict[str, Any]]:
    answer = await browser.get(f"/audit?{query}")
    assert answer.status_code == 200, answer.text
    entries: list[dict[str, Any]] = answer.json()["entries"]
    return entries


async def test_what_agents_do_in_conversations_is_in_it_and_what_they_say_is_not(
    world: World, browser: Browser
) -> None:
    await busy(world)
    entries = await read(browser.be(world.sol), f"agent_id={world.ada.id}")
    told = [(entry["type"], entry["data"].get("status"), entry["data"].get("seq")) for entry in reversed(entries)]
    assert told[0][0] == "LOGGED_IN"
    assert sorted(told[1:3]) == [("MESSENGER_SEND", None, 2), ("STATUS_CHANGE", "unresolved", 2)]
    assert told[3:] == [("STATUS_CHANGE", "done", 5), ("CONVERSATION_ASSIGNED", None, 6)]
    assigned = entries[0]["data"]
    assert (assigned["agent"], assigned["conversation_id"]) == ("Ben", str(world.conversation_id))
    assert assigned["customer_id"] == str(world.vera.actor.contact_id)
    assert assigned["customer_number"] == 1
    assert {entry["actor_name"] for entry in entries} == {"Ada"}
    everything = json.dumps(await read(browser))
    assert SECRET not in everything
    assert "192.0.2." not in everything, "no address is kept"


async def test_filters(world: World, browser: Browser) -> None:
    await busy(world)
    browser.be(world.sol)
    assert {entry["type"] for entry in await read(browser, "type=LOGGED_IN")} == {"LOGGED_IN"}
    assert len(await read(browser, "type=MESSENGER_SEND")) == 1
    assert await read(browser, "type=NO_SUCH_TYPE") == []
    assert {entry["actor_name"] for entry in await read(browser, f"agent_id={world.ben.id}")} == {"Ben"}
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat().replace("+", "%2B")
    assert await read(browser, f"since={soon}") == []
    assert len(await read(browser, f"until={soon}")) == len(await read(browser))
    early = (datetime.now(UTC) - timedelta(hours=2)).isoformat().replace("+", "%2B")
    assert await read(browser, f"until={early}") == []
    assert len(await read(browser, f"since={early}&until={soon}&type=STATUS_CHANGE&agent_id={world.ada.id}")) == 2


@pytest.mark.parametrize(
    "query", ["agent_id=x", "since=yesterday", "cursor=%3D", "limit=0", "limit=201", "type=" + "x" * 61]
)
async def test_what_cannot_be_asked_is_refused(world: World, browser: Browser, query: str) -> None:
    assert (await browser.be(world.sol).get(f"/audit?{query}")).status_code == 422


async def test_pages_follow_on_each_other_over_both_halves(world: World, browser: Browser) -> None:
    for _ in range(3):
        await busy(world)
        await agents.go_online(world.database, world.ada.actor, True)
        await agents.go_online(world.database, world.ada.actor, False)
    browser.be(world.sol)
    whole = await read(browser, "limit=200")
    cursor, paged = "", []
    while cursor is not None:
        page = (await browser.get(f"/audit?limit=3&cursor={cursor}")).json()
        paged += page["entries"]
        cursor = page["next_cursor"]
    assert paged == whole
    assert len({entry["id"] for entry in whole}) == len(whole) > 20
    assert [entry["at"] for entry in whole] == sorted((entry["at"] for entry in whole), reverse=True)


async def test_the_file_is_streamed_noted_and_calculates_nothing(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alongside.domains.audit.routes.AT_ONCE", 2)
    async with world.database.work() as work:
        formula = EditAgent(display_name='=HYPERLINK("http://evil.test")')
        await agents.edit_agent(work, world.sol.actor, world.ben.id, formula)
        await agents.create_team(work, world.sol.actor, NewTeam(name='Tür, "offen"'))
    await busy(world)
    entries = await read(browser.be(world.sol), "limit=200")
    answer = await browser.get("/audit/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    text = answer.content.decode("utf-8-sig")
    header, *rows = list(csv.reader(io.StringIO(text)))
    assert header == ["time", "type", "agent", "agent_id", "details"]
    assert [row[1] for row in rows] == ["AUDIT_EXPORTED", *(entry["type"] for entry in entries)]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)
    assert any('team: Tür, "offen"' in row[4] for row in rows)
    assert SECRET not in text
    noted = await read(browser, "type=AUDIT_EXPORTED")
    assert [entry["actor_name"] for entry in noted] == ["Sol"]
    part = (await browser.get("/audit/export?type=TEAM_CREATED")).content.decode("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(part)))) == 2


async def test_how_long_it_is_kept(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    assert (await browser.get("/audit/about")).json()["keep_days"] == 400
    for refused in (29, 3_651, "x"):
        assert (await browser.put("/audit/settings", {"keep_days": refused})).status_code == 422
    assert (await browser.put("/audit/settings", {"keep_days": 60})).json()["keep_days"] == 60
    assert (await browser.put("/audit/settings", {"keep_days": 60})).status_code == 200
    changes = [
        entry["data"] for entry in await read(browser, "type=SETTINGS_CHANGE") if entry["data"]["area"] == "audit"
    ]
    assert changes == [{"area": "audit", "values": {"keep_days": 60}}]


async def test_the_old_is_forgotten_and_nothing_else(world: World, browser: Browser) -> None:
    await busy(world)
    async with world.database.work() as work:
        await actions.keep_for(work, world.sol.actor, AuditSettings(keep_days=60))
        for days in (59, 61, 400):
            await work.run("INSERT INTO audit_entry (at, type) VALUES (now() - make_interval(days => $1), 'OLD')", days)
    async with world.database.work() as work:
        before = await work.value("SELECT count(*) FROM audit_entry")
        assert await actions.forget_old(work) == 2
        assert await work.value("SELECT count(*) FROM audit_entry") == before - 2
    async with world.database.work() as work:
        await work.run("UPDATE entry SET at = at - interval '61 days' WHERE seq <= 2")
    browser.be(world.sol)
    assert await read(browser, "type=MESSENGER_SEND") == [], "what is older is not shown, wherever it stands"
    assert len(await read(browser, "type=OLD&since=2000-01-01T00:00:00Z")) == 1
    async with world.database.work() as work:
        await work.run("UPDATE entry SET at = at + interval '61 days' WHERE seq <= 2")


async def test_who_may(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    for path in ("/audit", "/audit/about", "/audit/export"):
        assert (await browser.get(path)).status_code == 403
    assert (await browser.put("/audit/settings", {"keep_days": 60})).status_code == 403
    with pytest.raises(Forbidden):
        async with world.database.work() as work:
            await actions.keep_for(work, world.ada.actor, AuditSettings(keep_days=60))
    browser.client.cookies.clear()
    assert (await browser.get("/audit")).status_code == 401


@pytest.mark.parametrize(
    "catalogue", sorted((ROOT / "web/apps/console/src/i18n").glob("*.json")), ids=lambda path: path.stem
)
def test_every_type_has_its_name(catalogue: Any) -> None:
    texts = json.loads(catalogue.read_text())
    product = [kind for kind in deeds.kinds() if kind.__module__.startswith("alongside.")]
    wanted = [*queries.IN_CONVERSATIONS, *(kind.deed for kind in product)]
    assert [name for name in wanted if f"auditType.{name}" not in texts] == []
    page = (ROOT / "docs/audit.md").read_text()
    assert [name for name in wanted if f"| `{name}` |" not in page] == []
