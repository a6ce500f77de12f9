"""An admin dresses the widget beside its preview, and every widget that is open wears it at once."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor
from tests.e2e.site import Site, snippet
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STRICT = "default-src 'none'; img-src data:; script-src {server}; connect-src {server}; frame-src {server}"


async def _customize(cast: Cast, channel_id: str) -> Agent:
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/settings/channels/{channel_id}")
    await expect(_preview(ines.page).locator("textarea")).to_be_visible()
    return ines


def _preview(page: Page) -> FrameLocator:
    """The panel in the preview's page."""
    return page.frame_locator("iframe").frame_locator("iframe")


async def _is_left(visitor: Visitor) -> bool:
    box = await visitor.button.bounding_box()
    return box is not None and box["x"] < 100


async def _save(page: Page) -> None:
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Not saved yet", exact=True)).to_have_count(0)


async def test_what_is_set_for_a_channel_is_previewed_and_reaches_open_widgets(
    cast: Cast, api: Api, site: Site
) -> None:
    channel = api.channel("Changing shop")
    policy = STRICT.format(server=cast.product.url)
    path = site.page("/", snippet(cast.product.url, channel["key"]), Content_Security_Policy=policy)
    visitor, closed = await cast.visitor(path=path), await cast.visitor(path=path)
    await visitor.open()
    await visitor.listens()
    await expect(visitor.panel.get_by_text("Hello! How can we help you?")).to_be_visible()
    ines = await _customize(cast, channel["id"])
    page, preview = ines.page, _preview(ines.page)

    await page.get_by_label("Greeting").fill("Autumn sale: ask us anything")
    await page.get_by_label("Position").select_option("left")
    await page.get_by_role("switch", name="The header has the accent’s colour").click()
    await page.get_by_label("Header, colour code").fill("#ffee00")
    await page.get_by_label("Text on the button").fill("Questions?")
    await page.get_by_role("button", name="Write to us").click()
    await page.get_by_role("button", name="Link", exact=True).click()
    await page.get_by_label("Text of button 2, English").fill("Returns")
    await page.get_by_label("Address of button 2").fill("https://fernwood.example/returns")
    await page.get_by_role("button", name="Move Returns up").click()
    await expect(preview.get_by_text("Autumn sale: ask us anything")).to_be_visible()
    await expect(preview.locator(".start-button")).to_have_text([re.compile("Returns"), re.compile("Write to us")])
    await expect(visitor.panel.get_by_text("Hello! How can we help you?")).to_be_visible()
    assert api("GET", f"/contacts?channel={channel['id']}")["rows"] == [], "nobody is met by a preview"
    await _save(page)

    await expect(visitor.panel.get_by_text("Autumn sale: ask us anything")).to_be_visible()
    link = visitor.panel.get_by_role("link", name=re.compile("Returns"))
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(visitor.panel.locator("header")).to_have_css("background-color", "rgb(255, 238, 0)")
    await expect(visitor.panel.locator("header")).to_have_css("color", "rgb(0, 0, 0)")
    await until(lambda: _is_left(visitor))
    await visitor.panel.get_by_role("button", name="Write to us").click()
    await expect(visitor.field).to_be_focused()
    await visitor.say("The start screen makes room")
    await expect(visitor.panel.locator(".start-button")).to_have_count(0)

    # A closed launcher has no socket: it looks again when somebody comes back to the page.
    await closed.page.evaluate("Date.now = ((now) => () => now() + 60_000)(Date.now)")
    await closed.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    await expect(closed.button).to_have_accessible_name("Questions?: Open chat")


async def test_a_style_sheet_paints_but_never_hides_the_way_to_write(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Painted shop")
    visitor = await cast.visitor(path=site.page("/", snippet(cast.product.url, channel["key"])))
    await visitor.open()
    await visitor.listens()
    ines = await _customize(cast, channel["id"])
    sheet = ines.page.get_by_label("Style sheet (CSS)")
    await sheet.fill("@import 'https://evil.example/x.css';")
    await expect(ines.page.get_by_text("Line 1 of the style sheet: @import cannot be used here").first).to_be_visible()
    await sheet.fill("h1 { color: rgb(1, 2, 3) } footer { display: none } .send { opacity: 0 !important }")
    await expect(_preview(ines.page).locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    await expect(_preview(ines.page).locator("textarea")).to_be_visible()
    await _save(ines.page)
    await expect(visitor.panel.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
    await expect(visitor.panel.locator(".send")).to_have_css("opacity", "1")
    await expect(visitor.field).to_be_visible()
    # What covers everything is taken off as a whole.
    await sheet.fill("h1 { color: rgb(9, 9, 9) } main::after { content: ''; position: fixed; inset: 0 }")
    await expect(ines.page.get_by_text("Visitors get the chat without it")).to_be_visible()
    await _save(ines.page)
    await expect(visitor.panel.locator("h1")).not_to_have_css("color", "rgb(1, 2, 3)")
    await visitor.say("I can still write")


async def test_languages_texts_and_words_of_a_channel(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop of many tongues")
    ines = await _customize(cast, channel["id"])
    page, preview = ines.page, _preview(ines.page)
    await page.get_by_label("Add a language").select_option("ar")
    await expect(page.get_by_role("tab", name="Arabic −3: 3 texts are missing")).to_be_visible()
    await expect(page.get_by_text("Missing: visitors read the text in English.").first).to_be_visible()
    await page.get_by_label("Greeting").fill("مرحبا")
    await page.get_by_text("The widget’s other words").click()
    chat = page.get_by_role("group", name="The chat", exact=True)
    await chat.get_by_label("Your message", exact=True).fill("رسالتك")
    emoji = page.get_by_role("group", name="Emoji", exact=True)
    await emoji.get_by_label("Hearts and feelings").fill("قلوب")
    await page.get_by_label("Default language").select_option("ar")
    await expect(preview.get_by_text("مرحبا")).to_be_visible()
    await expect(preview.locator("html")).to_have_attribute("dir", "rtl")
    await _save(page)
    visitor = await cast.visitor(
        path=site.page("/fr", snippet(cast.product.url, channel["key"]), lang="fr"), locale="fr-FR"
    )
    await visitor.open()
    await expect(visitor.panel.get_by_text("مرحبا")).to_be_visible()
    await expect(visitor.panel.locator("html")).to_have_attribute("lang", "ar")
    await expect(visitor.panel.locator("html")).to_have_attribute("dir", "rtl")
    await expect(visitor.field).to_have_accessible_name("رسالتك")
    await visitor.panel.get_by_role("button", name="Emoji").click()
    await expect(visitor.panel.get_by_role("group", name="قلوب")).to_be_visible()
    await expect(visitor.panel.get_by_role("group", name="Smileys"), "no words of theirs, so ours").to_be_visible()
    german = await cast.visitor(path=site.page("/de", snippet(cast.product.url, channel["key"]), lang="de"))
    await german.open()
    await expect(german.panel.get_by_text("Guten Tag! Wie können wir Ihnen helfen?")).to_be_visible()
    await expect(german.panel.locator("html")).to_have_attribute("dir", "ltr")


async def test_two_admins_at_once_lose_nothing_without_a_word(cast: Cast, api: Api) -> None:
    channel = api.channel("Shop of two")
    ines = await _customize(cast, channel["id"])
    page = ines.page
    await page.get_by_label("Accent, colour code").fill("#7a1fa2")
    await page.get_by_label("Line below the title").fill("Mine")
    look = {"subtitle": {"en": "Theirs"}, "header": "#102030"}
    api("PATCH", f"/channels/{channel['id']}", {"settings": {"look": look}})
    await expect(page.get_by_text("Somebody else changed this meanwhile, and so did you")).to_be_visible()
    await expect(page.get_by_label("Header, colour code")).to_have_value("#102030")
    await expect(page.get_by_label("Line below the title")).to_have_value("Mine")
    await page.get_by_role("button", name="Keep mine").click()
    # Whoever goes elsewhere now is asked first.
    await page.get_by_role("tab", name="Your site").click()
    await page.get_by_role("dialog").get_by_role("button", name="Stay").click()
    await _save(page)
    settings = api("GET", f"/channels/{channel['id']}")["settings"]
    assert settings["accent"] == "#7a1fa2"
    assert (settings["look"]["header"], settings["look"]["subtitle"]) == ("#102030", {"en": "Mine"})
