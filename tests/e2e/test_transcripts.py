"""A conversation leaves as a file, for the customer or for the team."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.cast import ADMIN, Agent, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_for_the_customer_and_for_the_team(cast: Cast, tmp_path: Path) -> None:
    ines, visitor = await cast.agent(ADMIN), await cast.visitor("Thea Transcript")
    await visitor.open()
    await visitor.say("May I have this in writing?")
    await ines.open("Thea Transcript")
    await ines.note("Wants everything in writing")
    await ines.reply("Of course")
    await ines.sees("May I have this in writing?", "Wants everything in writing", "Of course")
    await expect(ines.thread.locator(".bubble[data-seq]")).to_have_count(3)

    public = await _export(ines, 0, "CSV", tmp_path)
    assert public.suffix == ".csv"
    assert "May I have this in writing?" in public.read_text("utf-8-sig")
    assert "Wants everything" not in public.read_text("utf-8-sig")
    inside = await _export(ines, 1, "HTML", tmp_path)
    page, _ = await cast.page(await cast.browser())
    await page.goto(inside.as_uri())
    await expect(page.get_by_role("heading", level=1)).to_have_text("Conversation with Thea Transcript")
    await expect(page.get_by_text("Wants everything in writing")).to_be_visible()
    await expect(page.get_by_text("Do not send it to the customer")).to_be_visible()
    assert (await _export(ines, 0, "PDF", tmp_path)).read_bytes().startswith(b"%PDF")


async def test_by_the_command_bar(cast: Cast, tmp_path: Path) -> None:
    ines, visitor = await cast.agent(ADMIN), await cast.visitor("Cara Command")
    await visitor.open()
    await visitor.say("And I by a command?")
    await ines.open("Cara Command")
    await ines.page.keyboard.press("Control+k")
    bar = ines.page.get_by_role("combobox", name="Command bar")
    await expect(bar).to_be_focused()
    await ines.page.keyboard.type("export transcript: html")
    await expect(ines.page.get_by_role("option", selected=True)).to_contain_text("HTML")
    async with ines.page.expect_download() as download:
        await ines.page.keyboard.press("Enter")
    assert (await download.value).suggested_filename.endswith(".html")


async def _export(agent: Agent, group: int, kind: str, folder: Path) -> Path:
    await agent.page.get_by_role("button", name="Export transcript").click()
    item = agent.page.get_by_role("menuitem", name=re.compile(f"^{kind}")).nth(group)
    async with agent.page.expect_download() as download:
        await item.click()
    path = folder / f"{group}-{(await download.value).suggested_filename}"
    await (await download.value).save_as(path)
    return path
