"""The inbox as an agent works in it all day: list, filters, counts, keyboard, drafts, pop-ups, narrow screens."""

from __future__ import annotations

import asyncio
import re
from itertools import pairwise

import pytest
from playwright.async_api import Locator, WebSocketRoute, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor, sign_in
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MANY = 2_000
CROWD = """
WITH people AS (
    INSERT INTO contact (name) SELECT 'Crowd ' || lpad(n::text, 4, '0') FROM generate_series(1, %(many)s) AS n
    RETURNING id, substr(name, 7)::int AS n
), talks AS (
    INSERT INTO conversation (contact_id, channel_id, status, last_seq, last_public_seq, preview, preview_author,
                              last_message_at, unread_count)
    SELECT id, %(channel)s, 'unread', 1, 1, 'Line ' || n, 'visitor', now() - n * interval '1 minute', 1 FROM people
    RETURNING id, contact_id, last_message_at
), episodes AS (
    INSERT INTO episode (conversation_id, number, first_seq, opened_at) SELECT id, 1, 1, last_message_at FROM talks
)
INSERT INTO entry (conversation_id, seq, public_seq, episode, kind, author_kind, author_id, text, at)
SELECT id, 1, 1, 1, 'message', 'visitor', contact_id, 'A line', last_message_at FROM talks
"""


async def test_status_tabs_and_their_counts_are_live(cast: Cast) -> None:
    tom = await cast.agent()
    unread, unresolved = await _count(tom, "Unread"), await _count(tom, "Unresolved")
    await _writes(cast, "Cora Counted")
    await expect(_tab(tom, "Unread")).to_have_accessible_name(f"Unread, {unread + 1}")
    await tom.open("Cora Counted")
    await tom.reply("Answered")
    await expect(_tab(tom, "Unread")).to_have_accessible_name(f"Unread, {unread}")
    await expect(_tab(tom, "Unresolved")).to_have_accessible_name(f"Unresolved, {unresolved + 1}")
    await tom.folder("Unresolved")
    await expect(tom.row("Cora Counted")).to_be_visible()
    await tom.folder("All")
    await expect(tom.row("Cora Counted")).to_be_visible()
    await tom.folder("Done")
    await expect(tom.row("Cora Counted")).to_have_count(0)


async def test_mine_provider_and_search_narrow_the_folder(cast: Cast, api: Api) -> None:
    tom = await cast.agent()
    channel = api.channel("Second shop")
    await _writes(cast, "Fritz Filter")
    await tom.row("Fritz Filter").wait_for()

    search = tom.page.get_by_role("searchbox", name="Search names in Unread")
    await search.fill("fritz")
    await expect(tom.list.get_by_role("link")).to_have_count(1)
    await expect(tom.row("Fritz Filter")).to_be_visible()
    await search.fill("nobody of this name")
    await expect(tom.page.get_by_text("Nobody called “nobody of this name”")).to_be_visible()
    await search.press("Escape")
    await tom.folder("Done")
    await tom.page.get_by_role("searchbox", name="Search names in Done").fill("fritz")
    await expect(tom.page.get_by_text("Nobody called “fritz”")).to_be_visible()
    await tom.page.get_by_role("button", name="Clear").click()

    await tom.folder("Unread")
    mine = tom.page.get_by_role("button", name="Mine")
    await mine.click()
    await expect(mine).to_have_attribute("aria-pressed", "true")
    await expect(tom.row("Fritz Filter")).to_have_count(0)
    await mine.click()
    await tom.open("Fritz Filter")
    await tom.page.get_by_role("button", name="Assign to me").click()
    await mine.click()
    await expect(tom.row("Fritz Filter")).to_be_visible()
    await mine.click()

    await tom.page.get_by_role("button", name=re.compile("^Provider: ")).click()
    await tom.page.get_by_role("menuitemradio", name="Second shop").click()
    await expect(tom.page.get_by_text("Everything is read")).to_be_visible()
    await tom.page.reload()  # the filters are in the address
    await expect(tom.page.get_by_role("button", name="Provider: Second shop")).to_be_visible()
    assert channel["id"] in tom.page.url


async def test_a_pop_up_and_the_title_tell_of_what_is_not_in_front(cast: Cast) -> None:
    tom = await cast.agent(popups=["new_conversation", "new_message"])
    pop_up = tom.page.get_by_role("button", name=re.compile("New conversation.*Pola Popup"))
    # It leaves after a while, and stays while somebody reads it.
    read = asyncio.create_task(pop_up.hover())
    visitor = await _writes(cast, "Pola Popup")
    await read
    await expect(tom.page).to_have_title(re.compile(r"^\(\d+\) Inbox"))
    await pop_up.click()
    await expect(tom.page.get_by_role("log", name="Conversation with Pola Popup")).to_be_visible()
    await expect(tom.page).to_have_title(re.compile("^Pola Popup · Inbox"))
    await visitor.say("In front now")
    await tom.sees("Hello", "In front now")
    await expect(tom.page.get_by_role("button", name=re.compile("New message"))).to_have_count(0)


async def test_frequent_work_by_keyboard_alone(cast: Cast) -> None:
    tom = await cast.agent()
    await _writes(cast, "Kay Board")
    await tom.row("Kay Board").wait_for()
    press = tom.page.keyboard.press
    await press("j")
    await expect(tom.page.get_by_role("log")).to_be_visible()
    first = tom.page.url
    await press("Escape")  # out of the composer
    await press("j")
    await expect(tom.page).not_to_have_url(first)
    await tom.page.evaluate("document.activeElement.blur()")
    await press("k")
    await expect(tom.page).to_have_url(first)

    await press("Control+k")
    await tom.page.get_by_role("combobox", name="Command bar").fill("Kay Boa")
    await expect(tom.page.get_by_role("option", name=re.compile("Kay Board"))).to_be_visible()
    await press("Enter")
    await expect(tom.page.get_by_role("log", name="Conversation with Kay Board")).to_be_visible()
    await expect(tom.page.get_by_role("dialog")).to_have_count(0)
    await tom.page.evaluate("document.activeElement.blur()")
    await press("i")
    await expect(tom.thread).to_contain_text("You took this over")
    await press("n")
    await expect(tom.field).to_have_accessible_name("Note for the team about Kay Board")
    await expect(tom.field).to_be_focused()
    await tom.page.keyboard.type("By keyboard")
    await press("Enter")
    await expect(tom.bubbles).to_have_count(2)
    await press("Escape")
    await press("e")
    await expect(tom.thread).to_contain_text("You set this to Done")
    await press("u")
    await expect(tom.thread).to_contain_text("You set this to Unresolved")
    await press("?")
    sheet = tom.page.get_by_role("dialog", name="Keyboard")
    await expect(sheet).to_contain_text("Next and previous conversation")
    await press("Escape")
    await expect(sheet).to_have_count(0)


async def test_drafts_of_reply_and_note_survive_a_reload(cast: Cast) -> None:
    tom = await cast.agent()
    await _writes(cast, "Dina Draft")
    await tom.open("Dina Draft")
    await tom.field.fill("Half a reply")
    await tom.page.get_by_role("tab", name="Note").click()
    await tom.field.fill("Half a note")
    await tom.page.reload()
    await tom.page.get_by_role("tab", name="Reply").click()
    await expect(tom.field).to_have_value("Half a reply")
    await tom.page.get_by_role("tab", name="Note").click()
    await expect(tom.field).to_have_value("Half a note")
    other = await cast.another_tab(tom)
    await other.open("Dina Draft")
    await other.page.get_by_role("tab", name="Reply").click()
    await expect(other.field).to_have_value("Half a reply")


async def test_colleagues_see_each_other_at_the_same_conversation(cast: Cast) -> None:
    tom, sam = await cast.agent(), await cast.agent("sam@fernwood.example")
    await _writes(cast, "Carl Collision")
    await tom.open("Carl Collision")
    await sam.open("Carl Collision")
    await expect(tom.page.get_by_text("Sam Whitfield is looking at this too")).to_be_visible()
    seen = asyncio.create_task(expect(tom.page.get_by_text("Sam Whitfield is writing an answer")).to_be_visible())
    await sam.field.press_sequentially("I am")
    await seen


async def test_details_are_corrected_in_place(cast: Cast) -> None:
    tom = await cast.agent()
    await _writes(cast, "Dora Detail")
    await tom.open("Dora Detail")
    details = tom.page.get_by_role("complementary", name="Details")
    await expect(details).to_contain_text("On the site now")
    await expect(details.get_by_role("link", name=re.compile("demo"))).to_be_visible()
    await details.get_by_role("button", name=re.compile("^(E-mail|Add: E-mail)")).click()
    field = details.get_by_role("textbox", name="E-mail")
    await field.fill("not an address")
    await field.press("Enter")
    await expect(details.get_by_role("alert")).to_contain_text("This is not an e-mail address.")
    await field.fill("dora@example.com")
    await field.press("Enter")
    await expect(details.get_by_role("button", name=re.compile("dora@example.com"))).to_be_focused()


async def test_a_tab_of_an_older_version_offers_to_reload_and_keeps_the_draft(cast: Cast) -> None:
    tom = await cast.agent()
    await _writes(cast, "Stella Stale")
    await tom.page.route_web_socket(re.compile("/console/socket"), _newer)
    await tom.page.reload()
    await expect(tom.page.get_by_text("Alongside was updated.")).to_be_visible()
    await tom.open("Stella Stale")
    await tom.field.fill("Typed before the reload")
    await tom.page.get_by_role("button", name="Reload").click()
    await expect(tom.field).to_have_value("Typed before the reload")


async def test_one_column_at_a_time_on_a_narrow_screen(cast: Cast) -> None:
    tom = await cast.agent(viewport={"width": 390, "height": 760})
    await _writes(cast, "Nina Narrow")
    await tom.row("Nina Narrow").click()
    await expect(tom.field).to_be_visible()
    await expect(tom.list).to_be_hidden()
    await tom.page.get_by_role("button", name="Details", exact=True).click()
    details = tom.page.get_by_role("complementary", name="Details")
    await expect(details).to_be_visible()
    await expect(tom.field).to_be_hidden()
    await details.get_by_role("button", name="Close the details").click()
    await expect(tom.field).to_be_visible()
    await tom.page.get_by_role("button", name="Back to the list").click()
    await expect(tom.row("Nina Narrow")).to_be_visible()
    assert await tom.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_the_rail_fits_the_narrowest_screen(cast: Cast) -> None:
    """With the words of the switch in it, and all that an administrator may open."""
    ines = await cast.agent(ADMIN, viewport={"width": 320, "height": 568})
    parts = ines.page.get_by_role("navigation", name="Main").locator("a, button")
    ends = await parts.evaluate_all("""all => all.map(one => one.getBoundingClientRect())
        .map(box => [box.left, box.right])""")
    assert len(ends) > 8
    assert ends == sorted(ends)
    assert all(left >= before for (_, before), (left, _) in pairwise([[0, 0], *ends, [320, 320]])), ends


async def test_in_german_everything_fits(cast: Cast) -> None:
    page = (await cast.agent(ADMIN)).page
    await page.evaluate("localStorage['alongside.look'] = JSON.stringify({ locale: 'de' })")
    await page.goto(f"{cast.product.url}/console/inbox")
    await expect(page.get_by_role("tab", name=re.compile("^Ungelesen"))).to_be_visible()
    await page.get_by_role("listitem").get_by_role("link").first.click()
    await expect(page.get_by_role("tab", name="Antwort")).to_be_visible()
    for tab in await page.get_by_role("tab").all():
        assert await tab.evaluate("(it) => it.scrollWidth <= it.clientWidth"), await tab.inner_text()
    assert await page.evaluate("document.documentElement.lang") == "de"


async def test_two_thousand_conversations_scroll_with_few_rows_drawn(cast: Cast, api: Api) -> None:
    channel = api.channel("Crowded shop")
    cast.product.execute(CROWD, {"many": MANY, "channel": channel["id"]})
    tom = await cast.agent()
    await tom.page.goto(f"{cast.product.url}/console/inbox?provider={channel['id']}")
    await expect(_tab(tom, "Unread")).to_have_accessible_name(f"Unread, {MANY:,}")
    await expect(tom.row("Crowd 0001")).to_be_visible()
    rows, reached = tom.list.get_by_role("link"), 0
    while reached < MANY:
        await tom.list.locator(".scroll").evaluate("(it) => it.scrollTo(0, it.scrollHeight)")
        await until(lambda now=reached: _is_below(tom, now))
        reached = await _lowest(tom)
        assert await rows.count() < 60
    await expect(tom.row(f"Crowd {MANY}")).to_be_visible()
    await tom.row(f"Crowd {MANY}").click()
    await expect(tom.page.get_by_role("log", name=f"Conversation with Crowd {MANY}")).to_be_visible()
    cast.product.execute(
        "UPDATE conversation SET status = 'done', unread_count = 0 WHERE channel_id = %(channel)s",
        {"channel": channel["id"]},
    )


async def test_a_tab_that_signs_out_signs_out_the_other(cast: Cast, api: Api) -> None:
    email = api.agent("Otis Out")
    first = await cast.stranger()
    await sign_in(first.page, email)
    second = await cast.another_tab(first)
    await expect(second.list).to_be_visible()
    await first.page.get_by_role("button", name="You: Otis Out").click()
    await first.page.get_by_role("menuitem", name="Sign out").click()
    await expect(second.page.get_by_role("dialog", name="Sign in again")).to_be_visible()


async def _writes(cast: Cast, name: str) -> Visitor:
    visitor = await cast.visitor(name)
    await visitor.open()
    await visitor.say("Hello")
    return visitor


def _tab(agent: Agent, folder: str) -> Locator:
    return agent.page.get_by_role("tab", name=re.compile(f"^{folder}"))


async def _count(agent: Agent, folder: str) -> int:
    await expect(_tab(agent, folder)).to_have_accessible_name(re.compile(r"\d"))
    name = await _tab(agent, folder).get_attribute("title") or ""
    return int(name.rpartition(", ")[2].replace(",", ""))


async def _lowest(agent: Agent) -> int:
    names = await agent.list.locator("[role=listitem] .name").all_inner_texts()
    return max((int(name.removeprefix("Crowd ")) for name in names), default=0)


async def _is_below(agent: Agent, number: int) -> bool:
    return await _lowest(agent) > number


def _newer(route: WebSocketRoute) -> None:
    """The server has been updated since the page was loaded."""
    server = route.connect_to_server()
    server.on_message(lambda text: route.send(re.sub(r'"version":"[^"]*"', '"version":"999.0"', str(text))))
