"""When and where there is a chat: an admin says it, and open pages of visitors follow."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def hours(api: Api) -> Iterator[dict[str, Any]]:
    """The company's opening hours, as they were again afterwards."""
    before = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    yield before
    now = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    body = {"version": now["version"], "name": before["name"], "hours": before["hours"], "is_default": False}
    api("PATCH", f"/opening-hours/{now['id']}", body)


async def test_an_admin_writes_opening_hours_and_never_over_somebody_elses(
    cast: Cast, api: Api, hours: dict[str, Any]
) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.goto(f"{cast.product.url}/console/settings/general")
    await page.get_by_label("Time zone").select_option("Europe/Berlin")
    # A break, and the same for the other workdays.
    await page.get_by_label("Monday, closes").fill("12:00")
    await page.get_by_role("button", name="Add times to Monday").click()
    await expect(page.get_by_label("Monday, opens").nth(1)).to_have_value("13:00")
    await page.get_by_role("button", name="Make Tuesday to Friday like Monday").click()
    await expect(page.get_by_label("Friday, opens")).to_have_count(2)
    # What overlaps is said beside the day, and is mended there.
    await page.get_by_label("Monday, opens").nth(1).fill("11:00")
    wrong = page.get_by_role("group", name="Monday")
    await expect(wrong.get_by_text("These times overlap.")).to_be_visible()
    await page.get_by_label("Monday, opens").nth(1).fill("13:00")
    await expect(wrong.get_by_text("These times overlap.")).to_be_hidden()
    # Holidays out of a list.
    await page.get_by_role("button", name="Import holidays").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Calendar or list").fill("25.12. Christmas\nthe day after")
    await dialog.get_by_role("button", name="Read").click()
    await expect(dialog.get_by_text("Line 2 does not begin with a day.")).to_be_visible()
    await dialog.get_by_label("Calendar or list").fill("25.12. Christmas")
    await dialog.get_by_role("button", name="Read").click()
    await expect(dialog.get_by_text("One day was found.")).to_be_visible()
    await dialog.get_by_role("button", name="Add them").click()
    await expect(page.get_by_label("Name").last).to_have_value("Christmas")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Opening hours saved.")).to_be_visible()
    saved = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    noon = [{"opens": "09:00", "closes": "12:00"}, {"opens": "13:00", "closes": "17:00"}]
    assert saved["hours"]["zone"] == "Europe/Berlin"
    assert saved["hours"]["week"] == [noon] * 5 + [[], []]
    assert [(day["name"], day["yearly"]) for day in saved["hours"]["special"]] == [("Christmas", True)]
    # While one changes them, somebody else does: told, and nothing is lost.
    await page.get_by_role("button", name="Add times to Saturday").click()
    theirs = {"version": saved["version"], "name": "By another", "hours": saved["hours"], "is_default": False}
    api("PATCH", f"/opening-hours/{saved['id']}", theirs)
    await expect(page.get_by_text("Somebody else has changed these opening hours")).to_be_visible()
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await page.get_by_role("button", name="Keep mine").click()
    await page.get_by_label("Name", exact=True).first.fill("By both")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Discard")).to_be_hidden()
    both = next(one for one in api("GET", "/opening-hours") if one["is_default"])
    assert (both["name"], len(both["hours"]["week"][5])) == ("By both", 1)
