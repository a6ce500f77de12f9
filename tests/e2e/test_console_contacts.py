"""What agents know of their customers: additional information, labels, and the contacts page."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor, told

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


def fresh(word: str) -> str:
    """A name that no other test uses."""
    return f"{word} {uuid4().hex[:6]}"


async def _writes(cast: Cast, name: str) -> Visitor:
    visitor = await cast.visitor(name)
    await visitor.open()
    await visitor.say("Hello")
    return visitor


def _details(agent: Agent) -> Locator:
    return agent.page.get_by_role("complementary", name="Details")


async def _contacts(agent: Agent) -> None:
    await agent.page.get_by_role("link", name="Contacts").click()
    await expect(agent.page.get_by_role("heading", name="Contacts", level=1)).to_be_visible()


async def _find(agent: Agent, name: str) -> Locator:
    """The line of somebody in the contacts page, found by the search."""
    await agent.page.get_by_role("searchbox").fill(name)
    await expect(agent.page).to_have_url(re.compile("[?&]search="))  # asked for, not only typed
    line = agent.page.get_by_role("region", name="Contacts").get_by_role("listitem").filter(has_text=name)
    await expect(line).to_have_count(1)
    return line.get_by_role("link")


async def test_a_field_is_defined_filled_in_place_and_seen_by_colleagues(cast: Cast, api: Api) -> None:
    number, name = fresh("Order"), fresh("Fiona Field")
    visitor = await _writes(cast, name)
    ines, tom = await cast.agent(ADMIN), await cast.agent()
    await ines.open(name)
    await _details(ines).get_by_role("link", name="Configure fields").click()
    await ines.page.get_by_role("button", name="Create field").click()
    await ines.page.get_by_label("Name in English").fill(number)
    await ines.page.get_by_label("Kind").select_option("number")
    await ines.page.get_by_label("May your page set it?").select_option("unsigned")
    await ines.page.get_by_role("dialog").get_by_role("button", name="Create field").click()
    await expect(ines.page.get_by_role("listitem").filter(has_text=number)).to_be_visible()

    await tom.open(name)
    add = _details(tom).get_by_role("button", name=f"Add: {number}")
    await add.press("Enter")
    box = _details(tom).get_by_role("textbox", name=number)
    await expect(box).to_be_focused()
    await box.fill("many")
    await box.press("Enter")
    await expect(_details(tom).get_by_role("alert")).to_contain_text("not a number")
    await box.fill("12")
    await box.press("Enter")
    shown = _details(tom).get_by_role("button", name=f"{number}: 12. Edit")
    await expect(shown).to_be_focused()

    await ines.page.go_back()
    await expect(_details(ines).get_by_role("button", name=f"{number}: 12. Edit")).to_be_visible()
    await shown.click()
    await box.fill("13")
    await box.press("Enter")
    await expect(_details(ines).get_by_role("button", name=f"{number}: 13. Edit")).to_be_visible()

    key = next(one["key"] for one in api("GET", "/fields")["fields"] if one["label"].get("en") == number)
    await visitor.call("identify", {"name": name, "fields": {key: 99, "unknown": 1}})
    await expect(_details(tom).get_by_text("The page says: 99")).to_be_visible()
    await expect(_details(tom).get_by_role("button", name=f"{number}: 13. Edit")).to_be_visible()
    await _details(tom).get_by_role("button", name="Take over").click()
    await expect(_details(ines).get_by_role("button", name=f"{number}: 99. Edit")).to_be_visible()
    await expect(_details(tom).get_by_text("The page says")).to_have_count(0)


async def test_fields_are_ordered_by_the_keyboard(cast: Cast, api: Api) -> None:
    first, second = fresh("First"), fresh("Second")
    for name in (first, second):
        api("POST", "/fields", {"kind": "text", "label": {"en": name}})
    ines = await cast.agent(ADMIN)
    await ines.page.goto(f"{cast.product.url}/console/settings/fields")
    names = ines.page.locator("li .name")
    await expect(names.last).to_have_text(second)
    up = ines.page.get_by_role("button", name=f"Move {second} up")
    await up.press("Enter")
    await expect(names.last).to_have_text(first)
    await expect(up).to_be_focused()
    await expect(ines.page.get_by_role("status").filter(has_text=f"{second} is now number")).to_have_count(1)


async def test_a_label_is_made_while_choosing_shown_on_the_row_and_filtered_by(cast: Cast) -> None:
    label, name = fresh("VIP"), fresh("Lars Label")
    await _writes(cast, name)
    ines, tom = await cast.agent(ADMIN), await cast.agent()
    await ines.open(name)
    await _details(ines).get_by_role("button", name="Labels: Conversation").click()
    box = ines.page.get_by_role("combobox", name="Find a label")
    await box.fill(label)
    await ines.page.get_by_role("option", name=f"Create “{label}”").click()
    await expect(_details(ines).get_by_text(label)).to_be_visible()
    await expect(ines.page.get_by_role("option", name=label, selected=True)).to_be_visible()
    await ines.page.keyboard.press("Escape")

    await expect(tom.row(name)).to_contain_text(label)
    await tom.page.get_by_role("button", name="Label: All labels").click()
    await tom.page.get_by_role("menuitemradio", name=label).click()
    await expect(tom.list.get_by_role("link")).to_have_count(1)
    await expect(tom.page.get_by_role("tab", name=re.compile("^All"))).to_have_accessible_name("All, 1")
    await _details(ines).get_by_role("button", name=f"Take off {label}").click()
    await expect(tom.page.get_by_role("tab", name=re.compile("^All"))).to_have_accessible_name("All, 0")


async def test_two_contacts_are_merged_and_parted_again(cast: Cast) -> None:
    phone, laptop = fresh("Phone Petra"), fresh("Laptop Petra")
    await _writes(cast, phone)
    seen = await _writes(cast, laptop)
    ines = await cast.agent(ADMIN)
    await _contacts(ines)
    await (await _find(ines, phone)).click()
    pane = ines.page.get_by_role("region", name=phone)
    await pane.get_by_role("button", name="Merge").click()
    dialog = ines.page.get_by_role("dialog")
    await dialog.get_by_label("Who is the same person?").first.fill(laptop)
    await dialog.get_by_role("radio", name=re.compile(laptop)).check()
    await expect(dialog.get_by_text(f"{phone} stands for both")).to_be_visible()
    await dialog.get_by_role("button", name="Merge").click()
    await expect(pane.get_by_role("link", name=re.compile("running"))).to_have_count(2)
    await expect(pane.get_by_text(f"merged {laptop} into this contact")).to_be_visible()
    await seen.sees("Hello")
    await pane.get_by_role("button", name="Undo").click()
    await expect(pane.get_by_role("link", name=re.compile("running"))).to_have_count(1)
    await (await _find(ines, laptop)).click()
    await expect(ines.page.get_by_role("region", name=laptop)).to_be_visible()


async def test_a_file_is_looked_at_imported_and_exported(cast: Cast, tmp_path: Path) -> None:
    name = fresh("Ida Import")
    address = f"{uuid4().hex[:8]}@example.com"
    file = tmp_path / "people.csv"
    file.write_text(f"email;name\nnot an address;Nobody\n{address};{name}\n")
    ines = await cast.agent(ADMIN)
    await _contacts(ines)
    await ines.page.get_by_role("button", name="Import and export").click()
    await ines.page.get_by_role("menuitem", name="Import contacts").click()
    dialog = ines.page.get_by_role("dialog")
    await dialog.get_by_label("File").set_input_files(file)
    await expect(dialog.get_by_role("row").filter(has_text="email")).to_contain_text("2")
    act = dialog.get_by_role("button", name="Import", exact=True)
    await expect(act).to_be_disabled()
    mended = tmp_path / "mended.csv"
    mended.write_text(f"email;name\n{address};{name}\n")
    await dialog.get_by_label("File").set_input_files(mended)
    await expect(dialog.get_by_text("New contacts: 1. Changed: 0.")).to_be_visible()
    async with told(ines.page, "Imported. New contacts: 1. Changed: 0."):
        await act.click()
    await _find(ines, name)
    async with ines.page.expect_download() as started:
        await ines.page.get_by_role("button", name="Import and export").click()
        await ines.page.get_by_role("menuitem", name="Export as CSV").click()
    download = await started.value
    text = await asyncio.to_thread(Path(await download.path()).read_text, encoding="utf-8-sig")
    assert download.suggested_filename == "contacts.csv"
    assert [address in line for line in text.splitlines()] == [False, True]


async def test_who_may_not_sees_no_buttons_for_it(cast: Cast) -> None:
    tom = await cast.agent()
    await _contacts(tom)
    await expect(tom.page.get_by_role("region", name="Contacts").get_by_role("listitem").first).to_be_visible()
    await expect(tom.page.get_by_role("button", name="Import and export")).to_have_count(0)
    await tom.page.get_by_role("region", name="Contacts").get_by_role("listitem").get_by_role("link").first.click()
    await expect(tom.page.get_by_role("button", name="Merge")).to_have_count(0)
    await tom.page.goto(f"{cast.product.url}/console/settings/fields")
    await expect(tom.page.get_by_role("button", name="Create field")).to_have_count(0)
