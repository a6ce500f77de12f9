"""Opening hours over HTTP: who may, what is refused, and that nobody overwrites what they have not seen."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest

from alongside.domains.workspace import queries
from alongside.domains.workspace.actions import opening_hours as actions
from alongside.domains.workspace.events import HoursChanged, SettingsChanged
from alongside.domains.workspace.schemas import EditOpeningHours, Hours, NewOpeningHours
from alongside.platform.errors import Conflict
from tests.world import Browser, World

ALWAYS = {"zone": "Europe/Berlin", "week": [[{"opens": "00:00", "closes": "24:00"}]] * 7, "special": []}
NEVER = ALWAYS | {"week": [[]] * 7}


@pytest.fixture
async def sol(world: World, browser: Browser) -> Browser:
    return browser.be(world.sol)


async def company(browser: Browser) -> dict[str, Any]:
    return next(each for each in (await browser.get("/opening-hours")).json() if each["is_default"])


async def test_a_company_has_opening_hours_from_the_start(sol: Browser) -> None:
    first = await company(sol)
    assert (first["name"], first["version"], first["hours"]["zone"]) == ("Opening hours", 1, "UTC")
    assert [len(spans) for spans in first["hours"]["week"]] == [1, 1, 1, 1, 1, 0, 0]


async def test_made_changed_made_the_company_s_deleted(sol: Browser) -> None:
    made = (await sol.post("/opening-hours", {"name": "  Workshop ", "hours": ALWAYS})).json()
    assert (made["name"], made["is_default"], made["version"]) == ("Workshop", False, 1)
    path = f"/opening-hours/{made['id']}"
    change = {"version": 1, "name": "Workshop", "hours": NEVER, "is_default": True}
    changed = (await sol.patch(path, change)).json()
    assert (changed["is_default"], changed["version"], changed["hours"]) == (True, 2, NEVER)
    assert [each["is_default"] for each in (await sol.get("/opening-hours")).json()] == [True, False]
    assert (await sol.delete(path)).json()["code"] == "hours-default"
    former = (await sol.get("/opening-hours")).json()[1]
    assert (await sol.delete(f"/opening-hours/{former['id']}")).status_code == 204


async def test_what_changed_is_announced_and_kept(world: World) -> None:
    async with world.database.work() as work:
        new = NewOpeningHours(name="Workshop", hours=msgspec.convert(NEVER, Hours))
        made = await actions.create_hours(work, world.sol.actor, new)
        await actions.delete_hours(work, world.sol.actor, made.id)
    assert len(world.facts.of(HoursChanged)) == 2
    created, deleted = world.facts.of(SettingsChanged)
    assert (created.area, created.values["created"], created.values["hours"]) == ("opening-hours", "Workshop", NEVER)
    assert deleted.values == {"deleted": "Workshop"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"week": [[{"opens": "09:00", "closes": "09:00"}], *[[]] * 6]}, "week"),
        ({"special": [{"name": "x", "first": "2026-05-02", "last": "2026-05-01"}]}, "special"),
    ],
    ids=["zone", "week", "special"],
)
async def test_a_refusal_says_where_it_is_wrong(sol: Browser, change: dict[str, Any], field: str) -> None:
    answer = await sol.post("/opening-hours", {"name": "New", "hours": ALWAYS | change})
    assert (answer.status_code, answer.json()["details"]["field"]) == (422, field)
    answer = await sol.post("/opening-hours/outlook", ALWAYS | change)
    assert (answer.status_code, answer.json()["details"]["field"]) == (422, field)


@pytest.mark.parametrize(
    "hours",
    [
        ALWAYS | {"week": [[]] * 6},
        ALWAYS | {"week": [[{"opens": "9:00", "closes": "17:00"}], *[[]] * 6]},
        ALWAYS | {"week": [[{"opens": "09:00", "closes": "25:00"}], *[[]] * 6]},
        ALWAYS | {"week": [[{"opens": "09:00\n", "closes": "17:00"}], *[[]] * 6]},
        ALWAYS | {"special": [{"first": "2026-02-30", "last": "2026-02-30"}]},
        ALWAYS | {"more": 1},
    ],
    ids=["six-days", "no-zero", "25", "newline", "no-day", "unknown"],
)
async def test_a_body_of_another_shape_is_refused(sol: Browser, hours: dict[str, Any]) -> None:
    assert (await sol.post("/opening-hours", {"name": "New", "hours": hours})).status_code in (400, 422)


async def test_a_name_is_given_once_and_is_one(sol: Browser) -> None:
    taken = await sol.post("/opening-hours", {"name": "opening HOURS", "hours": ALWAYS})
    assert (taken.status_code, taken.json()["code"]) == (422, "hours-name-taken")
    empty = await sol.post("/opening-hours", {"name": " ", "hours": ALWAYS})
    assert empty.json()["details"]["field"] == "name"


async def test_of_two_who_change_at_once_the_second_is_told(world: World) -> None:
    async with world.database.reading() as reading:
        before = (await queries.opening_hours(reading))[0]
    change = EditOpeningHours(version=before.version, name=before.name, hours=before.hours, is_default=True)

    async def edit() -> None:
        async with world.database.work() as work:
            await actions.edit_hours(work, world.sol.actor, before.id, change)

    outcomes = await asyncio.gather(*(edit() for _ in range(4)), return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome is None] == [None]
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert all(isinstance(each, Conflict) and each.code == "changed-meanwhile" for each in refused)


async def test_the_last_word_on_who_is_the_company_s(sol: Browser) -> None:
    ids = [(await sol.post("/opening-hours", {"name": f"No. {n}", "hours": ALWAYS})).json()["id"] for n in range(3)]
    change = {"version": 1, "name": "", "hours": ALWAYS, "is_default": True}
    answers = await asyncio.gather(*(sol.patch(f"/opening-hours/{i}", change | {"name": i}) for i in ids))
    assert [answer.status_code for answer in answers] == [200] * 3
    assert sum(each["is_default"] for each in (await sol.get("/opening-hours")).json()) == 1


async def test_everybody_reads_and_who_may_changes(world: World, browser: Browser) -> None:
    ada = browser.be(world.ada)
    hours = await company(ada)
    assert (await ada.post("/opening-hours/outlook", ALWAYS)).json()["open"] is True
    change = {"version": 1, "name": "x", "hours": ALWAYS}
    for answer in (
        await ada.post("/opening-hours", {"name": "x", "hours": ALWAYS}),
        await ada.patch(f"/opening-hours/{hours['id']}", change),
        await ada.delete(f"/opening-hours/{hours['id']}"),
        await ada.post("/opening-hours/holidays", {"text": "25.12."}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_the_days_to_come_and_holidays_from_a_list(sol: Browser) -> None:
    outlook = (await sol.post("/opening-hours/outlook", NEVER)).json()
    assert (outlook["open"], outlook["changes_at"], len(outlook["days"])) == (False, None, 14)
    read = (await sol.post("/opening-hours/holidays", {"text": "25.12. Christmas"})).json()
    assert [(each["name"], each["yearly"], each["spans"]) for each in read] == [("Christmas", True, [])]
    refused = await sol.post("/opening-hours/holidays", {"text": "Christmas"})
    assert (refused.status_code, refused.json()["details"]) == (422, {"field": "text", "line": 1})


async def test_none_that_is_unknown(sol: Browser, world: World) -> None:
    change = {"version": 1, "name": "x", "hours": ALWAYS}
    path = f"/opening-hours/{world.site.id}"
    assert (await sol.patch(path, change)).json()["code"] == "no-such-hours"
    assert (await sol.delete(path)).json()["code"] == "no-such-hours"
