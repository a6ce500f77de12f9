"""A forgotten password, in a browser: asked for, found in the mail, replaced, and the second factor still asked."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import Cast, sign_in
from tests.harness.smtp import Mailbox, text_of
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NEW = "a wholly different one"


async def test_a_new_password_by_mail(cast: Cast, api: Api, mailbox: Mailbox) -> None:
    email = api.agent("Fred Forgot")
    elsewhere, fred = await cast.stranger(), await cast.stranger()
    await sign_in(elsewhere.page, email)
    page = fred.page
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_role("button", name="Forgot your password?").click()
    await expect(page.get_by_label("E-mail")).to_have_value(email)
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_role("status").get_by_text("a link is on its way")).to_be_visible()
    await until(lambda: bool(mailbox.to(email)))
    link = re.search(r"https?://\S+/console/reset#token=\S+", text_of(mailbox.to(email)[0]))
    assert link
    await page.goto(link[0])
    await expect(page.get_by_label("E-mail")).to_have_value(email)
    await page.get_by_label("New password").fill("short")
    await page.get_by_role("button", name="Set password and sign in").click()
    await expect(page.get_by_text("at least 10 characters").last).to_be_visible()
    await page.get_by_label("New password").fill(NEW)
    await page.get_by_role("button", name="Set password and sign in").click()
    await expect(fred.list).to_be_visible()
    assert "token" not in page.url
    await expect(elsewhere.page.get_by_role("dialog", name="Sign in again")).to_be_visible()
    await until(lambda: len(mailbox.to(email)) == 2)
    assert "was replaced" in mailbox.to(email)[1]["Subject"]

    late = await cast.stranger()
    await late.page.goto(link[0])
    await expect(late.page.get_by_role("alert")).to_contain_text("This link was used")
    await late.page.get_by_role("button", name="To the sign-in page").click()
    await expect(late.page.get_by_label("Password")).to_be_visible()
