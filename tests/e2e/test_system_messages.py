"""System messages in the settings: written in two languages, looked at, and deleted."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def none(api: Api) -> None:
    """Without the demo's own, and the rule that tells it."""
    for rule in api("GET", "/rules/routing")["rules"]:
        api("DELETE", f"/rules/routing/{rule['id']}")
    for message in api("GET", "/system-messages"):
        api("DELETE", f"/system-messages/{message['id']}")


@pytest.mark.usefixtures("none")
async def test_written_looked_at_changed_and_deleted(cast: Cast) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await ines.turn_to("/settings/system-messages")
    await expect(page.get_by_text("No system messages yet")).to_be_visible()
    await page.locator(".actions button").last.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("All busy")
    english = dialog.get_by_label("Text in English")
    await english.fill("Hello {nmae}")
    await expect(dialog.get_by_text("There is no {nmae}")).to_be_visible()
    await english.fill("Hello {name|there}, you are number {place} in line.")
    await dialog.get_by_label("Text in German").fill("Hallo {name|Sie}, Platz {place}.")
    await expect(dialog.locator(".told").first).to_have_text("Hello Vera, you are number 2 in line.")
    await dialog.get_by_role("checkbox").uncheck()
    await expect(dialog.locator(".told").first).to_have_text("Hello there, you are number in line.")
    await dialog.get_by_role("button", name="New system message").click()
    await expect(dialog).to_have_count(0)
    line = page.get_by_role("listitem").filter(has_text="All busy")
    await expect(line).to_contain_text("No rule tells it")
    await line.get_by_role("button").click()
    await dialog.get_by_role("button", name="Delete", exact=True).click()
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(dialog).to_have_count(0)
    await expect(page.get_by_text("No system messages yet")).to_be_visible()
