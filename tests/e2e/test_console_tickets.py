"""Tickets: from a conversation in one step, worked on by two agents at once, found again, changed many at a time."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.cast import ADMIN, Agent, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def line(page: Page, title: str) -> Locator:
    """A ticket in the list."""
    return page.get_by_role("list", name="Tickets").get_by_role("listitem").filter(has_text=title)


async def make(agent: Agent, title: str, **fields: object) -> int:
    """A ticket, without the browser."""
    body = {"client_id": await agent.page.evaluate("crypto.randomUUID()"), "title": title, **fields}
    number: int = (await agent.ask("/tickets", "POST", body))["number"]
    return number


async def test_a_conversation_becomes_a_ticket_that_two_agents_work_on(cast: Cast) -> None:
    visitor = await cast.visitor("Tilda Ticket")
    await visitor.open()
    await visitor.say("The pole of my tent is bent")
    tom, ines = await cast.agent(), await cast.agent(ADMIN)
    await tom.open("Tilda Ticket")
    await ines.open("Tilda Ticket")
    await tom.page.get_by_role("button", name="Create ticket").click()
    await tom.page.get_by_role("button", name="Open", exact=True).click()  # of a line that leaves by itself
    theirs = ines.page.get_by_role("complementary", name="Details").get_by_role("region", name="Tickets")
    await expect(theirs.get_by_role("link")).to_contain_text("The pole of my tent is bent")
    await theirs.get_by_role("link").click()

    here, there = tom.page, ines.page
    await expect(here.get_by_role("heading", level=1)).to_have_text("The pole of my tent is bent")
    await here.get_by_role("button", name=re.compile("^Title: ")).click()
    await here.get_by_role("textbox", name="Title").fill("Bent pole, Birchlight 2")
    await here.keyboard.press("Enter")
    await there.get_by_label("Status", exact=True).select_option("Pending")
    for page in (here, there):
        await expect(page.get_by_role("heading", level=1)).to_have_text("Bent pole, Birchlight 2")
        await expect(page.get_by_label("Status", exact=True)).to_have_value("pending")
        await expect(page.get_by_role("region", name="History")).to_contain_text("Status: Open →becomes Pending")

    await there.get_by_role("textbox", name="Comment").fill("Spare pole is on its way.")
    await there.keyboard.press("Control+Enter")
    await expect(there.get_by_role("textbox", name="Comment")).to_have_value("")
    await expect(here.get_by_role("region", name="History").get_by_text("Spare pole is on its way.")).to_be_visible()
    await here.get_by_label("Labels").fill("Tents, warranty")
    await here.keyboard.press("Enter")
    await expect(there.get_by_role("button", name="Remove the label warranty")).to_be_visible()
    await expect(here.get_by_role("region", name="People")).to_contain_text("Tilda Ticket")

    await visitor.say("Any news?")
    linked = here.get_by_role("region", name="Conversations")
    await expect(linked.get_by_role("link")).to_contain_text("Any news?")
    await linked.get_by_role("link").click()
    await expect(here.get_by_role("log", name="Conversation with Tilda Ticket")).to_be_visible()
    assert "Spare pole" not in " ".join(visitor.heard.frames), "a comment is the team's alone"


async def test_people_and_conversations_are_added_and_removed(cast: Cast) -> None:
    visitor = await cast.visitor("Lina Linked")
    await visitor.open()
    await visitor.say("Hello")
    tom = await cast.agent()
    number = await make(tom, "Gathers many")
    page = tom.page
    await page.goto(f"{tom.product.url}/console/tickets/{number}")
    await page.get_by_role("button", name="Add a conversation").click()
    await page.get_by_role("combobox", name="Find a name").fill("Lina Linked")
    await page.get_by_role("option", name="Lina Linked").click()
    await expect(page.get_by_role("region", name="Conversations").get_by_role("link")).to_contain_text("Lina Linked")
    await page.get_by_role("button", name="Remove Lina Linked").click()
    await expect(page.get_by_role("region", name="People")).to_contain_text("Nobody yet.")
    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_role("combobox", name="Find a name").fill("Lina Linked")
    await expect(page.get_by_role("dialog").get_by_role("option")).to_have_count(1)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("region", name="People")).to_contain_text("Lina Linked")
    await expect(page.get_by_role("region", name="History").locator("li.linked, li.unlinked")).to_have_count(3)


async def test_the_list_is_filtered_saved_shared_and_exported(cast: Cast, tmp_path: Path) -> None:
    tom, ines = await cast.agent(), await cast.agent(ADMIN)
    await make(tom, "Quince is urgent", priority="urgent", labels=["quince"])
    await make(tom, "Quince is calm", labels=["quince"], description="=1+1")
    page = tom.page
    await page.goto(f"{tom.product.url}/console/tickets")
    await page.get_by_role("searchbox", name="Search titles, descriptions, numbers").fill("quince")
    await expect(page.get_by_role("list", name="Tickets").get_by_role("listitem")).to_have_count(2)
    await page.get_by_label("Priority", exact=True).select_option("Urgent")
    await expect(line(page, "Quince is calm")).to_have_count(0)
    await page.get_by_role("button", name="Save as view").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Urgent quinces")
    await dialog.get_by_role("switch", name="Share with everybody").click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_have_count(0)

    await ines.page.goto(f"{ines.product.url}/console/tickets")
    await ines.page.get_by_role("button", name="View: Open tickets. Choose another").click()
    await ines.page.get_by_role("menuitemradio", name="Urgent quinces").click()
    await expect(line(ines.page, "Quince is urgent")).to_be_visible()
    await expect(line(ines.page, "Quince is calm")).to_have_count(0)
    await ines.page.reload()
    await expect(line(ines.page, "Quince is urgent")).to_be_visible()

    await page.get_by_label("Priority", exact=True).select_option("Any priority")
    await expect(line(page, "Quince is calm")).to_be_visible()
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Export CSV").click()
    await (await download.value).save_as(tmp_path / "tickets.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "tickets.csv").read_text("utf-8-sig"))))
    assert [(row["title"], row["description"]) for row in rows] == [
        ("Quince is urgent", ""),
        ("Quince is calm", "'=1+1"),
    ]


async def test_many_are_changed_at_once_and_the_list_stays_still_meanwhile(cast: Cast) -> None:
    tom, ines = await cast.agent(), await cast.agent(ADMIN)
    for place in range(2):
        await make(tom, f"Medlar {place}", labels=["medlar"])
    full = await make(tom, "Medlar full", labels=["medlar", *(f"label {place}" for place in range(19))])
    page = tom.page
    await page.goto(f"{tom.product.url}/console/tickets?label=medlar")
    await expect(page.get_by_role("list", name="Tickets").get_by_role("listitem")).to_have_count(3)
    await page.get_by_role("checkbox", name="Select all shown").check()
    await make(ines, "Medlar late", labels=["medlar"])
    await expect(page.get_by_role("button", name="Show changes")).to_be_visible()
    await expect(page.get_by_role("list", name="Tickets").get_by_role("listitem")).to_have_count(3)
    await page.get_by_role("button", name="Change…").click()
    dialog = page.get_by_role("dialog", name="Change 3 tickets")
    await dialog.get_by_label("Status").select_option("Solved")
    await dialog.get_by_label("Add labels").fill("done with")
    await dialog.get_by_role("button", name="Change 3 tickets").click()
    await expect(dialog).to_contain_text("2 tickets were changed.")
    await expect(dialog).to_contain_text(f"#{full} A ticket can have at most 20 labels.")
    await dialog.get_by_role("button", name="Close").last.click()
    await expect(line(page, "Medlar late")).to_be_visible()
    await expect(page.get_by_role("list", name="Tickets").get_by_role("listitem")).to_have_count(2)


async def test_by_keyboard_alone(cast: Cast) -> None:
    tom = await cast.agent()
    page = tom.page
    bar = page.get_by_role("combobox", name="Command bar")
    await page.keyboard.press("Control+k")
    await expect(bar).to_be_focused()
    await page.keyboard.type("New ticket")
    await expect(page.get_by_role("dialog").get_by_role("option").first).to_contain_text("New ticket")
    await page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="New ticket")
    await expect(dialog.get_by_label("Title")).to_be_focused()
    await page.keyboard.type("Made by keys")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Made by keys")
    await page.keyboard.press("Escape")
    await expect(line(page, "Made by keys")).to_be_visible()
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox", name="Search titles, descriptions, numbers")).to_be_focused()
    await page.keyboard.type("made by keys")
    await expect(page.get_by_role("list", name="Tickets").get_by_role("listitem")).to_have_count(1)
    await page.keyboard.press("Control+k")
    await expect(bar).to_be_focused()
    await page.keyboard.type("Made by keys")
    await page.get_by_role("option", name=re.compile(r"#\d+ Made by keys")).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Made by keys")


async def test_what_was_missed_without_a_connection_is_there_afterwards(cast: Cast) -> None:
    tom, ines = await cast.agent(), await cast.agent(ADMIN)
    number = await make(tom, "Lost and found")
    await tom.page.goto(f"{tom.product.url}/console/tickets/{number}")
    await expect(tom.page.get_by_role("heading", level=1)).to_have_text("Lost and found")
    await tom.page.get_by_role("textbox", name="Comment").fill("Half a sentence")
    await tom.page.context.set_offline(True)
    comment = {"client_id": await ines.page.evaluate("crypto.randomUUID()"), "text": "Said meanwhile"}
    await ines.ask(f"/tickets/{number}/comments", "POST", comment)
    await ines.ask(f"/tickets/{number}", "PATCH", {"title": "Found"})
    await tom.page.context.set_offline(False)
    await expect(tom.page.get_by_text("Said meanwhile")).to_be_visible(timeout=45_000)
    await expect(tom.page.get_by_role("heading", level=1)).to_have_text("Found")
    await expect(tom.page.get_by_role("textbox", name="Comment")).to_have_value("Half a sentence")
