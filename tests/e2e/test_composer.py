"""The composer's bar, files of text blocks and tickets, recording and silence in the widget, a list without a line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor
from tests.e2e.test_console_tickets import make
from tests.e2e.test_files import file, read, shown, tray, whole, written
from tests.files.pictures import picture

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

DEVICES = ["microphone", "camera"]
# Of a recording that goes on.
SOME_SECONDS = re.compile(r"0:(0[1-9]|[1-5]\d)")


async def talk(cast: Cast, name: str, email: str | None = None) -> tuple[Visitor, Agent]:
    visitor = await cast.visitor(name)
    await visitor.open()
    await visitor.say("Hello")
    agent = await (cast.agent(email) if email else cast.agent())
    await agent.open(name)
    return visitor, agent


async def labels(buttons: Locator) -> list[str | None]:
    return [await button.get_attribute("aria-label") for button in await buttons.all()]


async def test_the_bar_is_in_order_put_away_and_each_button_takes_its_kind(cast: Cast) -> None:
    _, tom = await talk(cast, "Bea Bar")
    page, bar = tom.page, tom.page.get_by_role("group", name="Tools")
    await expect(bar.get_by_role("button")).to_have_count(6)
    assert await labels(bar.get_by_role("button")) == ["Articles", "Image", "Video", "Audio", "File", "Text blocks"]
    await bar.get_by_role("button", name="Image").click()
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("menuitem", name="Choose pictures").click()
    await (await choosing.value).set_files(
        [file("seam.png", "image/png", picture()), file("receipt.pdf", "application/pdf", b"%PDF-1.7")]
    )
    # First what leaves by itself.
    await expect(page.get_by_text("receipt.pdf is not a PNG, JPEG, WebP or GIF picture.")).to_be_visible()
    await expect(tray(page)).to_contain_text(["seam.png"])
    async with page.expect_file_chooser() as choosing:
        await bar.get_by_role("button", name="File").click()
    await (await choosing.value).set_files([file("receipt.pdf", "application/pdf", b"%PDF-1.7")])
    await whole(page, 2)
    await page.get_by_role("button", name="Take seam.png away").click()
    await page.get_by_role("button", name="Take receipt.pdf away").click()

    chevron = page.get_by_role("button", name="Hide the tools")
    await expect(chevron).to_have_attribute("aria-expanded", "true")
    await chevron.focus()
    await page.keyboard.press("Enter")
    await expect(bar).to_have_count(0)
    await expect(page.get_by_role("button", name="Emoji")).to_be_visible()
    await expect(page.get_by_role("button", name="Show the tools")).to_be_focused()
    await page.reload()
    await expect(tom.field).to_be_visible()
    await expect(bar).to_have_count(0)
    await tom.reply("Sent without the bar")
    await expect(tom.bubbles.last).to_have_text("Sent without the bar")
    await page.get_by_role("button", name="Show the tools").click()
    await expect(bar).to_be_visible()
    await page.get_by_role("tab", name="Note").click()
    await expect(bar.get_by_role("button", name="Articles")).to_have_count(0)


async def test_files_of_text_blocks_go_along_and_outlive_them(cast: Cast, api: Api) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.goto(f"{ines.product.url}/console/settings/text-blocks")
    await page.get_by_role("button", name="Create text block").click()
    editor = page.get_by_role("dialog")
    await editor.get_by_label("Title").fill("Care leaflet")
    await editor.get_by_label("Shortcut").fill("leaflet")
    await editor.get_by_label("Text", exact=True).fill("Here is how to wash it.")
    await editor.locator("input[type=file]").set_input_files(
        [file("care.png", "image/png", picture()), file("care.pdf", "application/pdf", b"%PDF-1.7 wash")]
    )
    await whole(page, 2)
    await shown(editor.get_by_role("region", name="Preview").get_by_role("img", name="care.png"))
    await editor.get_by_role("button", name="Create text block").click()
    await expect(editor).to_have_count(0)
    line = page.get_by_role("list", name="Text blocks").get_by_role("listitem").filter(has_text="Care leaflet")
    await expect(line).to_contain_text("care.png, care.pdf")
    api("POST", "/text-blocks", {"title": "Bare words", "shortcut": "barewords", "text": "And more."})

    visitor, tom = await talk(cast, "Wilma Wash")
    for shortcut in ("leaflet", "barewords", "leaflet"):
        await tom.field.press_sequentially(f"#{shortcut}")
        await tom.field.press("Enter")
        await expect(tom.field).not_to_have_value(re.compile("#"))
    await whole(tom.page, 4)
    await expect(tray(tom.page)).to_contain_text(["care.png", "care.pdf", "care.png", "care.pdf"])
    for name in ("care.png", "care.pdf"):
        await tom.page.get_by_role("button", name=f"Take {name} away").last.click()
    await expect(tray(tom.page)).to_have_count(2)
    await tom.field.press("Enter")
    await expect(tom.bubbles.last).to_contain_text("Here is how to wash it. And more. Here is how to wash it.")
    (block,) = [one for one in api("GET", "/text-blocks?search=leaflet")["blocks"] if one["shortcut"] == "leaflet"]
    api("DELETE", f"/text-blocks/{block['id']}")
    await shown(visitor.panel.locator(".picture img"))
    await expect(visitor.panel.locator(".file")).to_contain_text("care.pdf")
    async with tom.page.expect_download() as download:
        await tom.thread.get_by_role("link", name=re.compile("care.pdf")).click()
    assert read(await (await download.value).path()) == b"%PDF-1.7 wash"


async def test_files_on_a_ticket_and_its_comments(cast: Cast, tmp_path: Path) -> None:
    tom, ines = await cast.agent(), await cast.agent(ADMIN)
    number = await make(tom, "A ticket with papers")
    here, there = tom.page, ines.page
    for page in (here, there):
        await page.goto(f"{tom.product.url}/console/tickets/{number}")
        await expect(page.get_by_role("region", name="Files")).to_be_visible()
    box = here.locator("form").filter(has=here.get_by_role("textbox", name="Comment"))
    await here.get_by_role("textbox", name="Comment").fill("The seam, and how it was")
    await box.locator("input[type=file]").last.set_input_files(
        [file("seam.png", "image/png", picture()), file("before.txt", "text/plain", b"whole")]
    )
    await here.keyboard.press("Control+Enter")
    history = there.get_by_role("region", name="History")
    await expect(history).to_contain_text("The seam, and how it was")
    await shown(history.get_by_role("img", name="seam.png"))
    kept = there.get_by_role("region", name="Files").get_by_role("listitem")
    await expect(kept).to_contain_text(["seam.png", "before.txt"])

    # Put on the ticket itself, without a word.
    large = written(tmp_path, {"warranty.pdf": b"%PDF-1.7 warranty"})
    await there.get_by_role("region", name="Files").locator("input[type=file]").set_input_files(large)
    await expect(here.get_by_role("region", name="Files").get_by_role("listitem")).to_contain_text(
        ["seam.png", "before.txt", "warranty.pdf"]
    )
    await expect(here.get_by_role("region", name="History")).to_contain_text("attached files")
    async with here.expect_download() as download:
        await here.get_by_role("region", name="Files").get_by_role("link", name=re.compile("warranty.pdf")).click()
    assert read(await (await download.value).path()) == b"%PDF-1.7 warranty"

    await here.get_by_role("button", name="Delete before.txt").click()
    await here.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(kept).to_contain_text(["seam.png", "warranty.pdf"])
    await expect(kept).to_have_count(2)
    await expect(history).to_contain_text("deleted a file")
    await expect(history.get_by_role("link", name=re.compile("before.txt"))).to_have_count(0)


async def make_one(visitor: Visitor, way: str) -> None:
    """Open what makes a file, by the paperclip."""
    await visitor.panel.get_by_role("button", name="Attach files").click()
    await visitor.panel.get_by_role("menuitem", name=way).click()


async def test_a_visitor_speaks_films_and_photographs(cast: Cast) -> None:
    visitor = await cast.visitor("Vic Visual", permissions=DEVICES)
    await visitor.open()
    await visitor.say("Look")
    panel, dialog = visitor.panel, visitor.panel.get_by_role("dialog")
    await make_one(visitor, "Record a voice message")
    await dialog.get_by_role("button", name="Record").click()
    await expect(dialog.get_by_role("timer")).to_contain_text(SOME_SECONDS)
    await dialog.get_by_role("button", name="Stop").click()
    await expect(dialog.locator("audio")).to_be_visible()
    await dialog.get_by_role("button", name="Attach").click()
    await expect(dialog).to_have_count(0)
    await make_one(visitor, "Take a photo")
    await expect(dialog.locator("video")).to_have_js_property("readyState", 4)
    await dialog.get_by_role("button", name="Take the photo").click()
    await dialog.get_by_role("button", name="Take it again").click()
    await expect(dialog.locator("video")).to_have_js_property("readyState", 4)
    await dialog.get_by_role("button", name="Take the photo").click()
    await dialog.get_by_role("button", name="Attach").click()
    await make_one(visitor, "Record a video")
    await dialog.get_by_role("button", name="Record").click()
    await expect(dialog.get_by_role("timer")).to_contain_text(SOME_SECONDS)
    await dialog.get_by_role("button", name="Stop").click()
    await dialog.get_by_role("button", name="Attach").click()
    await expect(panel.get_by_role("button", name="Attach files")).to_be_focused()
    await whole(panel, 3)
    await visitor.write("Here it is")
    await expect(visitor.message("Here it is").or_(panel.locator("li.message").last)).to_have_attribute(
        "data-seq", re.compile(r"\d+")
    )
    tom = await cast.agent()
    await tom.open("Vic Visual")
    await shown(tom.thread.get_by_role("img", name=re.compile("^Photo")))
    assert [each["kind"] for each in (await tom.log())[-1]["attachments"]] == ["audio", "image", "video"]
    await make_one(visitor, "Take a photo")
    await expect(dialog).to_be_visible()
    await visitor.page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    await expect(visitor.field).to_be_visible()


async def test_a_visitor_who_denies_the_camera_is_told_what_to_do(cast: Cast, api: Api) -> None:
    visitor = await cast.visitor("Dee Denied", permissions=[])
    await visitor.open()
    await visitor.say("Hello")
    await make_one(visitor, "Take a photo")
    alert = visitor.panel.get_by_role("alert")
    await expect(alert).to_contain_text("Your browser does not allow this page the microphone or camera.")
    await visitor.panel.get_by_role("button", name="Cancel").click()
    await expect(alert).to_have_count(0)


async def test_a_visitor_wants_no_sound_and_is_remembered(cast: Cast) -> None:
    visitor = await cast.visitor("Sil Silent")
    await visitor.open()
    switch = visitor.panel.get_by_role("button", name="Sound for new messages")
    await expect(visitor.panel.get_by_role("button", name="Close")).to_be_visible()
    await expect(switch).to_have_count(0)
    await visitor.say("Quietly, please")
    await expect(switch).to_have_attribute("aria-pressed", "true")
    await switch.press("Enter")
    await expect(switch).to_have_attribute("aria-pressed", "false")
    await visitor.reload()
    await expect(switch).to_have_attribute("aria-pressed", "false")
    await switch.click()
    await expect(switch).to_have_attribute("aria-pressed", "true")


async def test_another_folder_without_a_connection_shows_what_is_known(cast: Cast) -> None:
    _, tom = await talk(cast, "Otto Offline")
    await tom.folder("All")
    await expect(tom.row("Otto Offline")).to_be_visible()
    await tom.folder("Unread")
    await expect(tom.row("Otto Offline")).to_be_visible()
    await tom.page.context.set_offline(True)
    await tom.folder("All")
    await expect(tom.list).to_contain_text("Offline: this is what was last known.")
    await expect(tom.row("Otto Offline")).to_be_visible()
    await tom.page.context.set_offline(False)
    await expect(tom.list.get_by_text("Offline: this is what was last known.")).to_have_count(0)
    await expect(tom.row("Otto Offline")).to_be_visible()
