"""axe finds nothing in the inbox: the list, one conversation, its composer, and what keys bring."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.axe.scene import over, send_files
from tests.e2e.cast import ADMIN, Agent, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", LOOKS)
async def test_inbox(cast: Cast, api: Api, look: str) -> None:
    audit = Audit(look)
    row = api.conversation(f"Ivo Inbox {look}", "Is it waterproof?")
    api("PUT", f"/conversations/{row['id']}/assignment", {"agent_id": api.me["id"]})
    ines = await cast.agent(ADMIN, **audit.options)
    await _inbox(ines, row["id"], audit)
    audit.passed(states=16)


async def _inbox(ines: Agent, conversation: str, audit: Audit) -> None:
    page, rows = ines.page, ines.page.locator("[role=listitem] a")
    await expect(rows.first).to_be_visible()
    await audit.check(page, "inbox")
    await page.keyboard.press("m")
    await expect(page).to_have_url(re.compile("mine=1"))
    await expect(rows.first).to_be_visible()
    await audit.check(page, "mine")
    await page.get_by_role("searchbox").fill("Nobody of this name")
    await expect(rows).to_have_count(0)
    await audit.check(page, "nothing found")
    await ines.turn_to(f"/inbox/{conversation}?folder=all")
    await expect(page.get_by_role("log").locator(".bubble").first).to_be_visible()
    await audit.check(page, "conversation")
    await _text_blocks(page, audit)
    await send_files(page, page, audit)
    await page.locator(".bar button[aria-haspopup=menu]").last.click()
    await page.get_by_role("menuitem").last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "recording")
    await page.keyboard.press("Escape")
    await page.locator("footer button[aria-controls=composer-tools]").click()
    await expect(page.locator(".bar")).to_have_count(0)
    await audit.check(page, "tools put away")
    await page.locator(".beside .buttons button").last.click()
    await expect(page.locator(".bar")).to_be_visible()
    await over(page, audit, "note tab", "n", lambda: expect(page.locator("footer.note")).to_be_visible())
    await over(page, audit, "chooser", "a", lambda: expect(page.get_by_role("option").first).to_be_visible())
    await over(page, audit, "command bar", "Control+k", lambda: expect(page.get_by_role("dialog")).to_be_visible())
    await over(page, audit, "help", "?", lambda: expect(page.get_by_role("dialog")).to_be_visible())
    await over(page, audit, "details", "d", lambda: expect(page.get_by_role("main")).to_be_visible())


async def _text_blocks(page: Page, audit: Audit) -> None:
    await page.locator("textarea").press_sequentially("#")
    await expect(page.get_by_role("option").nth(1)).to_be_visible()
    await audit.check(page, "text blocks by #")
    await page.locator("textarea").press_sequentially("nowhere")
    await expect(page.get_by_role("option")).to_have_count(0)
    await audit.check(page, "no text block found")
    await page.locator("textarea").fill("")
    await page.locator(".bar button[aria-haspopup=dialog][aria-expanded]").last.click()
    await expect(page.get_by_role("option").nth(1)).to_be_visible()
    await audit.check(page, "text blocks by button")
    await page.keyboard.press("Escape")
