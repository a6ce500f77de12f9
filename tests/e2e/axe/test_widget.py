"""axe finds nothing in the widget: before and in a conversation, in colours of its own, mirrored, over its files."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.axe.scene import send_files
from tests.e2e.cast import Cast
from tests.e2e.site import Site, snippet

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", LOOKS)
async def test_a_conversation(cast: Cast, look: str) -> None:
    audit = Audit(look)
    visitor = await cast.visitor(path=audit.demo, **audit.options)
    page = visitor.page
    await audit.check(page, "closed")
    await visitor.open()
    await audit.check(page, "open, away")
    await visitor.write("See https://fernwood.example/tents (the second one)")
    await expect(visitor.panel.locator("li.message[data-state=sent]")).to_be_visible()
    await audit.check(page, "conversation")
    await visitor.panel.get_by_role("button", name="Emoji").click()
    await expect(visitor.panel.get_by_role("toolbar")).to_be_visible()
    await audit.check(page, "emoji open")
    await page.keyboard.press("Escape")
    await send_files(visitor.page, visitor.panel, audit)
    await visitor.panel.locator("input[type=file] + button").click()
    await visitor.panel.get_by_role("menuitem").nth(1).click()
    await expect(visitor.panel.get_by_role("alert")).to_be_visible()
    await audit.check(page, "no camera")
    await page.keyboard.press("Escape")
    await visitor.write("x" * 10_001)
    await expect(visitor.panel.locator("li.unsent")).to_have_attribute("data-state", "failed")
    await audit.check(page, "failed")
    await page.context.set_offline(True)
    await visitor.write("Written offline")
    await expect(visitor.message("Written offline")).to_have_attribute("data-state", "waiting")
    await audit.check(page, "offline")
    audit.passed(states=9)


@pytest.mark.parametrize("look", LOOKS)
async def test_in_colours_of_its_own(cast: Cast, api: Api, site: Site, look: str) -> None:
    audit = Audit(look)
    start = [
        {"kind": "write", "label": {"en": "Write to us", "de": "Schreiben Sie uns"}},
        {
            "kind": "link",
            "label": {"en": "Returns", "de": "Rückgabe"},
            "target": "https://fernwood.example/returns",
        },
    ]
    label = {"en": "Questions?", "de": "Fragen?"}
    colours = {
        "header": "#ffee00",
        "bubble": "#c2f0c2",
        "label": label,
        "start": start,
        "subtitle": {"en": "In minutes"},
    }
    channel = api.channel(f"In colours, {look}", accent="#0a0a40", look=colours)
    path = site.page(f"/{look}", snippet(cast.product.url, channel["key"]), lang=audit.language)
    visitor = await cast.visitor(path=path, **audit.options)
    await audit.check(visitor.page, "closed, with a text")
    await visitor.open()
    await expect(visitor.panel.locator(".start-button")).to_have_count(2)
    await audit.check(visitor.page, "start screen")
    await visitor.say("In colours")
    await audit.check(visitor.page, "conversation")
    audit.passed(states=3)


@pytest.mark.parametrize("look", LOOKS)
async def test_mirrored_and_in_the_palest_brand(cast: Cast, api: Api, site: Site, look: str) -> None:
    audit = Audit(look)
    key = api.channel("Pale shop", accent="#85743e", position="left", privacy_url="https://example.com/p")["key"]
    page_of_shop = site.page("/", snippet(cast.product.url, key), lang="he", dir="rtl")
    visitor = await cast.visitor(path=page_of_shop, **audit.options)
    await audit.check(visitor.page, "closed, mirrored")
    await visitor.open()
    await visitor.say("שלום")
    await audit.check(visitor.page, "conversation, mirrored")
    audit.passed(states=2)
