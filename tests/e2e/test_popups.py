"""Pop-ups: they come and go by themselves, wait for who reads them, and lie over nothing that one presses."""

from __future__ import annotations

import asyncio
import re
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STAYS = 8_000
"""Milliseconds for which one stays by itself."""


async def test_it_leaves_by_itself_but_not_under_a_pointer(cast: Cast) -> None:
    page = (await cast.agent(ADMIN)).page
    await page.clock.install()
    await page.goto(f"{cast.product.url}/console/settings/notifications")
    test, popup = page.get_by_role("button", name="Test: Pop-up"), page.locator(".popup")
    await test.click()
    await expect(popup).to_be_visible()
    await page.clock.fast_forward(STAYS)
    await expect(popup).to_have_count(0)

    await test.click()
    await popup.hover()
    await page.clock.fast_forward(STAYS)
    await page.clock.fast_forward(STAYS)
    await expect(popup).to_be_visible()
    await page.mouse.move(5, 5)
    await page.clock.fast_forward(STAYS)
    await expect(popup).to_have_count(0)


async def test_one_press_takes_all_of_them_away(cast: Cast, api: Api) -> None:
    ines = await cast.agent(ADMIN, popups=["new_conversation"])
    await ines.turn_to("/settings/notifications")
    page, popup = ines.page, ines.page.locator(".popup")
    test, close = page.get_by_role("button", name="Test: Pop-up"), popup.get_by_role("button", name="Close")

    await test.click()
    await popup.hover()
    await asyncio.to_thread(api.conversation, "Stella Stacked", "Hello")
    await expect(popup).to_contain_text("1 more")
    await close.click()
    await expect(popup).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
async def test_what_is_under_it_on_a_page_can_be_pressed(cast: Cast, width: int) -> None:
    ines = await cast.agent(ADMIN, viewport={"width": width, "height": 800})
    body = {"client_id": str(uuid4()), "title": "Pressed under a pop-up"}
    number = (await ines.ask("/tickets", "POST", body))["number"]
    page = ines.page
    await page.clock.install()
    await page.goto(f"{cast.product.url}/console/settings/notifications")
    await page.get_by_role("button", name="Test: Pop-up").click()
    await ines.turn_to(f"/tickets/{number}")
    await page.get_by_role("button", name=re.compile("^Title: ")).click()
    await expect(page.get_by_role("textbox", name="Title")).to_be_focused()
    await expect(page.locator(".popup")).to_be_visible()
