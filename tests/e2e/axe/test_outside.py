"""axe finds nothing where nobody is signed in: the ways in, and the page of a chat link, alone and in a frame."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.cast import PASSWORD, Cast
from tests.e2e.site import Site

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FRAME = (
    '<meta name="color-scheme" content="light dark">'
    '<iframe src="{url}" title="Conversation" width="300" height="480" style="color-scheme: light dark"></iframe>'
)


@pytest.mark.parametrize("look", LOOKS)
async def test_signing_in(cast: Cast, api: Api, look: str) -> None:
    audit, two_steps = Audit(look), api.agent_with_second_factor("Fay Factor")
    page = (await cast.stranger(**audit.options)).page
    await expect(page.locator("input[type=password]")).to_be_visible()
    await audit.check(page, "sign-in")
    await page.locator("input[type=email]").fill("nobody@example.com")
    await page.locator("input[type=password]").fill("not the password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await audit.check(page, "sign-in refused")
    await page.locator("input[type=email]").fill(two_steps)
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("input[name=code]").fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await audit.check(page, "second step refused")
    await page.reload()
    await page.locator("form button").last.click()
    await expect(page.locator("input[type=password]")).to_have_count(0)
    await audit.check(page, "forgot the password")
    for path in ("setup", "invite#token=unknown", "reset#token=unknown"):
        await page.goto(f"{cast.product.url}/console/{path}")
        await expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_role("main").get_by_role("button").first).to_be_visible()
        await audit.check(page, path)
    audit.passed(states=7)


@pytest.mark.parametrize("look", LOOKS)
async def test_chat_link(cast: Cast, api: Api, site: Site, look: str) -> None:
    """A conversation, a note that is too long, and a link that was revoked."""
    audit = Audit(look)
    row = api.conversation(f"Liv Link {look}", "Where is my parcel?")
    link = api("POST", f"/contacts/{row['contact']['id']}/chat-links", {"origins": [site.origin]})
    page, _ = await cast.page(await cast.browser(**audit.options))
    await page.goto(link["url"])
    await expect(page.locator("article").first).to_be_visible()
    await audit.check(page, "open")
    crm = await cast.foreign_page(page.context, site.page("/", FRAME.format(url=link["url"]), lang=audit.language))
    await expect(crm.frame_locator("iframe").locator("article").first).to_be_visible()
    await audit.check(crm, "in a frame of another site")
    await page.get_by_role("radio").last.check()
    await page.get_by_role("textbox").fill("x" * 20_001)
    await expect(page.get_by_role("alert")).to_be_visible()
    await audit.check(page, "note too long")
    api("DELETE", f"/chat-links/{link['id']}")
    await expect(page.get_by_role("log")).to_have_count(0)
    await audit.check(page, "revoked")
    audit.passed(states=4)
