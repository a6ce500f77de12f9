"""axe finds nothing in the reports: figures, plots as tables, what is behind them, what was gathered."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.axe.scene import Known
from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage", "tests.e2e.axe.scene"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.mark.parametrize("look", LOOKS)
async def test_reports(cast: Cast, known: Known, look: str) -> None:
    audit = Audit(look)
    ines = await cast.agent(ADMIN, **audit.options)
    page = ines.page
    await ines.turn_to("/reports")
    plots = page.get_by_role("figure")
    await expect(plots.nth(3)).to_be_visible()  # the fourth is of ratings
    await plots.first.locator("summary").click()
    await plots.last.locator(".links a[tabindex='0']").focus()
    await page.locator(".tile button").first.click()
    await expect(page.locator(".popover")).to_be_visible()
    await audit.check(page, "dashboard, a plot as a table, what a figure means")
    await page.keyboard.press("Escape")
    await ines.turn_to("/reports?period=custom&first=2001-01-01&last=2001-01-31&status=done")
    await expect(page.locator(".tile").first).to_be_visible()
    await audit.check(page, "dashboard of a time without conversations")
    await ines.turn_to("/reports/episodes")
    await expect(page.locator("tbody tr").first).to_be_visible()
    await audit.check(page, "conversations behind the figures")
    await page.locator(".acts button").last.click()
    await expect(page.get_by_role("checkbox").first).to_be_visible()
    await audit.check(page, "columns to choose")
    await page.keyboard.press("Escape")
    await ines.turn_to("/reports/times")
    await page.locator("summary").first.click()
    await audit.check(page, "times of agents")
    await page.locator(".acts button").click()
    await expect(page.get_by_role("combobox")).to_be_visible()
    await audit.check(page, "time zone of reports")
    await page.keyboard.press("Escape")
    await ines.turn_to("/reports/gathered")
    await expect(page.locator("tbody tr").first).to_be_visible()
    await expect(page.get_by_text(known.field).first).to_be_visible()
    await audit.check(page, "gathered information")
    await page.locator("main .content .bar button").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "gathered information, as a file")
    await page.keyboard.press("Escape")
    await ines.turn_to("/reports/files")
    await expect(page.locator(".empty").or_(page.locator("main li")).first).to_be_visible()
    await audit.check(page, "files")
    await ines.turn_to("/reports/scheduled")
    await page.locator("main .bar button").click()
    await expect(page.get_by_role("dialog").get_by_role("checkbox").first).to_be_visible()
    await audit.check(page, "a new report that is sent again and again")
    audit.passed(states=10)
