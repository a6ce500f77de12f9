"""Passkeys in a browser, with an authenticator of Chromium's: added, named, used alone and as a second step."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import PASSWORD, Cast, sign_in

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Phone:
    """An authenticator that is plugged into a page, and whose owner can be somebody else for a while."""

    def __init__(self, page: Page) -> None:
        self._page = page

    async def plug_in(self) -> Phone:
        self._cdp = await self._page.context.new_cdp_session(self._page)
        await self._cdp.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        answer = await self._cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})
        self._id = answer["authenticatorId"]
        return self

    async def recognises(self, owner: bool) -> None:
        await self._cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self._id, "isUserVerified": owner})


async def test_an_agent_adds_one_and_signs_in_with_it(cast: Cast, api: Api) -> None:
    email = api.agent("Pia Passkey")
    pia = await cast.stranger()
    page, dialog = pia.page, pia.page.get_by_role("dialog")
    mine = page.get_by_role("list", name="Passkeys").get_by_role("listitem")
    phone = await Phone(page).plug_in()
    await page.get_by_role("button", name="Continue with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("Your browser gave no passkey")
    await sign_in(page, email)
    await page.goto(f"{cast.product.url}/console/settings/profile")
    await _add(page, phone)

    await _sign_out(page)
    await page.get_by_role("button", name="Continue with a passkey").click()
    await expect(pia.list).to_be_visible()
    await _sign_out(page)
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("button", name="Use a passkey")).to_be_focused()
    await expect(page.get_by_label("Code")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(pia.list).to_be_visible()

    await page.goto(f"{cast.product.url}/console/settings/profile")
    await expect(mine).to_contain_text("last used")
    await page.get_by_role("button", name="Remove Pocket").click()
    await dialog.get_by_label("Current password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Remove passkey").click()
    await expect(mine).to_have_count(0)
    await _sign_out(page)
    await page.get_by_role("button", name="Continue with a passkey").click()
    await expect(page.get_by_role("alert")).to_contain_text("This passkey was not accepted")


async def _add(page: Page, phone: Phone) -> None:
    """With a wrong password, a stranger's finger, and then rightly; a second time on the same phone; another name."""
    dialog, mine = page.get_by_role("dialog"), page.get_by_role("list", name="Passkeys").get_by_role("listitem")
    await page.get_by_role("button", name="Add a passkey").click()
    await expect(dialog.get_by_label("Current password")).to_be_focused()
    await dialog.get_by_label("Current password").fill("not the password")
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_text("The current password is wrong.")).to_be_visible()
    await phone.recognises(False)
    await dialog.get_by_label("Current password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_text("Your browser gave no passkey")).to_be_visible()
    await phone.recognises(True)
    await dialog.get_by_label("Name of the passkey").fill("Pia's phone")
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")).to_have_count(10)
    await dialog.get_by_role("button", name="I have kept them").click()
    await expect(mine).to_contain_text("never used")
    await expect(page.get_by_text("10 recovery codes are left.")).to_be_visible()
    await page.get_by_role("button", name="Add a passkey").click()
    await dialog.get_by_label("Current password").fill(PASSWORD)
    await dialog.get_by_role("button", name="Continue").click()
    await expect(dialog.get_by_text("This device has a passkey for your account already.")).to_be_visible()
    await dialog.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Rename Pia's phone").click()
    await dialog.get_by_label("Name of the passkey").fill("Pocket")
    await dialog.get_by_role("button", name="Save").click()
    await expect(mine).to_contain_text("Pocket")


async def _sign_out(page: Page) -> None:
    await page.get_by_role("button", name="You: Pia Passkey").click()
    async with page.expect_navigation():
        await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_label("E-mail")).to_be_visible()
