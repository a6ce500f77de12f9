"""When and where there is a chat: an admin says it, and open pages of visitors follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Request, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, BACK, Cast, Visitor, frames_of, told
from tests.e2e.site import Site, snippet
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def hours(api: Api) -> Iterator[dict[str, Any]]:
    """The company's opening hours, as they were again afterwards."""
    before = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    yield before
    now = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    body = {"version": now["version"], "name": before["name"], "hours": before["hours"], "is_default": False}
    api("PATCH", f"/opening-hours/{now['id']}", body)


async def test_an_admin_writes_opening_hours_and_never_over_somebody_elses(
    cast: Cast, api: Api, hours: dict[str, Any]
) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.goto(f"{cast.product.url}/console/settings/general")
    await page.get_by_label("Time zone").select_option("Europe/Berlin")
    # A break, and the same for the other workdays.
    await page.get_by_label("Monday, closes").fill("12:00")
    await page.get_by_role("button", name="Add times to Monday").click()
    await expect(page.get_by_label("Monday, opens").nth(1)).to_have_value("13:00")
    await page.get_by_role("button", name="Make Tuesday to Friday like Monday").click()
    await expect(page.get_by_label("Friday, opens")).to_have_count(2)
    # What overlaps is said beside the day, and is mended there.
    await page.get_by_label("Monday, opens").nth(1).fill("11:00")
    wrong = page.get_by_role("group", name="Monday")
    await expect(wrong.get_by_text("These times overlap.")).to_be_visible()
    await page.get_by_label("Monday, opens").nth(1).fill("13:00")
    await expect(wrong.get_by_text("These times overlap.")).to_be_hidden()
    # Holidays out of a list.
    await page.get_by_role("button", name="Import holidays").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Calendar or list").fill("25.12. Christmas\nthe day after")
    await dialog.get_by_role("button", name="Read").click()
    await expect(dialog.get_by_text("Line 2 does not begin with a day.")).to_be_visible()
    await dialog.get_by_label("Calendar or list").fill("25.12. Christmas")
    await dialog.get_by_role("button", name="Read").click()
    await expect(dialog.get_by_text("One day was found.")).to_be_visible()
    await dialog.get_by_role("button", name="Add them").click()
    await expect(page.get_by_label("Name").last).to_have_value("Christmas")
    async with told(page, "Opening hours saved."):
        await page.get_by_role("button", name="Save").click()
    saved = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    noon = [{"opens": "09:00", "closes": "12:00"}, {"opens": "13:00", "closes": "17:00"}]
    assert saved["hours"]["zone"] == "Europe/Berlin"
    assert saved["hours"]["week"] == [noon] * 5 + [[], []]
    assert [(day["name"], day["yearly"]) for day in saved["hours"]["special"]] == [("Christmas", True)]
    # While one changes them, somebody else does: told, and nothing is lost.
    await page.get_by_role("button", name="Add times to Saturday").click()
    theirs = {"version": saved["version"], "name": "By another", "hours": saved["hours"], "is_default": False}
    api("PATCH", f"/opening-hours/{saved['id']}", theirs)
    await expect(page.get_by_text("Somebody else has changed these opening hours")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await page.get_by_role("button", name="Keep mine").click()
    await page.get_by_label("Name", exact=True).first.fill("By both")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Discard")).to_be_hidden()
    both = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    assert (both["name"], len(both["hours"]["week"][5])) == ("By both", 1)


async def test_closing_time_turns_open_pages_and_cuts_nobody_off(cast: Cast, api: Api, site: Site) -> None:
    own = _hours(api, closes_in=timedelta(hours=3))
    key = _channel(api, own, outside="form")
    visitor, late = [await cast.visitor(path=site.page("/", snippet(cast.product.url, key))) for _ in range(2)]
    read = [_hours_read(each, key) for each in (visitor, late)]
    for each in (visitor, late):
        await each.page.clock.install()
        await each.page.reload()
        await each.open()
    await visitor.say("Is the shop open?")
    await late.field.fill("Written before six")
    # The panel sets its clock by the server's when it has read the hours, and reads them again where it was away, as
    # before a first message: time passes after that.
    await until(lambda: len(read[0]) >= len(frames_of(visitor.heard, "welcome")) >= 2 and len(read[1]) >= 1)
    for each in (visitor, late):
        await each.panel.locator("body").evaluate(
            "new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"
        )
    # Three hours and a minute pass in the visitors' browsers.
    for each in (visitor, late):
        await _only_the_browser_knows(each, key)
        await each.page.clock.fast_forward("03:01:00")
    # Who has begun goes on; who has not is told when somebody is back, and may leave an address.
    await expect(visitor.panel.locator(".banner")).to_have_text(
        re.compile("Nobody is here now. We are back (today|tomorrow) at")
    )
    await visitor.say("I write all the same")
    form = late.panel.get_by_role("form", name="Leave us a message")
    await expect(form).to_be_visible()
    await expect(form.get_by_label("Your message")).to_have_value("Written before six")
    await form.get_by_role("button", name="Send message").click()
    await expect(form.get_by_text("Fill this in, so that we can answer.")).to_have_count(2)
    await form.get_by_label("Your name").fill("Late Lena")
    await form.get_by_label("Your e-mail address").fill("lena@")
    await expect(form.get_by_text("Enter a whole address")).to_be_visible()
    await form.get_by_label("Your e-mail address").fill("lena@example.com")
    await form.get_by_role("button", name="Send message").click()
    await expect(late.message("Written before six")).to_have_attribute("data-seq", "1", timeout=BACK)
    await expect(form).to_be_hidden()
    row = next(
        one for one in api("GET", "/conversations?folder=unread")["rows"] if one["contact"]["name"] == "Late Lena"
    )
    contact = api("GET", f"/contacts/{row['contact']['id']}")["contact"]
    assert (contact["claims"]["name"], contact["claims"]["email"]) == ("Late Lena", "lena@example.com")
    # Tomorrow it opens again, and the form would be a chat.
    await visitor.page.clock.fast_forward("22:00:00")
    await expect(visitor.panel.locator(".banner")).to_be_hidden()


async def test_an_admin_hides_the_chat_on_pages_and_at_times_and_open_pages_follow(
    cast: Cast, api: Api, site: Site
) -> None:
    own = _hours(api, closes_in=timedelta(hours=3))
    channel = _channel(api, own, outside="hide")
    page_of_site = site.page("/shop/", snippet(cast.product.url, channel))
    channel_id = next(one["id"] for one in api("GET", "/channels") if one["key"] == channel)
    visitor = await cast.visitor(path=page_of_site)
    known = await cast.visitor(path=page_of_site)
    await known.open()
    await known.say("I have a conversation")
    await known.call("close")
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/settings/channels/{channel_id}?part=availability")
    # An address is tried before anything is saved.
    never = ines.page.get_by_label("Never on these pages")
    await never.fill("/cart\nno such page")
    await ines.page.get_by_label("Try an address").fill("https://shop.example.com/shop/checkout/pay")
    await ines.page.get_by_role("button", name="Try", exact=True).click()
    await expect(ines.page.get_by_text("Line 2: Write a path such as")).to_be_visible()
    await never.fill("/cart\n/shop/checkout/*")
    await ines.page.get_by_role("button", name="Try", exact=True).click()
    await expect(ines.page.get_by_text("Not shown, because of line 2 of the second list")).to_be_visible()
    await ines.page.get_by_role("button", name="Save").click()
    await expect(ines.page.get_by_role("button", name="Discard")).to_be_hidden()
    stored = api("GET", f"/channels/{channel_id}")["settings"]["availability"]
    assert (stored["hide_on"], stored["version"]) == (["/cart", "/shop/checkout/*"], 2)
    # A page that changes its address without a reload: gone there, back again elsewhere.
    await visitor.page.reload()
    await expect(visitor.button).to_be_visible()
    await visitor.page.evaluate("history.pushState(null, '', '/shop/checkout/pay')")
    await expect(visitor.button).to_be_hidden()
    await visitor.page.evaluate("history.pushState(null, '', '/shop/thanks')")
    await expect(visitor.button).to_be_visible()
    # Closing time: hidden from who has no conversation, while it stays for who has one.
    for each in (visitor, known):
        await each.page.clock.install()
        await each.page.goto(page_of_site)
        await expect(each.button).to_be_visible()
        await _only_the_browser_knows(each, channel)
        await each.page.clock.fast_forward("03:01:00")
    await expect(visitor.button).to_be_hidden()
    await expect(known.button).to_be_visible()
    await visitor.page.clock.fast_forward("22:00:00")
    await expect(visitor.button).to_be_visible()
    await known.page.unroute_all()
    # A panel that is open hears of a change of hours at once.
    await known.open()
    await known.listens(known=True)
    today = datetime.now(UTC).date()
    closed = {"name": "Today", "first": str(today - timedelta(days=1)), "last": str(today + timedelta(days=1))}
    hours = {**own["hours"], "special": [closed]}
    api("PATCH", f"/opening-hours/{own['id']}", {"version": 1, "name": own["name"], "hours": hours})
    await expect(known.panel.locator(".banner")).to_have_text(re.compile("^Nobody is here now. We are back "))
    await known.say("and yet I may write")


async def test_a_button_that_nobody_ever_pressed_follows_its_channel_too(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel(f"Site {uuid4().hex[:6]}")
    path = f"/channels/{channel['id']}"
    visitor = await cast.visitor(path=site.page("/shop/", snippet(cast.product.url, channel["key"])))
    page = visitor.page
    await page.clock.install()
    await page.reload()
    await expect(visitor.button).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.clock.fast_forward("04:00")
    assert asked == [], "a page that is only being read asks nothing"
    version = api("GET", path)["settings"]["availability"]["version"]
    api("PATCH", path, {"settings": {"availability": {"version": version, "hide_on": ["/shop/*"]}}})
    await page.clock.fast_forward("01:30")
    await expect(visitor.button).to_be_hidden()
    assert sum(url.endswith(f"/widget/channels/{channel['key']}") for url in asked) == 1
    api("PATCH", path, {"settings": {"availability": {"version": version + 1}}})
    await page.clock.fast_forward("05:00")
    await expect(visitor.button).to_be_visible()
    api("PATCH", path, {"active": False})
    await page.clock.fast_forward("05:00")
    await expect(visitor.button).to_be_hidden()
    api("PATCH", path, {"active": True})
    await page.clock.fast_forward("05:00")
    await expect(visitor.button).to_be_visible()


def _hours_read(visitor: Visitor, key: str) -> list[Request]:
    """What the panel has read of its channel, from now on."""
    read: list[Request] = []

    def heard(request: Request) -> None:
        if request.url.endswith(f"/widget/channels/{key}") and request.frame.parent_frame:
            read.append(request)

    visitor.page.on("requestfinished", heard)
    return read


async def _only_the_browser_knows(visitor: Visitor, key: str) -> None:
    """Pages turn by what they were told: here time passes in the browser alone, and the server would set its clock."""
    await visitor.page.route(f"**/api/v1/widget/channels/{key}", lambda route: route.abort())


def _hours(api: Api, closes_in: timedelta) -> dict[str, Any]:
    """Opening hours that are open now, close then, and open again at this time tomorrow, for ever."""
    now = datetime.now(UTC)
    opens, closes = ((now + step).strftime("%H:%M") for step in (-timedelta(hours=1), closes_in))
    hours = {"zone": "UTC", "week": [[{"opens": opens, "closes": closes}]] * 7, "special": []}
    made: dict[str, Any] = api("POST", "/opening-hours", {"name": f"Site {uuid4().hex[:6]}", "hours": hours})
    return made


def _channel(api: Api, hours: dict[str, Any], **availability: str) -> str:
    channel = api.channel(f"Site {uuid4().hex[:6]}", availability={"hours_id": hours["id"], **availability})
    key: str = channel["key"]
    return key
