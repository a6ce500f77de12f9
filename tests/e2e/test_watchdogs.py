"""A watchdog in the settings: made, read in the list, switched off and deleted."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_made_switched_off_and_deleted(cast: Cast, api: Api) -> None:
    api.channel("Shop without visitors")  # elsewhere somebody may wait long, and it would raise its alarm
    ines = await cast.agent(ADMIN)
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await ines.turn_to("/settings/watchdogs")
    await expect(page.get_by_text("Nothing is watched over yet")).to_be_visible()
    await page.locator(".actions button").last.click()
    create = dialog.get_by_role("button", name="Create watchdog")
    await dialog.get_by_label("Name").fill("A long wait")
    await expect(create).to_be_disabled()
    await dialog.get_by_label("Watches over").select_option("Somebody waits too long")
    await expect(dialog.get_by_role("spinbutton")).to_have_value("15")
    await dialog.get_by_label("Web chat").select_option("Shop without visitors")
    await dialog.get_by_role("group", name="Agents who are told").get_by_role("checkbox").first.check()
    await create.click()
    await expect(dialog).to_have_count(0)
    line = page.get_by_role("listitem").filter(has_text="A long wait")
    await expect(line).to_contain_text("Somebody waits longer than 15 min · Shop without visitors · in opening hours")
    await expect(line).to_contain_text("All is well")
    await line.get_by_role("button").click()
    await dialog.get_by_role("switch").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)
    await expect(line.get_by_role("status")).to_have_text("Off")
    await line.get_by_role("button").click()
    await dialog.get_by_role("button", name="Delete watchdog").click()
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(page.get_by_text("Nothing is watched over yet")).to_be_visible()
