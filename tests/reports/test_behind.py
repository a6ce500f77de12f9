"""A click on a figure opens exactly what it counts: in the report's own list, in the inbox, among the contacts."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.reports.stories import Step, live, some_steps
from tests.world import Browser, World, hire, make_role

DAYS = "first=2026-03-27&last=2026-03-29"
COUNTED = {"first_response": "first_response", "waiting": "waiting", "handling": "handling"}


async def opened(browser: Browser, question: str) -> list[dict[str, Any]]:
    """The rows behind a figure, by pages as the screen reads them."""
    found: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = (await browser.get(f"/reports/episodes?{question}&limit=7{cursor}")).json()
        found += page["rows"]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def listed(browser: Browser, door: str, question: str) -> set[str]:
    found: set[str] = set()
    cursor = ""
    while True:
        page = (await browser.get(f"/{door}?{question}&limit=7{cursor}")).json()
        found |= {row["id"] for row in page["rows"]}
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


async def test_every_figure_is_the_number_of_rows_that_its_link_opens(
    world: World, browser: Browser, seed: int
) -> None:
    chance = random.Random(seed)
    for _ in range(20):
        began = datetime(2026, 3, 26, 12, tzinfo=UTC) + timedelta(seconds=chance.randrange(4 * 86_400))
        await live(world, began, some_steps(world, chance, []))
    browser.be(world.sol)
    told = (await browser.get(f"/reports/dashboard?{DAYS}")).json()
    assert told["figures"]["rated"] == len(await opened(browser, f"{DAYS}&having=rating"))
    rows = await opened(browser, DAYS)
    assert told["figures"]["episodes"] == len(rows)
    for figure, having in COUNTED.items():
        assert told["figures"][figure]["count"] == len(await opened(browser, f"{DAYS}&having={having}"))
    assert told["figures"]["closed"] == len(await opened(browser, f"{DAYS}&having=resolution"))
    for group, name in (
        ("by_status", "status"),
        ("by_agent", "agent"),
        ("by_channel", "channel"),
        ("by_rating", "rating"),
    ):
        for each in told[group]:
            value = each[name if name in ("status", "rating") else f"{name}_id"]
            assert each["figures"]["episodes"] == len(await opened(browser, f"{DAYS}&{name}={value}"))
    hours = (await browser.get("/reports/dashboard?first=2026-03-28&last=2026-03-28")).json()
    assert hours["unit"] == "hour"
    for part in hours["over_time"]:
        moments = f"since={part['begins']}&until={part['ends']}"
        assert part["figures"]["episodes"] == len(await opened(browser, f"first=2026-03-28&last=2026-03-28&{moments}"))
    conversations = {row["conversation_id"] for row in rows}
    assert await listed(browser, "conversations", f"folder=all&{DAYS}") == conversations
    counts = (await browser.get(f"/conversations/counts?{DAYS}")).json()
    assert counts["all"] == len(conversations)
    people = await listed(browser, "contacts", DAYS)
    assert len(people) == len(conversations), "each of these visitors has one"
    for folder in ("unread", "unresolved"):
        now = await listed(browser, "conversations", f"folder={folder}")
        assert told["open_now"][folder] == len(now)


async def test_days_are_the_companys_and_both_belong_to_the_period(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    await browser.put("/reports/zone", {"zone": "Asia/Tokyo"})
    edge = datetime(2026, 3, 10, 15, tzinfo=UTC)  # midnight in Tokyo
    before, at = [str(await live(world, edge - timedelta(seconds=each), [Step(0, "ask")])) for each in (1, 0)]
    assert await listed(browser, "conversations", "folder=all&first=2026-03-10") == {before}
    assert await listed(browser, "conversations", "folder=all&last=2026-03-11") == {at}
    assert await listed(browser, "conversations", "folder=all&first=2026-03-10&last=2026-03-11") == {before, at}


async def test_what_makes_no_period_is_refused(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    for door in ("conversations", "conversations/counts", "contacts"):
        for question in ("first=2026-03-10&last=2026-03-09", "first=0001-01-01", "first=soon"):
            assert (await browser.get(f"/{door}?{question}")).status_code in (400, 422)
    for question in ("having=luck", "since=2026-03-10T00:00:00", "until=noon"):
        assert (await browser.get(f"/reports/episodes?{DAYS}&{question}")).status_code in (400, 422), question


async def test_a_period_shows_nothing_that_is_out_of_sight(world: World, browser: Browser) -> None:
    began = datetime(2026, 3, 28, 12, tzinfo=UTC)
    theirs = await live(world, began, [Step(0, "ask"), Step(5, "give", world.sol, (world.ada.id, None))])
    role = await make_role(world.database, "Own", ["conversations.reply"])
    async with world.database.work() as work:
        await work.run("UPDATE role SET sees = 'own' WHERE id = $1", role)
    browser.be(await hire(world.config, world.database, "Eve", role))
    assert str(theirs) not in await listed(browser, "conversations", f"folder=all&{DAYS}")
    assert (await browser.get(f"/conversations/counts?{DAYS}")).json()["all"] == 0
    assert await listed(browser, "contacts", DAYS) == set()
