"""A second factor: set up on the profile page, asked when signing in, required by the company."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, Page, expect

from tests.agents.authenticator import App
from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, PASSWORD, Cast, sign_in, told

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_an_agent_sets_it_up_and_signs_in_with_it(cast: Cast, api: Api) -> None:
    email = api.agent("Faye Second")
    faye = await cast.stranger()
    page, dialog = faye.page, faye.page.get_by_role("dialog")
    await sign_in(page, email)
    await page.goto(f"{cast.product.url}/console/settings/profile")
    await page.get_by_role("button", name="Set up a second factor").click()
    await dialog.get_by_label("Current password").fill("not the password")
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_text("The current password is wrong.")).to_be_visible()
    await dialog.get_by_label("Current password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Continue").click()
    app = await _scan(dialog)
    await _enter(dialog, app.wrong(), "Turn on")
    await expect(dialog.get_by_role("alert")).to_contain_text("This code is wrong")
    await _enter(dialog, app.code(1), "Turn on")
    codes = await _keep(dialog)
    await expect(page.get_by_text(re.compile("^On since"))).to_be_visible()
    await expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()

    there = (await cast.stranger()).page
    await _password(there, email)
    await expect(there.get_by_label("Code")).to_be_focused()
    await _enter(there.get_by_role("main"), app.wrong(), "Sign in")
    await expect(there.get_by_role("alert")).to_contain_text("This code is wrong")
    await there.reload()  # nothing of a half sign-in is kept by the page, and it opens nothing
    await expect(there.get_by_label("Password")).to_be_visible()
    await _password(there, email)
    await _enter(there.get_by_role("main"), codes[0].upper(), "Sign in")
    await expect(there.get_by_role("region", name="Conversations", exact=True)).to_be_visible()

    await page.reload()
    await expect(page.get_by_text("9 recovery codes are left.")).to_be_visible()
    await page.get_by_role("button", name="Turn off").click()
    await dialog.get_by_label("Current password").fill(PASSWORD)
    await _enter(dialog, codes[1], "Turn off the second factor")
    await expect(page.get_by_text("The second factor is off.")).to_be_visible()
    again = there.get_by_role("dialog", name="Sign in again")
    await again.get_by_label("Password").fill(PASSWORD)
    await again.get_by_role("button", name="Sign in", exact=True).click()
    await expect(again).to_have_count(0)


async def test_where_it_is_required_it_is_set_up_before_anything_else(cast: Cast, api: Api) -> None:
    email = api.agent("Reza Required")
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/settings/security")
    switch = ines.page.get_by_role("switch", name="Require a second factor of everybody")
    try:
        await switch.click()
        await expect(switch).to_be_checked()
        reza = await cast.stranger()
        await _password(reza.page, email)
        await expect(reza.page.get_by_text("Your company asks for a second factor.")).to_be_visible()
        main = reza.page.get_by_role("main")
        app = await _scan(main)
        await _enter(main, app.code(1), "Turn on")
        await _keep(main)
        await expect(reza.list).to_be_visible()
    finally:
        api("PATCH", "/sign-in-rules", {"second_factor_required": False})

    await ines.page.goto(f"{cast.product.url}/console/settings/agents")
    await ines.page.get_by_role("button", name="Edit Reza Required").click()
    async with told(ines.page, "Reza Required has no second factor any more"):
        await ines.page.get_by_role("button", name="Reset second factor").click()
    await expect(reza.page.get_by_role("dialog", name="Sign in again")).to_be_visible()


async def _password(page: Page, email: str) -> None:
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()


async def _scan(where: Locator) -> App:
    """What an app would read from the picture, from the text beside it."""
    await expect(where.get_by_role("img", name="QR code for the authenticator app")).to_be_visible()
    return App((await where.get_by_role("code").inner_text()).replace(" ", ""))


async def _enter(where: Locator, code: str, button: str) -> None:
    await where.get_by_label("Code", exact=True).fill(code)
    await where.get_by_role("button", name=button).click()


async def _keep(where: Locator) -> list[str]:
    shown = where.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    await expect(shown).to_have_count(10)
    codes = await shown.all_text_contents()
    await where.get_by_role("button", name="I have kept them").click()
    return codes
