"""axe finds nothing in the dialogs of the settings: what is made new, imported, proved, let in and told."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.axe.scene import PAPER
from tests.e2e.cast import ADMIN, PASSWORD, Agent, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MADE_NEW = [
    "agents",
    "teams",
    "roles",
    "fields",
    "labels",
    "system-messages",
    "watchdogs",
    "channels",
    "api-keys",
    "webhooks",
]


@pytest.mark.parametrize("look", LOOKS)
async def test_people_and_things(cast: Cast, look: str) -> None:
    audit = Audit(look)
    ines = await cast.agent(ADMIN, **audit.options)
    page = ines.page
    for section in MADE_NEW:
        await ines.turn_to(f"/settings/{section}")
        await page.locator(".actions button").last.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await audit.check(page, f"{section}, dialog")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await ines.turn_to("/settings/agents")
    await page.locator("ul.people button").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "agent, dialog")
    await page.keyboard.press("Escape")
    await ines.turn_to("/settings/agents")
    await page.locator(".actions button").first.click()
    await page.locator("input[type=file]").set_input_files(
        {"name": "p.csv", "mimeType": "text/csv", "buffer": b"email,shoe size\nno address,38\n"}
    )
    await expect(page.locator("dialog table")).to_be_visible()
    await audit.check(page, "import, preview with a problem")
    audit.passed(states=len(MADE_NEW) + 2)


@pytest.mark.parametrize("look", LOOKS)
async def test_proofs_text_blocks_and_programs(cast: Cast, look: str) -> None:
    audit = Audit(look)
    ines = await cast.agent(ADMIN, **audit.options)
    await _second_factor(ines, audit)
    await _managed_text_blocks(ines, audit)
    await _programs(ines, audit)
    await _chat_links(ines, audit)
    audit.passed(states=15)


async def _second_factor(ines: Agent, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await ines.turn_to("/settings/profile")
    await page.locator("[data-part=second-factor] button").click()
    await dialog.locator("input[type=password]").fill(PASSWORD)
    await audit.check(page, "second factor, password")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("img")).to_be_visible()
    await audit.check(page, "second factor, picture")
    await page.keyboard.press("Escape")
    await page.locator("[data-part=passkeys] button").click()
    await expect(dialog.locator("input[type=password]")).to_be_visible()
    await audit.check(page, "passkey, dialog")
    await page.keyboard.press("Escape")


async def _managed_text_blocks(ines: Agent, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await ines.turn_to("/settings/text-blocks")
    await page.get_by_role("listitem").locator("button[aria-haspopup=menu]").first.click()
    await expect(page.get_by_role("menuitem")).to_have_count(3)
    await audit.check(page, "text block, menu")
    await page.get_by_role("menuitem").last.click()
    await expect(dialog).to_be_visible()
    await audit.check(page, "text block, delete")
    await page.keyboard.press("Escape")
    await page.get_by_role("listitem").locator("button[aria-haspopup=menu]").first.click()
    await page.get_by_role("menuitem").first.click()
    await dialog.locator("textarea").fill("{{contact.name}} {{nobody}}")
    await dialog.get_by_role("switch").click()
    await dialog.locator("input[type=file]").set_input_files(PAPER)
    await expect(dialog.locator("li.done")).to_be_visible()
    await audit.check(page, "text block, editor")
    await page.keyboard.press("Escape")
    await page.locator(".actions button").first.click()
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"title,text,teams\nA,B,\nC,D,nobody\n"}
    await dialog.locator("input[type=file]").set_input_files(file)
    await expect(dialog.get_by_role("table")).to_be_visible()
    await audit.check(page, "text blocks, import")
    await page.keyboard.press("Escape")


async def _programs(ines: Agent, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await ines.turn_to("/settings/api-keys")
    await page.locator(".actions button").last.click()
    await dialog.locator("input:not([type=checkbox])").fill("Seen by axe")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator("input[readonly]").first).to_be_visible()
    await audit.check(page, "api-keys, made")
    await dialog.get_by_role("button").last.click()
    await expect(dialog).to_have_count(0)
    await ines.turn_to("/settings/webhooks")
    await page.locator(".actions button").last.click()
    await dialog.locator("input:not([type=checkbox])").first.fill("Seen by axe")
    await dialog.locator("input[type=url]").fill("http://127.0.0.1:9/hook")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator("input[readonly]")).to_be_visible()
    await audit.check(page, "webhooks, made")
    await dialog.get_by_role("button").last.click()
    await page.locator(".actions button").click()
    await expect(page.locator("ul.wide .error")).to_be_visible()
    await audit.check(page, "webhook")
    await page.locator("ul.wide button").click()
    await expect(dialog.locator("pre")).to_be_visible()
    await audit.check(page, "webhook, delivery")


async def _chat_links(ines: Agent, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await ines.turn_to("/settings/chat-links")
    await page.locator(".actions button").click()
    await expect(dialog.get_by_role("option").first).to_be_visible()
    await audit.check(page, "chat links, which conversation")
    await dialog.get_by_role("option").first.click()
    await expect(dialog.locator("textarea")).to_be_visible()
    await audit.check(page, "chat links, dialog")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator("input[readonly]")).to_be_visible()
    await audit.check(page, "chat links, made")
    await dialog.get_by_role("button").last.click()
    await expect(page.locator(".column li").first).to_be_visible()
    await audit.check(page, "chat links")
