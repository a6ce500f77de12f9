"""A customer is deleted, and everybody who looks at them sees it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_all_is_exported_then_all_is_deleted(cast: Cast, tmp_path: Path) -> None:
    ines, tom, visitor = await cast.agent(ADMIN), await cast.agent(), await cast.visitor("Edda Erase")
    await visitor.open()
    await visitor.say("Please forget me")
    await ines.open("Edda Erase")
    await tom.open("Edda Erase")
    async with ines.page.expect_download() as download:
        await ines.page.get_by_role("button", name="Export all data").click()
    file = tmp_path / "all.json"
    await (await download.value).save_as(file)
    assert json.loads(file.read_text())["tables"]["entry"][0]["text"] == "Please forget me"

    await ines.page.get_by_role("button", name="Delete customer").click()
    dialog = ines.page.get_by_role("dialog", name="Delete Edda Erase?")
    await expect(dialog).to_contain_text("1 conversation")
    await dialog.get_by_role("button", name="Delete for good").click()
    await expect(dialog).to_have_count(0)
    await expect(ines.row("Edda Erase")).to_have_count(0)
    await expect(tom.row("Edda Erase")).to_have_count(0)
    await expect(tom.page.get_by_text("This customer was deleted")).to_be_visible()
    await expect(tom.page.get_by_role("button", name="Delete customer")).to_have_count(0)
    await visitor.sees()
    await visitor.say("A new beginning")
    await tom.page.mouse.move(800, 400)  # the list is held while the pointer rests in it
    await expect(tom.list.get_by_role("link").filter(has_text="A new beginning")).to_be_visible()
