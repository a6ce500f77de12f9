"""axe finds nothing while a visitor and an agent talk: who types, reads, quotes, edits and deletes, at both ends."""

from __future__ import annotations

import asyncio
import re
from uuid import uuid4

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor
from tests.e2e.site import Site, snippet

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SENT = re.compile(r"\d+")


@pytest.mark.parametrize("look", LOOKS)
async def test_both_ends_of_a_conversation(cast: Cast, api: Api, site: Site, look: str) -> None:
    audit = Audit(look)
    channel = api.channel(f"Shop that reads along {uuid4().hex[:6]}", around={"typing_preview": True})
    path = site.page("/", snippet(cast.product.url, channel["key"]), lang=audit.language)
    visitor, ines = await cast.visitor("Tessa Talk", path, **audit.options), await cast.agent(ADMIN, **audit.options)
    await visitor.open()
    await visitor.say("Is the bleu one here?")
    row = api("GET", f"/conversations?folder=all&provider={channel['id']}")["rows"][0]
    api("PATCH", f"/contacts/{row['contact']['id']}", {"email": "tessa@home.example"})
    await ines.turn_to(f"/inbox/{row['id']}?folder=all")
    await expect(ines.bubbles).to_have_count(1)
    field = ines.page.locator("footer textarea")
    await _types(visitor, ines, field, audit)
    await _changes(visitor, field, audit)
    await _quotes_and_deletes(ines, field, audit)
    await _notes(ines.page, field, audit)
    await _mails(ines, row["id"], audit)
    audit.passed(states=18)


async def _types(visitor: Visitor, ines: Agent, field: Locator, audit: Audit) -> None:
    """Each sees the other, and who is there."""
    await ines.ask("/me/online", "PUT", {"online": True})
    await expect(visitor.panel.locator("header .online")).to_be_visible()
    await audit.check(visitor.page, "open, online")
    # Both go by themselves a while after the last key.
    shown = asyncio.create_task(expect(ines.page.get_by_role("note")).to_be_visible())
    await visitor.field.press_sequentially("Or the gr")
    await shown
    await audit.check(ines.page, "what the visitor is writing")
    await visitor.field.fill("")
    typing = asyncio.create_task(expect(visitor.panel.locator(".typing .dots")).to_be_visible())
    await field.press_sequentially("I am")
    await typing
    await audit.check(visitor.page, "agent typing")
    await visitor.call("close")
    await field.fill("I am here")
    await field.press("Enter")
    await expect(visitor.button).to_have_accessible_name(re.compile(r"\b1\b"))
    await audit.check(visitor.page, "unread")
    await visitor.open()
    await ines.ask("/me/online", "PUT", {"online": False})


async def _changes(visitor: Visitor, field: Locator, audit: Audit) -> None:
    """The visitor quotes, edits and deletes."""
    mine, ours = visitor.panel.locator("li.message").first, visitor.panel.locator("li.message").nth(1)
    await ours.hover()
    await ours.locator(".acts button").click()
    await ours.locator(".acts .link").first.click()
    await expect(visitor.panel.locator(".quoting")).to_be_visible()
    await audit.check(visitor.page, "widget, quote above the field")
    await visitor.write("And the green one?")
    await expect(visitor.panel.locator("li.message[data-seq] .bubble")).to_have_count(3)
    await mine.hover()
    await mine.locator(".acts button").click()
    await expect(mine.locator(".acts .link")).to_have_count(3)
    await audit.check(visitor.page, "widget, acts")
    await mine.locator(".acts .link").nth(1).click()
    await expect(mine.locator("form.rewrite textarea")).to_be_focused()
    await audit.check(visitor.page, "widget, editing")
    await mine.locator("form.rewrite textarea").fill("Is the blue one here?")
    await mine.locator("form.rewrite textarea").press("Enter")
    await expect(mine.locator(".bubble")).to_contain_text("blue")
    await expect(mine.locator("form.rewrite")).to_have_count(0)  # the answer to it may come after the news of it
    await visitor.say("Sent by mistake")
    last = visitor.panel.locator("li.message").last
    await last.hover()
    await last.locator(".acts button").click()
    await last.locator(".acts .link").last.click()
    await expect(last.locator(".acts [role=alert]")).to_be_visible()
    await audit.check(visitor.page, "widget, asked before it is deleted")
    await last.locator(".acts .link").first.click()
    await expect(last.locator(".acts")).to_have_count(0)
    await audit.check(visitor.page, "widget, edited, quoted and deleted")


async def _quotes_and_deletes(ines: Agent, field: Locator, audit: Audit) -> None:
    page = ines.page
    acts = page.get_by_role("log").locator(".acts button")
    await acts.first.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem").first).to_be_focused()
    await audit.check(page, "what can be done with a message")
    await page.keyboard.press("Enter")
    await expect(field).to_be_focused()
    await expect(page.locator("footer .bar").first).to_be_visible()
    await audit.check(page, "quote above the field")
    await field.fill("The blue one is")
    await field.press("Enter")
    sent = page.get_by_role("log").locator(".bubble", has_text=re.compile(r"The blue one is\s*$"))
    await expect(sent).to_have_attribute("data-seq", SENT)
    await expect(field).to_be_focused()
    await field.press("ArrowUp")
    edit = page.get_by_role("log").locator("form textarea")
    await expect(edit).to_be_focused()
    await audit.check(page, "editing")
    await edit.fill("The blue one is here")
    await edit.press("Enter")
    await expect(ines.bubbles.last).to_contain_text("The blue one is here")
    await page.get_by_role("log").locator("button.mark").last.click()
    seen = page.get_by_role("dialog")
    await expect(seen.locator("time").first).to_be_visible()
    await audit.check(page, "seen by")
    await page.keyboard.press("Escape")
    await acts.nth(1).focus()
    await page.keyboard.press("Enter")
    await page.get_by_role("menuitem").last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "asked before it is deleted")
    await page.get_by_role("dialog").get_by_role("button").last.click()
    await expect(ines.thread.locator(".gone")).to_have_count(3)
    await audit.check(page, "edited, quoted and deleted")


async def _notes(page: Page, field: Locator, audit: Audit) -> None:
    await page.locator("footer [role=tab]").last.click()
    await field.press_sequentially("@")
    await expect(page.get_by_role("option").nth(1)).to_be_visible()
    await audit.check(page, "colleagues and teams to name")
    await field.press("Enter")
    await field.press("Enter")
    await expect(page.get_by_role("log").locator(".mention")).to_be_visible()
    await audit.check(page, "somebody named")


async def _mails(ines: Agent, conversation: str, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await page.evaluate("document.activeElement?.blur()")
    if audit.look == "narrow":
        await ines.turn_to(f"/inbox/{conversation}/details?folder=all")
    await page.get_by_role("complementary").locator("button[aria-haspopup=menu]").last.click()
    await page.get_by_role("menuitem").nth(3).click()
    await dialog.locator("input[type=email]").fill("nobody at home")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator("[aria-invalid=true]")).to_be_visible()
    await audit.check(page, "by mail, wrong address")
