"""axe finds nothing in what the widget asks before the first message and offers after the last."""

from __future__ import annotations

from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.cast import Cast, Visitor
from tests.e2e.site import Site, snippet

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", LOOKS)
async def test_before_and_after(cast: Cast, api: Api, site: Site, look: str) -> None:
    """What is asked first, answers that are wrong, the rating, and one that is given; the conversation by mail."""
    audit = Audit(look)
    around = {
        "consent": {"en": "I agree", "de": "Einverstanden"},
        "consent_tick": True,
        "asked": [{"what": "name", "required": True}, {"what": "email", "help": {"en": "For our answer"}}],
        "rating": True,
        "transcript": True,
        "typing_preview": True,
    }
    channel = api.channel(f"Shop that asks {look}", privacy_url="https://example.com/p", around=around)
    path = site.page(f"/{channel['key']}", snippet(cast.product.url, channel["key"]), lang=audit.language)
    visitor = await cast.visitor(path=path, **audit.options)
    await visitor.open()
    form = visitor.panel.locator("form.before")
    await expect(form).to_be_visible()
    await expect(visitor.panel.locator(".watched")).to_be_visible()
    await audit.check(visitor.page, "asked, and told who reads along")
    await visitor.write("Hello")
    await expect(form.locator("[aria-invalid=true]").first).to_be_focused()
    await audit.check(visitor.page, "wrong answers")
    await form.get_by_role("textbox").first.fill("Axel")
    await form.get_by_role("checkbox").check()
    await visitor.field.press("Enter")
    await expect(visitor.message("Hello")).to_have_attribute("data-seq", "1")
    row = api("GET", f"/conversations?folder=all&provider={channel['id']}")["rows"][0]
    api("POST", f"/conversations/{row['id']}/messages", {"client_id": str(uuid4()), "text": "Hello Axel"})
    await expect(visitor.bubbles).to_have_count(2)
    api("PUT", f"/conversations/{row['id']}/status", {"status": "done"})
    await visitor.panel.get_by_role("radio").nth(2).check(force=True)
    await audit.check(visitor.page, "rating")
    await visitor.panel.locator("form.around button[type=submit]").click()
    await expect(visitor.panel.locator("p.rated")).to_be_visible()
    await audit.check(visitor.page, "rated")
    await _by_mail(visitor, audit)
    audit.passed(states=6)


async def _by_mail(visitor: Visitor, audit: Audit) -> None:
    form = visitor.panel.locator("form.around")
    await visitor.panel.locator("div.around button").click()
    await expect(form.get_by_role("textbox")).to_be_focused()
    await form.get_by_role("textbox").fill("axel at home")
    await form.get_by_role("textbox").press("Enter")
    await expect(form.get_by_role("alert")).to_be_visible()
    await audit.check(visitor.page, "by mail, wrong address")
    await form.get_by_role("textbox").fill("axel@home.example")
    await form.locator("button[type=submit]").click()
    await expect(form).to_have_count(0)
    await expect(visitor.panel.locator("div.around [role=status]")).not_to_be_empty()
    await audit.check(visitor.page, "by mail, sent")


@pytest.mark.parametrize("look", LOOKS)
async def test_nobody_is_here(cast: Cast, api: Api, site: Site, look: str) -> None:
    """The form that is there in place of a chat while the company is closed."""
    audit = Audit(look)
    never = {"zone": "UTC", "week": [[]] * 7, "special": []}
    hours = api("POST", "/opening-hours", {"name": f"Never {uuid4().hex[:6]}", "hours": never})
    availability = {"hours_id": hours["id"], "outside": "form"}
    channel = api.channel(f"Closed shop {look}", privacy_url="https://example.com/p", availability=availability)
    path = site.page(f"/{channel['key']}", snippet(cast.product.url, channel["key"]), lang=audit.language)
    visitor = await cast.visitor(path=path, **audit.options)
    await visitor.button.click()
    form = visitor.panel.locator("footer.leave form")
    await expect(form).to_be_visible()
    await audit.check(visitor.page, "leave a message")
    await form.locator("input[type=email]").fill("axel@")
    await form.locator("button[type=submit]").click()
    await expect(form.locator("[aria-invalid=true]")).to_have_count(3)
    await audit.check(visitor.page, "leave a message, all of it wrong")
    audit.passed(states=2)
