"""What becomes of a message: watched while it is written, edited, deleted, answered to, read; and who a note names."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast
from tests.e2e.site import Site, snippet

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_edited_quoted_named_and_deleted(cast: Cast) -> None:
    ines, visitor = await cast.agent(ADMIN), await cast.visitor("Eddie Edit")
    await visitor.open()
    await visitor.say("Is the bleu one here?")
    await ines.open("Eddie Edit")
    await ines.sees("Is the bleu one here?")

    await visitor.message("Is the bleu one here?").hover()
    await visitor.panel.get_by_role("button", name="What to do with this message").click()
    await visitor.panel.get_by_role("button", name="Edit", exact=True).click()
    rewrite = visitor.panel.get_by_role("textbox", name="Edit your message")
    await expect(rewrite).to_be_focused()
    await rewrite.fill("Is the blue one here?")
    await rewrite.press("Enter")
    await visitor.sees("Is the blue one here?")
    await expect(ines.bubbles.first).to_have_text(re.compile("Is the blue one here\\?\\s*edited"))

    # The last message of one's own is edited from the empty field.
    await ines.reply("Yes, two are lfet.")
    await expect(visitor.bubbles.last).to_have_text("Yes, two are lfet.")
    await expect(ines.bubbles.last).to_have_attribute("data-seq", re.compile(r"\d+"))
    await ines.field.press("ArrowUp")
    box = ines.page.get_by_role("textbox", name="Edit message")
    await expect(box).to_be_focused()
    await box.fill("Yes, two are left.")
    await box.press("Enter")
    await visitor.sees("Is the blue one here?", "Yes, two are left.")
    await expect(ines.field).to_be_focused()

    # An answer to one particular message.
    await ines.bubbles.first.hover()
    await ines.page.get_by_role("button", name="Message actions").first.click()
    await ines.page.get_by_role("menuitem", name="Reply to this").click()
    await ines.reply("The blue one, yes.")
    quote = ines.bubbles.last.get_by_role("button", name=re.compile("^Quoted"))
    await expect(quote).to_contain_text("Is the blue one here?")

    await _name_by_keyboard(ines)

    await ines.thread.locator(".bubble", has_text="Yes, two are left.").hover()
    await ines.page.get_by_role("button", name="Message actions").nth(1).click()
    await ines.page.get_by_role("menuitem", name="Delete").click()
    await ines.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(visitor.bubbles.nth(1)).to_have_text("Message deleted")
    quoted = visitor.bubbles.last.get_by_role("button", name=re.compile("^Quoted"))
    await expect(quoted).to_contain_text("Is the blue one here?")
    await expect(visitor.bubbles.last).to_contain_text("The blue one, yes.")
    await expect(ines.thread.get_by_text("Message deleted")).to_be_visible()


async def _name_by_keyboard(ines: Agent) -> None:
    """A colleague in a note, and another when it is edited."""
    await ines.page.get_by_role("tab", name="Note").click()
    await ines.field.press_sequentially("@")
    found = ines.page.get_by_role("listbox", name="Colleagues and teams")
    await expect(found.get_by_role("option").first).to_be_visible()
    # Twice before the page has drawn anything: the second one sends.
    await ines.field.evaluate("""field => [1, 2].forEach(() => field.dispatchEvent(
        new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true })))""")
    named = ines.thread.locator(".mention")
    await expect(named).to_have_count(1)

    # An edit names another, from the same list; Escape closes the list and not the edit.
    await ines.field.press("ArrowUp")
    box = ines.page.get_by_role("textbox", name="Edit message")
    await expect(box).to_be_focused()
    await box.press_sequentially(" and @")
    await expect(found.get_by_role("option").first).to_be_visible()
    await box.press("Escape")
    await expect(found).to_be_hidden()
    await box.press("Backspace")
    await box.press_sequentially("@")
    await expect(found.get_by_role("option").first).to_be_visible()
    await box.press("ArrowDown")
    await box.press("Enter")
    await expect(box).to_have_value(re.compile(r"^@.+ and @.+ $"))
    await box.press("Enter")
    await expect(named).to_have_count(2)


async def test_watched_while_written_read_and_answered_to(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop that reads along")
    page = site.page(f"/{channel['key']}", snippet(cast.product.url, channel["key"]))
    visitor, ines = await cast.visitor("Quentin Quote", page), await cast.agent(ADMIN)
    await visitor.open()
    await visitor.say("Is it blue?")
    await ines.open("Quentin Quote")

    # Switched on while both have it open; the visitor is told before anything of theirs is.
    told = visitor.panel.get_by_text("We can see what you write before you send it.")
    await expect(told).to_be_hidden()
    api("PATCH", f"/channels/{channel['id']}", {"settings": {"around": {"typing_preview": True}}})
    await expect(told).to_be_visible()
    preview = ines.page.get_by_role("note", name="What Quentin Quote is writing")
    shown = asyncio.create_task(expect(preview).to_have_text("<b>Or green?</b>"))
    await visitor.field.fill("<b>Or green?</b>")
    await shown
    await visitor.field.press("Enter")
    await ines.sees("Is it blue?", "<b>Or green?</b>")
    await expect(preview).to_be_hidden()
    api("PATCH", f"/channels/{channel['id']}", {"settings": {"around": {"typing_preview": False}}})
    await expect(told).to_be_hidden()

    # Who has read it, by keyboard, and live.
    await ines.reply("Blue, yes.")
    await expect(visitor.bubbles.last).to_have_text("Blue, yes.")
    await expect(ines.bubbles.last).to_have_attribute("data-seq", re.compile(r"\d+"))
    button = ines.page.get_by_role("button", name="Message actions").last
    await button.focus()
    await ines.page.keyboard.press("Enter")
    await expect(ines.page.get_by_role("menuitem", name="Reply to this")).to_be_focused()
    await ines.page.keyboard.press("s")
    await ines.page.keyboard.press("Enter")
    seen = ines.page.get_by_role("dialog", name="Seen by")
    await expect(seen).to_contain_text("Quentin Quote")
    await expect(seen.locator("time")).to_have_count(1)
    await expect(seen).to_contain_text("No colleague has read it yet.")
    tom = await cast.agent()
    await tom.folder("Unresolved")
    await tom.open("Quentin Quote")
    await expect(seen.get_by_role("listitem")).to_contain_text("Tom Okafor")
    await ines.page.keyboard.press("Escape")
    await expect(seen).to_be_hidden()
    await expect(button).to_be_focused()
    await ines.page.get_by_role("button", name="Read", exact=True).click()
    await expect(seen.locator("time")).to_have_count(2)

    await visitor.bubbles.last.hover()
    await visitor.panel.get_by_role("button", name="What to do with this message").last.click()
    await visitor.panel.get_by_role("button", name="Reply", exact=True).click()
    await expect(visitor.field).to_be_focused()
    await expect(visitor.panel.get_by_role("button", name="Reply without the quote")).to_be_visible()
    await visitor.write("And the other one?")
    for bubbles in (visitor.bubbles, ines.bubbles):
        await expect(bubbles.last).to_contain_text("And the other one?")
        await expect(bubbles.last.get_by_role("button", name=re.compile("^Quoted"))).to_contain_text("Blue, yes.")
    await expect(visitor.panel.get_by_role("button", name="Reply without the quote")).to_be_hidden()
