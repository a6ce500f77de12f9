"""A site is seen by whoever looks at it: nobody has to write for its widget to be there."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import httpx
import pytest

from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import EditChannel
from alongside.domains.watchdogs import actions
from alongside.kit.time import now
from tests.watchdogs.test_watchdogs import look, make, run, told
from tests.world import ORIGIN, Browser, World

VISIT = "INSERT INTO visit (contact_id, channel_id) SELECT contact_id, channel_id FROM conversation WHERE id = $1"
SEEN = "SELECT seen_at FROM widget_seen WHERE channel_id = $1"

FULL_DISK = """
CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$
"""


async def open_page(world: World, browser: Browser, key: str | None = None, **headers: str | None) -> httpx.Response:
    """A page of some site asks for the button, as its loader does for somebody who was never there before."""
    path = f"/widget/channels/{key or world.site.key}"
    return await browser.call("GET", path, headers={"origin": None, "sec-fetch-site": "cross-site"} | headers)


async def seen_at(world: World) -> datetime | None:
    async with world.database.reading() as reading:
        found: datetime | None = await reading.value(SEEN, world.site.id)
    return found


async def allow(world: World, *origins: str) -> None:
    async with world.database.work() as work:
        change = EditChannel(allowed_origins=list(origins))
        await channels.edit_channel(work, world.sol.actor, world.site.id, change)


async def test_who_looks_and_never_writes_has_seen_the_widget(world: World, browser: Browser) -> None:
    await run(world, "DELETE FROM visit")
    await make(world, kind="widget_unseen", threshold=24, channel_id=str(world.site.id))
    await run(world, "UPDATE watchdog SET watched_from = now() - interval '25 hours'")
    assert (await open_page(world, browser, origin="https://shop.test")).status_code == 200
    at = now()
    assert await look(world, at) == 0, "a visitor saw the button a moment ago"
    assert await look(world, at + timedelta(hours=23)) == 0
    assert await look(world, at + timedelta(hours=25)) == 1
    await run(world, "UPDATE widget_seen SET seen_at = now() + interval '25 hours'")
    assert await look(world, at + timedelta(hours=26)) == 1, "and it is over once somebody sees it again"
    assert [over for over, _ in told(world)] == [False, True]


@pytest.mark.parametrize("later", ["visit", "widget_seen"])
async def test_whichever_was_later_counts(world: World, browser: Browser, later: str) -> None:
    await make(world, kind="widget_unseen", threshold=24, channel_id=str(world.site.id))
    await run(world, VISIT, world.conversation_id)
    await open_page(world, browser, origin="https://shop.test")
    await run(world, "UPDATE visit SET last_seen_at = now() - interval '30 hours'")
    await run(world, "UPDATE widget_seen SET seen_at = now() - interval '30 hours'")
    column = "last_seen_at" if later == "visit" else "seen_at"
    await run(world, f"UPDATE {later} SET {column} = now()")
    assert await look(world) == 0
    await run(world, f"UPDATE {later} SET {column} = now() - interval '30 hours'")
    assert await look(world) == 1


async def test_only_a_page_of_a_site_that_may_show_it_counts(world: World, browser: Browser) -> None:
    assert (await open_page(world, browser)).status_code == 200
    assert await seen_at(world) is None, "a program names no site"
    for ours in ({"origin": ORIGIN}, {"referer": f"{ORIGIN}/widget/panel"}):
        assert (await open_page(world, browser, **ours)).status_code == 200
        assert await seen_at(world) is None, "the panel that stands alone is no site"
    await allow(world, "https://shop.test")
    for foreign in ({"origin": "https://evil.test"}, {"origin": "null"}, {"origin": ORIGIN}):
        await open_page(world, browser, **foreign)
        assert await seen_at(world) is None, foreign
    await open_page(world, browser, key="no-such-site", origin="https://shop.test")
    assert await seen_at(world) is None
    await open_page(world, browser, referer="https://shop.test/a/page")
    assert await seen_at(world) is not None
    await run(world, "DELETE FROM widget_seen")
    await allow(world, ORIGIN)
    await open_page(world, browser, referer=f"{ORIGIN}/demo/")
    assert await seen_at(world) is not None, "a shop that stands at our own address, and is listed"


async def test_however_many_look_it_is_noted_once_a_minute(world: World, browser: Browser) -> None:
    sites = [f"https://{number}.test" for number in range(5)]
    await asyncio.gather(*(open_page(world, browser, origin=site) for site in sites))
    first = await seen_at(world)
    await open_page(world, browser, origin="https://shop.test")
    assert first is not None
    await actions.note_seen(world.database, world.site.id)
    assert await seen_at(world) == first, "also by a process that looked before another had noted it"
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM widget_seen") == 1, "whatever sites are claimed"
    await run(world, "UPDATE widget_seen SET seen_at = now() - interval '61 seconds'")
    await open_page(world, browser, origin="https://shop.test")
    again = await seen_at(world)
    assert again is not None
    assert again >= first


async def test_the_button_shows_though_nothing_can_be_noted(world: World, browser: Browser) -> None:
    await run(world, FULL_DISK)
    await run(world, "CREATE TRIGGER full_disk BEFORE INSERT ON widget_seen EXECUTE FUNCTION full_disk()")
    assert (await open_page(world, browser, origin="https://shop.test")).status_code == 200
    assert await seen_at(world) is None
    await run(world, "DROP TRIGGER full_disk ON widget_seen")
    await open_page(world, browser, origin="https://shop.test")
    assert await seen_at(world) is not None


async def test_nobody_waits_for_a_note_that_hangs(world: World, browser: Browser) -> None:
    await open_page(world, browser, origin="https://shop.test")
    await run(world, "UPDATE widget_seen SET seen_at = now() - interval '2 minutes'")
    before = await seen_at(world)
    async with asyncio.timeout(10), world.database.work() as hanging:
        await hanging.row("SELECT FROM widget_seen FOR UPDATE")
        looking = (open_page(world, browser, origin="https://shop.test") for _ in range(3))
        assert {answer.status_code for answer in await asyncio.gather(*looking)} == {200}
    assert await seen_at(world) == before


async def test_what_was_seen_of_a_channel_goes_with_it(world: World, browser: Browser) -> None:
    await open_page(world, browser, origin="https://shop.test")
    await run(world, "DELETE FROM channel WHERE id = $1", world.site.id)
    assert await seen_at(world) is None
