"""Who may see reports, and what is refused."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.harness.stage import Stage
from tests.world import Browser, World, hire, make_role

DAYS = "first=2026-03-01&last=2026-03-31"
EXPORT = {"report": "conversations", "first": "2026-03-01", "last": "2026-03-31"}
DOORS = [
    f"/reports/dashboard?{DAYS}",
    f"/reports/episodes?{DAYS}",
    f"/reports/conversations?{DAYS}",
    f"/reports/gathered?{DAYS}",
    f"/reports/agent-times?{DAYS}",
    f"/reports/agent-times/spans?{DAYS}",
    f"/reports/agent-times/export?{DAYS}",
    "/reports/exports",
    "/reports/columns",
    "/reports/countries",
    "/reports/schedules",
    f"/reports/gathered/figures?{DAYS}",
    f"/reports/gathered/rows?{DAYS}",
    "/reports/zone",
]


async def test_only_who_may_view_reports_sees_any(world: World, browser: Browser) -> None:
    assert {(await browser.get(door)).status_code for door in DOORS} == {401}
    browser.be(world.ada)
    assert {(await browser.get(door)).status_code for door in DOORS} == {403}
    assert (await browser.post("/reports/exports", EXPORT)).status_code == 403
    role = await make_role(world.database, "Analyst", ["reports.view"])
    ann = await hire(world.config, world.database, "Ann", role)
    browser.be(ann)
    assert {(await browser.get(door)).status_code for door in DOORS} == {200}
    assert (await browser.put("/reports/zone", {"zone": "Europe/Berlin"})).status_code == 403


async def test_days_are_counted_in_the_zone_of_the_company(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    assert (await browser.get(DOORS[0])).json()["period"]["zone"] == "UTC"
    assert (await browser.put("/reports/zone", {"zone": "Europe/Berlin"})).json() == {"zone": "Europe/Berlin"}
    told = (await browser.get(DOORS[0])).json()
    assert told["period"]["zone"] == "Europe/Berlin"
    assert told["over_time"][0]["begins"] == "2026-02-28T23:00:00Z"
    assert (await browser.get(f"{DOORS[0]}&zone=UTC")).json()["period"]["zone"] == "UTC"
    for zone in ("Mars/Base", "", "/etc/localtime", "x" * 61):
        assert (await browser.put("/reports/zone", {"zone": zone})).status_code in (400, 422)
    assert (await browser.get("/reports/zone")).json() == {"zone": "Europe/Berlin"}


async def test_the_audit_log_names_who_took_what_away(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    for door in (f"/reports/conversations?{DAYS}", f"/reports/gathered?{DAYS}", f"/reports/agent-times/export?{DAYS}"):
        assert (await browser.get(door)).status_code == 200
    assert (await browser.post("/reports/exports", EXPORT)).status_code == 201
    await browser.get(f"/reports/dashboard?{DAYS}")
    for zone in ("Europe/Berlin", "Europe/Berlin"):
        await browser.put("/reports/zone", {"zone": zone})
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT actor_id, data FROM audit_entry WHERE type = 'REPORT_EXPORTED' ORDER BY at, data ->> 'report'"
        )
        zones = await reading.rows("SELECT data FROM audit_entry WHERE data -> 'values' ? 'time_zone'")
    days = {"since": "2026-03-01", "until": "2026-03-31"}
    told = ["conversations", "gathered", "agent_times", "conversations"]
    assert [row["data"] for row in rows] == [{"report": report, **days} for report in told]
    assert {row["actor_id"] for row in rows} == {world.sol.id}
    assert [row["data"]["values"] for row in zones] == [{"time_zone": "Europe/Berlin"}], "a change of nothing is none"


async def test_what_cannot_be_asked(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    for path, code in (
        ("/reports/dashboard?first=2026-03-02&last=2026-03-01", "period-backwards"),
        ("/reports/dashboard?first=2016-03-02&last=2026-03-01", "period-too-long"),
        (f"/reports/episodes?{DAYS}&cursor=WzEsMl0", "bad-cursor"),
        (f"/reports/conversations?{DAYS}&columns=customer,password", "no-such-column"),
    ):
        answer = await browser.get(path)
        assert (answer.status_code, answer.json()["code"]) == (422, code), path
    for path in ("/reports/dashboard?first=2026-03-02", f"/reports/dashboard?{DAYS}&status=open"):
        assert (await browser.get(path)).status_code in (400, 422)
    narrowed = EXPORT | {"report": "gathered", "filter": {"status": "done"}}
    assert (await browser.post("/reports/exports", narrowed)).json()["code"] == "filter-unwanted"
    assert (await browser.post("/reports/exports", EXPORT | {"mail": "x"})).status_code == 422


async def test_days_can_be_asked_for_as_seen_from_today(world: World, browser: Browser) -> None:
    """Whoever asks every morning needs to compute no date, and no time zone."""
    browser.be(world.sol)
    await browser.put("/reports/zone", {"zone": "Pacific/Kiritimati"})
    today = datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    told = (await browser.get("/reports/agent-times?span=7_days")).json()["period"]
    first, last = (date.fromisoformat(told[end]) for end in ("first", "last"))
    assert last - first == timedelta(days=6)
    assert last in (today - timedelta(days=1), today), "midnight may have passed since"
    whole = (await browser.get("/reports/dashboard?span=last_month&zone=UTC")).json()["period"]
    assert whole["first"].endswith("-01")
    for question in ("", f"span=7_days&{DAYS}", "first=2026-03-02", "span=last_month&last=2026-03-02"):
        answer = await browser.get(f"/reports/dashboard?{question}")
        assert (answer.status_code, answer.json()["code"]) == (422, "which-days"), question
    assert (await browser.get("/reports/dashboard?span=ever")).status_code == 422


async def test_progress_is_told_to_who_asked_and_to_nobody_else(deployed: Stage) -> None:
    cast, token = deployed.world, await deployed.newcomer()
    async with (
        deployed.visitor(token, deployed.urls[0]) as tab,
        deployed.agent(cast.sol, deployed.urls[-1]) as sol,
        deployed.agent(cast.ben, deployed.urls[0]) as ben,
        deployed.console(cast.sol, deployed.urls[0]) as desk,
    ):
        told = (await desk.post("/reports/exports", json=EXPORT)).json()
        await sol.until(lambda: any(each["export"]["state"] == "ready" for each in sol.of_type("report_export")))
        assert {each["export"]["id"] for each in sol.of_type("report_export")} == {told["id"]}
        await tab.send("are there any in red?")
        await ben.until(lambda: bool(ben.of_type("row")))
        assert not ben.of_type("report_export")
        assert "report" not in " ".join(str(frame) for _, frame in tab.frames)
