"""Text blocks: found by # while writing, managed, imported and exported, live."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast, told

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PAGE = "/console/settings/text-blocks"


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Text blocks").get_by_role("option")


async def chat(cast: Cast, name: str, agent: Agent) -> None:
    """A conversation with somebody, open in front of the agent."""
    visitor = await cast.visitor(name)
    await visitor.open()
    await visitor.say("Hello, a question")
    await agent.open(name)


async def test_by_keyboard_two_blocks_are_stacked_and_sent(cast: Cast, api: Api) -> None:
    sam = await cast.agent("sam@fernwood.example")
    await chat(cast, "Tilda Type", sam)
    field, found = sam.field, options(sam.page)
    await field.press_sequentially("#hel")
    await expect(found.first).to_contain_text("#hello")
    await expect(found.first).to_contain_text("Hello Tilda Type, thank you for writing")
    await expect(field).to_have_attribute("aria-activedescendant", re.compile("-0$"))
    await field.press("Enter")
    await expect(found).to_have_count(0)
    hello = "Hello Tilda Type, thank you for writing to Fernwood Outdoor! How can I help you?"
    await expect(field).to_have_value(f"{hello} ")
    await expect(field).to_be_focused()
    await field.press_sequentially("#boo")
    await expect(found.first).to_contain_text("#boots")
    await field.press("Tab")
    await expect(field).to_have_value(re.compile(rf"^{re.escape(hello)} Our boots run slightly small"))
    before = used(api, "boots")
    async with sam.page.expect_response("**/api/v1/text-blocks/uses"):
        await field.press("Enter")
    await expect(sam.bubbles.last).to_contain_text("Exchanges are free for 60 days.")
    assert used(api, "boots") == before + 1


async def test_who_types_quicker_than_the_search_gets_the_first_found_all_the_same(cast: Cast) -> None:
    tom = await cast.agent()
    await chat(cast, "Quentin Quick", tom)
    await tom.field.press_sequentially("#bye")
    await tom.field.press("Enter")
    await expect(tom.field).to_have_value(re.compile("^Glad I could help"))

    # And goes on typing before the answer is there.
    typed = asyncio.Event()

    async def late(route: Route) -> None:
        await typed.wait()
        await route.continue_()

    await tom.page.route("**/api/v1/text-blocks/search?*", late)
    await tom.field.fill("")
    await tom.field.press_sequentially("#boo")
    await tom.field.press("Enter")
    await tom.field.press_sequentially("And one more thing")
    typed.set()
    await expect(tom.field).to_have_value(re.compile(r"^Our boots run .* And one more thing$", re.DOTALL))
    await tom.field.press("!")
    await expect(tom.field).to_have_value(re.compile(r"\. And one more thing!$"))
    await tom.field.fill("")


async def test_escape_arrows_and_numbers(cast: Cast) -> None:
    tom = await cast.agent()
    await chat(cast, "Esther Escape", tom)
    field, found = tom.field, options(tom.page)
    await field.press_sequentially("See #re")
    await expect(found.first).to_be_visible()
    await field.press("Escape")
    await expect(found).to_have_count(0)
    await field.press_sequentially("tu")
    await expect(field).to_have_value("See #retu")
    await expect(found).to_have_count(0)
    await field.fill("")
    await field.press_sequentially("#")
    await expect(found.nth(1)).to_be_visible()
    await field.press("ArrowDown")
    await expect(found.nth(1)).to_have_attribute("aria-selected", "true")
    await field.press("ArrowUp")
    await field.press("ArrowUp")
    await expect(found.last).to_have_attribute("aria-selected", "true")
    await field.fill("")
    await field.press_sequentially("Your order #20418")
    await field.press("Enter")
    await expect(tom.bubbles.last).to_have_text("Your order #20418")


async def test_the_button_searches_too_and_the_mouse_picks(cast: Cast, api: Api) -> None:
    block = api("POST", "/text-blocks", {"title": "For mice", "text": "Write to {{contact.email|us}} <b>soon</b>"})
    tom = await cast.agent()
    await chat(cast, "Mona Mouse", tom)
    await tom.field.fill("Well,")
    await tom.page.get_by_role("group", name="Tools").get_by_role("button", name="Text blocks").click()
    search = tom.page.get_by_role("combobox", name="Search title, shortcut and text")
    await expect(search).to_be_focused()
    await search.fill("mice soon")
    await options(tom.page).filter(has_text="For mice").click()
    await expect(search).to_have_count(0)
    await expect(tom.field).to_have_value("Well, Write to us <b>soon</b> ")
    await expect(tom.field).to_be_focused()
    await tom.field.press("Enter")
    await expect(tom.bubbles.last).to_have_text("Well, Write to us <b>soon</b>")
    api("DELETE", f"/text-blocks/{block['id']}")


async def test_a_team_block_is_found_by_its_team_alone(cast: Cast) -> None:
    tom = await cast.agent()
    await chat(cast, "Theo Team", tom)
    await tom.field.press_sequentially("#number")
    await expect(tom.page.get_by_text("No text block found")).to_be_visible()
    await tom.field.fill("")
    await tom.field.press_sequentially("#waterproof")
    await expect(options(tom.page).first).to_contain_text("Waterproofing a tent")
    await tom.field.fill("")


async def test_a_block_is_made_and_found_at_once_by_a_colleague(cast: Cast) -> None:
    ines, tom = await cast.agent(ADMIN), await cast.agent()
    await chat(cast, "Lina Live", tom)
    await tom.field.press_sequentially("#fresh")
    await expect(tom.page.get_by_text("No text block found")).to_be_visible()

    page = ines.page
    await page.goto(f"{cast.product.url}{PAGE}")
    await page.get_by_role("button", name="Create text block").click()
    dialog = page.get_by_role("dialog", name="Create text block")
    await dialog.get_by_label("Title", exact=True).fill("Fresh from the oven")
    await dialog.get_by_label("Shortcut").fill("#fresh")
    await dialog.get_by_label("Text", exact=True).fill("Dear {{contact.nam}}, ")
    await expect(dialog.get_by_role("status").filter(has_text="{{contact.nam}}")).to_be_visible()
    await dialog.get_by_label("Text", exact=True).fill("Dear ")
    await dialog.get_by_role("button", name="Customer’s name").click()
    await expect(dialog.get_by_label("Text", exact=True)).to_have_value("Dear {{contact.name|there}}")
    await expect(dialog.locator(".bubble")).to_have_text("Dear Robin Example")
    await dialog.get_by_role("tab", name="Unknown customer").click()
    await expect(dialog.locator(".bubble")).to_have_text("Dear there")
    await dialog.get_by_role("button", name="Create text block").click()
    await expect(dialog).to_have_count(0)

    await expect(options(tom.page).first).to_contain_text("Fresh from the oven")
    await tom.field.press("Enter")
    await expect(tom.field).to_have_value("Dear Lina Live ")
    await tom.field.fill("")

    await page.get_by_role("searchbox").fill("oven")
    line = page.get_by_role("listitem").filter(has_text="Fresh from the oven")
    await line.get_by_role("button", name="More for Fresh from the oven").click()
    await page.get_by_role("menuitem", name="Duplicate").click()
    await expect(dialog.get_by_label("Title", exact=True)).to_have_value("Fresh from the oven (copy)")
    await dialog.get_by_label("Shortcut").fill("fresh")
    await dialog.get_by_role("button", name="Create text block").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("has this shortcut")
    await dialog.get_by_role("button", name="Cancel").click()
    await line.get_by_role("button", name="More for Fresh from the oven").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("No text block found")).to_be_visible()


async def test_a_file_is_previewed_mended_and_imported(cast: Cast, api: Api) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.goto(f"{cast.product.url}{PAGE}")
    await page.get_by_role("button", name="Import", exact=True).click()
    dialog = page.get_by_role("dialog", name="Import text blocks")
    choose, take = dialog.locator("input[type=file]"), dialog.get_by_role("button", name=re.compile("^Import"))
    await choose.set_input_files({"name": "big.csv", "mimeType": "text/csv", "buffer": b"x" * 2_000_001})
    await expect(dialog.get_by_role("alert")).to_have_text("The file is larger than 2 MB. Split it.")
    bad = "title,text,teams\nImported one,First,\nImported two,Second,Nobody’s\n,,\n"
    await choose.set_input_files({"name": "bad.csv", "mimeType": "text/csv", "buffer": bad.encode()})
    await expect(dialog.get_by_role("listitem").filter(has_text="Line 3:")).to_contain_text(
        "There is no team called “Nobody’s”."
    )
    await expect(take).to_be_disabled()
    good = bad.replace("Nobody’s", "Gear advice").replace("First", "=1+1")
    await choose.set_input_files({"name": "good.csv", "mimeType": "text/csv", "buffer": good.encode()})
    async with told(page, "2 text blocks imported"):
        await dialog.get_by_role("button", name="Import 2 text blocks").click()
    await page.get_by_role("searchbox").fill("imported")
    await expect(page.get_by_role("listitem").filter(has_text="Imported two")).to_contain_text("Gear advice")

    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export", exact=True).click()
    file = await (await download.value).path()
    assert "'=1+1" in file.read_text()
    await page.get_by_role("button", name="Import", exact=True).click()
    await choose.set_input_files({"name": "again.csv", "mimeType": "text/csv", "buffer": file.read_bytes()})
    await expect(dialog.get_by_role("row", name=re.compile("As it is")).first).to_be_visible()
    await expect(take).to_be_disabled()
    for block in api("GET", "/text-blocks?search=imported")["blocks"]:
        api("DELETE", f"/text-blocks/{block['id']}")


async def test_who_may_not_manage_may_look(cast: Cast) -> None:
    tom = await cast.agent()
    await tom.page.goto(f"{cast.product.url}{PAGE}")
    await expect(tom.page.get_by_text("Changing it needs a role that allows it")).to_be_visible()
    await expect(tom.page.get_by_role("listitem").filter(has_text="Waterproofing a tent")).to_be_visible()
    await expect(tom.page.get_by_text("Ask for the order number")).to_have_count(0)
    buttons = re.compile("^(Create|Import|Export|Edit|More for)")
    await expect(tom.page.get_by_role("button", name=buttons)).to_have_count(0)


def used(api: Api, shortcut: str) -> int:
    (block,) = (one for one in api("GET", "/text-blocks?limit=200")["blocks"] if one["shortcut"] == shortcut)
    return int(block["uses"])
