"""axe finds nothing in articles: list, editor and picker; the help centre as pages and in the widget; cards."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", LOOKS)
async def test_articles(cast: Cast, api: Api, look: str) -> None:
    """List, editor and picker in the console; the help centre as pages and in the widget; cards at both ends."""
    audit = Audit(look)
    await _help_pages(cast, audit)
    visitor = await cast.visitor(f"Reader {look}", audit.demo, **audit.options)
    await _help_in_the_widget(visitor, audit)
    ines = await cast.agent(ADMIN, **audit.options)
    await _writing(ines, audit)
    [row] = api("GET", f"/conversations?folder=all&search=Reader+{look}")["rows"]
    await ines.turn_to(f"/inbox/{row['id']}?folder=all")
    await ines.page.locator("footer .bar button").first.click()
    boxes = ines.page.get_by_role("dialog").get_by_role("checkbox")
    await boxes.first.check()
    await boxes.nth(1).check()
    await audit.check(ines.page, "picker")
    await ines.page.get_by_role("dialog").get_by_role("button").last.click()
    await expect(ines.thread.locator(".cards a")).to_have_count(2)
    await audit.check(ines.page, "cards at the agent's")
    await expect(visitor.panel.locator(".cards a")).to_have_count(2)
    await audit.check(visitor.page, "cards at the visitor's")
    audit.passed(states=15)


async def _help_pages(cast: Cast, audit: Audit) -> None:
    page, _ = await cast.page(await cast.browser(**audit.options))
    for path in ("", "?q=parcel&lang=en", "?q=zeppelin", "/topics/gear-and-care", "/returning-something", "/nowhere"):
        await page.goto(f"{cast.product.url}/help{path}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await audit.check(page, f"help{path}")


async def _help_in_the_widget(visitor: Visitor, audit: Audit) -> None:
    await visitor.open()
    await visitor.panel.locator("button.ask").click()
    await expect(visitor.panel.locator(".help-main button").first).to_be_visible()
    await audit.check(visitor.page, "help in the widget")
    await visitor.panel.locator(".help-main button").first.click()
    await expect(visitor.panel.locator(".help article")).to_be_visible()
    await audit.check(visitor.page, "article in the widget")
    await visitor.panel.locator(".help-ask").click()
    await visitor.say("Hello")


async def _writing(ines: Agent, audit: Audit) -> None:
    page = ines.page
    await ines.turn_to("/articles")
    await expect(page.locator(".line").first).to_be_visible()
    await audit.check(page, "articles")
    await page.get_by_role("searchbox").fill("Nothing is called so")
    await expect(page.locator(".line")).to_have_count(0)
    await audit.check(page, "no article fits")
    await page.get_by_role("searchbox").fill("")
    await expect(page.locator(".line").first).to_be_visible()
    await page.get_by_role("button", name=re.compile("^(Categories|Kategorien)$")).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "categories")
    await page.keyboard.press("Escape")
    await page.locator(".line a").first.click()
    await expect(page.locator("#article-body")).to_be_visible()
    await audit.check(page, "editor")
