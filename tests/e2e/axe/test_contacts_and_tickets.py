"""axe finds nothing in contacts and tickets: lists, one of them, dialogs, and where there is nothing."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.axe.scene import PAPER, Known
from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage", "tests.e2e.axe.scene"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", LOOKS)
async def test_contacts(cast: Cast, known: Known, look: str) -> None:
    audit = Audit(look)
    ines = await cast.agent(ADMIN, **audit.options)
    page = ines.page
    await ines.turn_to("/queue")
    await expect(page.locator(".queue h1")).to_be_visible()
    await expect(page.locator(".queue ol, .queue .empty")).not_to_have_count(0)
    await audit.check(page, "queue")
    await ines.turn_to("/contacts")
    await expect(page.locator("ul a.row").first).to_be_visible()
    await audit.check(page, "contacts")
    await page.locator(".title button").click()
    await page.get_by_role("menuitem").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "import, dialog")
    await page.keyboard.press("Escape")
    await ines.turn_to(f"/contacts/{known.contact}")
    await expect(page.locator(".pane h2")).to_be_visible()
    await audit.check(page, "contact")
    await page.locator(".pane header button").click()
    await expect(page.get_by_role("radio").first).to_be_visible()
    await audit.check(page, "merge, dialog")
    await page.keyboard.press("Escape")
    await ines.turn_to("/contacts?search=nobody-of-this-name")
    await expect(page.locator(".scroll .empty")).to_be_visible()
    await audit.check(page, "no contact found")
    audit.passed(states=6)


@pytest.mark.parametrize("look", LOOKS)
async def test_tickets(cast: Cast, api: Api, look: str) -> None:
    audit = Audit(look)
    ines = await cast.agent(ADMIN, **audit.options)
    page = ines.page
    lines = page.locator("main.tickets ul > li")
    await ines.turn_to("/tickets?status=all")
    await expect(lines.first).to_be_visible()
    await audit.check(page, "tickets")
    await page.locator("main.tickets button.view").click()
    await expect(page.get_by_role("menuitemradio").first).to_be_visible()
    await audit.check(page, "tickets, views")
    await page.keyboard.press("Escape")
    await lines.first.get_by_role("checkbox").check()
    await page.locator("main.tickets .bar button").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "tickets, change many")
    await page.keyboard.press("Escape")
    await ines.turn_to("/tickets?status=closed&label=nothing-of-this-kind")
    await expect(page.locator("main.tickets .empty")).to_be_visible()
    await audit.check(page, "tickets, none fits")
    await ines.turn_to("/tickets/new?priority=urgent")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "tickets, new")
    some = api("GET", "/tickets?search=zip")["rows"][0]
    await ines.turn_to(f"/tickets/{some['number']}")
    await expect(page.locator("main.tickets ol > li").first).to_be_visible()
    await page.locator("main.tickets aside input[type=file]").set_input_files(PAPER)
    await expect(page.locator("main.tickets aside ul.files > li").first).to_be_visible()
    await audit.check(page, "ticket")
    await page.locator("main.tickets h1 button").click()
    await page.locator("main.tickets aside h2 button").first.click()
    await expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    await audit.check(page, "ticket, title edited, adding a conversation")
    await ines.turn_to("/tickets/999999")
    await expect(page.locator("main.tickets .empty")).to_be_visible()
    await audit.check(page, "no such ticket")
    audit.passed(states=8)
