"""What becomes of a message after it was sent: edited, deleted, answered to; and a note that names a colleague."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.cast import ADMIN, Cast

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

    # A colleague is named by the keyboard alone.
    await ines.page.get_by_role("tab", name="Note").click()
    await ines.field.press_sequentially("@")
    found = ines.page.get_by_role("listbox", name="Colleagues and teams")
    await expect(found.get_by_role("option").first).to_be_visible()
    await ines.field.press("Enter")
    await expect(ines.field).to_have_value(re.compile(r"^@.+ $"))
    await ines.field.press("Enter")
    await expect(ines.thread.locator(".mention")).to_be_visible()

    await ines.thread.locator(".bubble", has_text="Yes, two are left.").hover()
    await ines.page.get_by_role("button", name="Message actions").nth(1).click()
    await ines.page.get_by_role("menuitem", name="Delete").click()
    await ines.page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await visitor.sees("Is the blue one here?", "Message deleted", "The blue one, yes.")
    await expect(ines.thread.get_by_text("Message deleted")).to_be_visible()
