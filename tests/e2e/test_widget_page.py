"""A page with the widget is safe from it, and the widget is at home on any page."""

from __future__ import annotations

import re
import time
from typing import Any

import jwt
import pytest
from playwright.async_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import Cast
from tests.e2e.site import STUB, Site, snippet

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SHIFTS = """
    window.shifts = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) window.shifts += one.value; })
        .observe({ type: "layout-shift", buffered: true });
"""
STORED = """async () => ({
    local: Object.keys(localStorage), session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map((one) => one.name), cookies: document.cookie,
})"""
NOTHING_STORED = {"local": [], "session": [], "databases": [], "cookies": ""}
PRESSED = ["open", "close", "unread", "message", "ready"]


async def test_it_works_on_a_page_with_a_strict_policy(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Strict shop")["key"]
    server = cast.product.url
    policy = (
        f"default-src 'none'; script-src {server}; connect-src {server}; frame-src {server}; "
        "img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )
    url = site.page("/", snippet(server, key), content_security_policy=policy)
    visitor = await cast.visitor(path=url)
    await visitor.open()
    await visitor.say("Written under a strict policy")
    assert not visitor.heard.warnings


async def test_without_our_server_the_page_goes_on_untouched(cast: Cast, site: Site) -> None:
    nobody = "http://localhost:9"  # the discard port: nobody listens
    page, heard = await cast.page(await cast.browser())
    await page.goto(site.page("/", f'{snippet(nobody, "demo")}<button onclick="this.textContent=1">Buy</button>'))
    await page.get_by_role("button", name="Buy").click()
    await expect(page.get_by_role("button", name="1")).to_be_visible()
    assert await page.evaluate("'Alongside' in window") is False
    assert not heard.errors


async def test_the_server_goes_away_after_the_script_has_loaded(cast: Cast, site: Site) -> None:
    """The script comes from a cache, the settings do not come at all."""
    page, heard = await cast.page(await cast.browser())
    await page.route("**/api/v1/widget/channels/*", lambda route: route.abort())
    url = site.page("/", STUB + snippet(cast.product.url, "demo"))
    async with page.expect_console_message(lambda said: said.text.startswith("Alongside:")) as warning:
        await page.goto(url)
    assert "no answer from" in (await warning.value).text
    await page.evaluate("Alongside.open(); Alongside.identify({ name: 'Nobody' }); Alongside('show')")
    await expect(page.get_by_role("heading", name="Our own page")).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)
    assert not heard.errors
    assert len(heard.warnings) == 1


async def test_an_unknown_key_is_told_once_and_helps(cast: Cast, site: Site) -> None:
    page, heard = await cast.page(await cast.browser())
    async with page.expect_console_message(lambda said: said.text.startswith("Alongside:")) as warning:
        await page.goto(site.page("/", snippet(cast.product.url, "no-such-key")))
    assert (await warning.value).text == (
        'Alongside: channel "no-such-key": No channel has this key. Copy the snippet again from Settings, Channels.'
    )
    assert len(heard.warnings) == 1
    assert not heard.errors
    await expect(page.get_by_role("button")).to_have_count(0)


async def test_it_adds_one_global_shifts_nothing_and_loads_only_when_needed(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Light shop")["key"]
    bare, _ = await cast.page(await cast.browser())
    await bare.goto(site.page("/bare", "<p>Without the widget</p>"))
    before = await bare.evaluate("Object.getOwnPropertyNames(window)")

    context = await cast.browser()
    await context.add_init_script(SHIFTS)
    visitor = await cast.tab(context, path=site.page("/", f"<p>Text</p>{snippet(cast.product.url, key)}<p>More</p>"))
    page = visitor.page
    own = {"shifts", "alongside"}
    assert set(await page.evaluate("Object.getOwnPropertyNames(window)")) - set(before) - own == {"Alongside"}
    ours = {url for url in visitor.heard.requests if url.startswith(cast.product.url)}
    assert len(ours) == 2, ours  # the loader and the channel's look
    assert await page.evaluate(STORED) == NOTHING_STORED

    await visitor.button.hover()
    await expect(page.locator("iframe")).to_be_attached()
    await visitor.open()
    # Opened a while later, it looks again how it looks: the same address.
    ours = {url for url in visitor.heard.requests if url.startswith(cast.product.url)}
    # The panel and its script; and because this site's frame is denied its storage, the question what a cookie keeps.
    # Pictures of whoever is online belong to the people, not to the widget.
    ours = {url for url in ours if not url.endswith("/picture.webp")}
    assert len({url for url in ours if not url.endswith("/visitors/resume")}) <= 4, ours
    assert len(ours) <= 5, ours
    await visitor.button.click()
    await expect(visitor.button).to_have_attribute("aria-expanded", "false")
    assert await page.evaluate("window.shifts") == 0


async def test_nothing_is_stored_before_the_first_word(cast: Cast) -> None:
    visitor = await cast.visitor()
    await visitor.open()
    await visitor.call("identify", {"name": "Not Stored"})
    await visitor.panel.get_by_role("button", name="Close chat").click()
    await expect(visitor.button).to_be_focused()
    for frame in visitor.page.frames:
        assert await frame.evaluate(STORED) == NOTHING_STORED
    assert await visitor.page.context.cookies() == []
    await visitor.open()
    await visitor.say("Now there is something to keep")
    assert await visitor.page.frames[1].evaluate("localStorage.length") > 0


async def test_calls_before_the_script_wait_and_events_tell_what_happens(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Talkative shop")["key"]
    listen = "".join(f"Alongside.on('{name}', (it) => log.push(['{name}', it ?? null]));" for name in PRESSED)
    early = (
        f"<script>window.log = []; {listen} Alongside.identify({{ name: 'Queued Quinn' }}); Alongside.open();</script>"
    )
    visitor = await cast.visitor(path=site.page("/", STUB + early + snippet(cast.product.url, key)))
    await expect(visitor.field).to_be_visible()  # opened by the call that waited
    await visitor.say("Opened by the page")
    await _logs(visitor.page, 3)
    tom = await cast.agent()
    await tom.open("Queued Quinn")
    await visitor.call("close")
    await expect(visitor.button).to_have_attribute("aria-expanded", "false")
    await tom.reply("An answer while it is closed")
    await expect(visitor.button).to_have_accessible_name("Open chat, 1 unread")
    await expect(visitor.button).to_have_text("1")
    await _logs(visitor.page, 6)
    log = await visitor.page.evaluate("log.map(([name, it]) => [name, typeof it === 'object' ? it?.mine ?? null : it])")
    assert log == [
        ["ready", None],
        ["open", None],
        ["message", True],
        ["close", None],
        ["unread", 1],
        ["message", False],
    ]
    assert "answer" not in str(await visitor.page.evaluate("log"))  # never what was written

    await visitor.call("hide")
    await expect(visitor.button).to_be_hidden()
    await visitor.call("show")
    await expect(visitor.button).to_be_visible()
    await visitor.page.evaluate("Alongside('open')")
    await visitor.sees("Opened by the page", "An answer while it is closed")
    await expect(visitor.button).to_have_text("")
    await visitor.call("reset")
    await visitor.sees()


async def test_a_signed_identity_brings_the_history_to_another_device(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop with customers")
    secret = api("POST", f"/channels/{channel['id']}/identity-keys")
    url = site.page("/", snippet(cast.product.url, channel["key"]))
    token = _vouch(channel["key"], secret, "Greta Vouched", "customer-7")

    laptop, phone = await cast.visitor(path=url), await cast.visitor(path=url, viewport={"width": 390, "height": 780})
    await laptop.call("identify", {"token": token})
    await laptop.open()
    await laptop.say("Where is my parcel?")
    await phone.open()
    await expect(phone.bubbles).to_have_count(0)
    await phone.call("identify", {"token": token})
    await phone.sees("Where is my parcel?")
    tom = await cast.agent()
    await tom.open("Greta Vouched")
    await expect(tom.page.get_by_role("complementary")).to_contain_text("Verified as customer-7")

    forged = _vouch(channel["key"], secret | {"secret": "x" * 43}, "Greta Vouched", "customer-7")
    thief = await cast.visitor(path=url)
    async with thief.page.expect_console_message(lambda said: said.text.startswith("Alongside:")):
        await thief.call("identify", {"token": forged})
        await thief.open()
    await expect(thief.bubbles).to_have_count(0)


async def test_who_signs_in_after_writing_goes_on_in_their_own_conversation(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop with regulars")
    secret = api("POST", f"/channels/{channel['id']}/identity-keys")
    url = site.page("/", snippet(cast.product.url, channel["key"]))
    token = _vouch(channel["key"], secret, "Rita Regular", "customer-8")
    laptop, phone = await cast.visitor(path=url), await cast.visitor(path=url)
    await laptop.call("identify", {"token": token})
    await laptop.open()
    await laptop.say("From last week")

    await phone.call("identify", {"name": "Rita on her phone"})
    await phone.open()
    await phone.say("Is the shop open?")
    tom = await cast.agent()
    await tom.open("Rita on her phone")
    await phone.call("identify", {"token": token})
    await phone.sees("From last week", "Is the shop open?")
    await laptop.sees("From last week", "Is the shop open?")
    await expect(tom.page.get_by_text("Nobody would read an answer here")).to_be_visible()
    await tom.page.get_by_role("button", name="Go on there").click()
    await tom.sees("From last week", "Is the shop open?")
    await expect(tom.field).to_be_visible()


async def test_what_a_page_only_claims_is_shown_as_unverified_and_reveals_nothing(cast: Cast) -> None:
    hugo = await cast.visitor("Hugo Claims")
    await hugo.open()
    await hugo.say("A private matter")
    other = await cast.visitor("Hugo Claims")
    await other.call("identify", {"id": "customer-9", "name": "Hugo Claims", "email": "hugo@example.com"})
    await other.open()
    await other.say("I say that I am Hugo")
    await other.sees("I say that I am Hugo")
    tom = await cast.agent()
    await expect(tom.row("Hugo Claims")).to_have_count(2)
    await tom.list.get_by_role("link").filter(has_text="I say that I am Hugo").click()
    details = tom.page.get_by_role("complementary")
    await expect(details).to_contain_text("Claimed by the page, not verified")
    await expect(details).to_contain_text("hugo@example.com")
    await expect(details).not_to_contain_text("Verified")


async def test_a_whole_journey_by_keyboard(cast: Cast) -> None:
    visitor = await cast.visitor()
    page = visitor.page
    await visitor.button.focus()
    await page.keyboard.press("Enter")
    await expect(visitor.field).to_be_focused()
    await page.keyboard.type("By keyboard")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("alone")
    await page.keyboard.press("Enter")
    await expect(visitor.bubbles).to_have_text([re.compile(r"By keyboard\s+alone")])
    for name in ("Attach files", "Emoji"):
        await page.keyboard.press("Tab")
        await expect(visitor.panel.get_by_role("button", name=name)).to_be_focused()
    await page.keyboard.press("Enter")
    toolbar = visitor.panel.get_by_role("toolbar", name="Emoji")
    await expect(toolbar.get_by_role("button").first).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(visitor.field).to_be_focused()
    assert await visitor.field.input_value() != ""
    await page.keyboard.press("Escape")
    await expect(visitor.button).to_be_focused()
    await expect(visitor.button).to_have_attribute("aria-expanded", "false")


async def test_a_screen_reader_hears_each_answer_once_and_no_history(cast: Cast) -> None:
    visitor = await cast.visitor("Ira Listens")
    await visitor.open()
    log = visitor.panel.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await visitor.say("Can you hear me?")
    await expect(log).to_have_text("")  # one's own words are not read out
    tom = await cast.agent()
    await tom.open("Ira Listens")
    await tom.reply("Loud and clear")
    await expect(log).to_have_text("Tom Okafor: Loud and clear")
    await visitor.reload()
    await visitor.sees("Can you hear me?", "Loud and clear")
    await expect(log).to_have_text("")
    frame = visitor.page.locator("iframe")
    await expect(frame).to_have_attribute("title", "Fernwood Outdoor")
    assert await visitor.page.frames[1].evaluate("document.documentElement.lang") == "en"


@pytest.mark.parametrize(
    "browser",
    [
        pytest.param({"viewport": {"width": 320, "height": 560}}, id="320px"),
        pytest.param({"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}, id="zoom-200"),
        pytest.param({"viewport": {"width": 320, "height": 256}}, id="zoom-400"),
        pytest.param({"color_scheme": "dark"}, id="dark"),
        pytest.param({"reduced_motion": "reduce", "forced_colors": "active"}, id="forced-colors"),
    ],
)
async def test_it_fits(cast: Cast, browser: dict[str, Any]) -> None:
    visitor = await cast.visitor(**browser)
    await visitor.open()
    await visitor.say("A rather long line with Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamter")
    await _nothing_sticks_out(visitor.page)
    await expect(visitor.field).to_be_in_viewport()
    await visitor.panel.get_by_role("button", name="Close chat").click()
    await expect(visitor.button).to_be_visible()
    dark = await visitor.page.frames[1].evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert dark == (browser.get("color_scheme") == "dark")


async def test_it_speaks_german_where_the_page_does(cast: Cast) -> None:
    visitor = await cast.visitor(path="/demo/de/", locale="en-GB")
    await expect(visitor.button).to_have_accessible_name("Chat öffnen")
    await visitor.open()
    await expect(visitor.panel.get_by_text("Hallo! Fragen zur Ausrüstung")).to_be_visible()
    await expect(visitor.field).to_have_attribute("placeholder", "Nachricht schreiben…")
    await visitor.write("Guten Tag")
    await expect(visitor.message("Guten Tag")).to_contain_text("Gesendet")


async def test_it_is_mirrored_on_a_page_from_right_to_left(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Mirrored shop")["key"]
    visitor = await cast.visitor(path=site.page("/", snippet(cast.product.url, key), lang="he", dir="rtl"))
    box = await visitor.button.bounding_box()
    assert box
    assert box["x"] < 100
    await visitor.open()
    await visitor.say("שלום")
    bubble = await visitor.bubbles.first.bounding_box()
    panel = await visitor.page.locator("iframe").bounding_box()
    assert bubble
    assert panel
    assert bubble["x"] - panel["x"] < 40  # one's own messages stand at the end of the line, which is the left
    await _nothing_sticks_out(visitor.page)


async def test_back_from_another_page_the_chat_goes_on(cast: Cast) -> None:
    """The page leaves with a closed socket, so that it can be kept, and opens one when it is shown again."""
    visitor = await cast.visitor("Jo Backforward")
    await visitor.open()
    await visitor.say("Before I look around")
    await visitor.page.goto(f"{cast.product.url}/demo/help/")
    await visitor.page.go_back()
    await expect(visitor.field).to_be_visible()
    tom = await cast.agent()
    await tom.open("Jo Backforward")
    await tom.reply("Welcome back")
    await visitor.sees("Before I look around", "Welcome back")
    await expect(visitor.panel.locator("p.banner")).to_be_hidden()
    await visitor.say("Thank you")
    await tom.sees("Before I look around", "Welcome back", "Thank you")


async def test_a_frozen_page_wakes_up_to_what_it_missed(cast: Cast) -> None:
    visitor = await cast.visitor("Kim Asleep")
    await visitor.open()
    await visitor.say("Good night")
    tom = await cast.agent()
    await tom.open("Kim Asleep")
    devtools = await visitor.page.context.new_cdp_session(visitor.page)
    await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    await tom.reply("Good morning")
    await expect(tom.bubbles.last).to_have_attribute("data-seq", re.compile(r"\d+"))
    await devtools.send("Page.setWebLifecycleState", {"state": "active"})
    await visitor.sees("Good night", "Good morning")


async def _logs(page: Page, count: int) -> None:
    """The page's own listeners have heard so much: they are told a moment after what is seen."""
    await page.wait_for_function("(count) => log.length >= count", arg=count)


async def _nothing_sticks_out(page: Page) -> None:
    for frame in page.frames:
        wide = await frame.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{frame.url} is {wide} px too wide"


def _vouch(audience: str, key: dict[str, str], name: str, subject: str) -> str:
    claims = {"sub": subject, "aud": audience, "exp": int(time.time()) + 300, "name": name}
    return jwt.encode(claims, key["secret"], "HS256", headers={"kid": key["kid"]})
