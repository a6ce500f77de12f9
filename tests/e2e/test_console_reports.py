"""Reports: the same figures on the screen, from the API and in the file; the conversations behind them; files."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import statistics
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Locator, Page, Route, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# The console waits some seconds before it asks for all figures again.
LIVE_MS = 30_000


def asked(api: Api, url: str, text: str) -> str:
    """A visitor of whom only this text is known; the id of their conversation."""
    key = api("GET", "/channels")[0]["key"]
    token = api.visitor(url, {"channel": key})
    body = {"client_id": str(uuid4()), "text": text}
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{url}/api/v1/widget/conversation/messages", json=body, headers=headers, timeout=30)
    assert answer.is_success, answer.text
    rows = api("GET", "/conversations?folder=all&limit=200")["rows"]
    found: str = next(row["id"] for row in rows if row["preview"] == text)
    return found


def tile(page: Page, label: str) -> Locator:
    return page.locator(".tile").filter(has=page.locator("dt", has_text=re.compile(f"^{label}")))


def in_words(seconds: float) -> str:
    """As the console writes it."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    rest = f" {whole % 60} s" if whole % 60 and whole < 600 else ""
    return f"{whole // 60} min{rest}"


async def test_figures_agree_lead_to_conversations_and_leave_as_a_file(cast: Cast, api: Api, tmp_path: Path) -> None:
    url = cast.product.url
    label = api("POST", "/labels", {"name": f"Report {uuid4().hex[:8]}", "colour": "teal"})
    answered, waiting = (asked(api, url, f"Reported {uuid4().hex}") for _ in range(2))
    for each in (answered, waiting):
        api("PUT", f"/conversations/{each}/labels/{label['id']}")
    answer = {"client_id": str(uuid4()), "text": "=1+1 is two", "then_done": True}
    api("POST", f"/conversations/{answered}/messages", answer)

    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.get_by_role("link", name="Reports").click()
    await expect(page.get_by_role("heading", name="Reports", level=1)).to_be_visible()
    await page.get_by_role("button", name="7 days").click()
    await _bars_are_as_long_as_what_they_count(page)
    await page.get_by_label("Label").select_option(label["id"])
    await expect(tile(page, "Conversations").locator("dd")).to_have_text(re.compile(r"^2\s*1 of them done\s*$"))

    told, rows = _from_elsewhere(api, label["id"])
    times = [int(row["first_response_seconds"]) for row in rows if row["first_response_seconds"]]
    assert told["figures"]["episodes"] == len(rows) == 2
    assert told["figures"]["closed"] == sum(bool(row["closed_at"]) for row in rows) == 1
    assert told["figures"]["first_response"]["median"] == statistics.median(times)
    shown = tile(page, "First response").locator("dd a")
    await expect(shown).to_have_text(in_words(statistics.median(times)))
    messages = sum(int(row["visitor_messages"]) for row in rows)
    assert told["figures"]["visitor_messages"] == messages == 2
    await expect(tile(page, "Messages").locator("dd a")).to_have_text("2")
    await tile(page, "First response").get_by_role("button", name=re.compile("first message of an agent")).hover()
    await expect(page.locator(".ui-tooltip")).to_contain_text("first message of an agent")

    # Somebody finishes the other one: the figures follow.
    api("PUT", f"/conversations/{waiting}/status", {"status": "done"})
    await expect(tile(page, "Conversations").locator("dd")).to_contain_text("2 of them done", timeout=LIVE_MS)

    # By the keyboard along a plot, from a day to its conversations, and from there to one of them.
    plot = page.get_by_role("figure", name="Conversations over time")
    await plot.locator(".links a[tabindex='0']").focus()
    await page.keyboard.press("End")
    last = plot.locator(".links a").last
    await expect(last).to_be_focused()
    await tile(page, "Conversations").locator("dd a").click()
    table = page.get_by_role("region", name="Conversations")
    await expect(table.get_by_role("row")).to_have_count(3)
    await table.get_by_role("link").last.click()
    await expect(page).to_have_url(re.compile(f"/console/inbox/{answered}"))
    await page.go_back()

    await _fetches_a_file(page, tmp_path, answered, waiting)


async def _bars_are_as_long_as_what_they_count(page: Page) -> None:
    cells = page.get_by_role("region", name="By status").locator("td.count")
    await expect(cells.nth(1)).to_be_visible()
    told: list[tuple[int, float]] = await cells.evaluate_all("""cells => cells.map(cell =>
        [Number(cell.textContent.replace(/[^0-9]/g, "")), cell.querySelector(".bar").getBoundingClientRect().width])""")
    most, widest = max(told)
    assert all(abs(width - max(2, widest * count / most)) < 1 for count, width in told), told


def _from_elsewhere(api: Api, label_id: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The dashboard of the API, and the rows of its CSV. A day to either side: midnight may pass meanwhile."""
    today, day = datetime.now(UTC).date(), timedelta(days=1)
    question = f"first={today - 7 * day}&last={today + day}&label={label_id}"
    told: dict[str, Any] = api("GET", f"/reports/dashboard?{question}")
    content = api.raw(f"/reports/conversations?{question}").decode("utf-8-sig")
    return told, list(csv.DictReader(io.StringIO(content)))


async def _fetches_a_file(page: Page, folder: Path, *ids: str) -> None:
    known = asyncio.Event()

    async def once_known(route: Route) -> None:
        await known.wait()
        await route.continue_()

    await page.route("**/reports/columns", once_known)
    await page.get_by_role("button", name="Export CSV").click()
    dialog = page.get_by_role("dialog", name="Export CSV")
    # Columns that are not known yet would be chosen all the same once they are.
    await expect(dialog.get_by_role("button", name="None")).to_be_disabled()
    known.set()
    await dialog.get_by_role("button", name="None").click()
    for name in ("Id of the conversation", "Status"):
        await dialog.get_by_role("checkbox", name=name, exact=True).check()
    made: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def ready(file: str) -> Locator:
        return page.locator(f"a[href*='{file}']")

    async def late(route: Route) -> None:
        """The list as it was when it was asked for, often before the file is ready, comes after the news that it is."""
        if route.request.method != "GET":
            return await route.fallback()
        list_then = await route.fetch()
        await expect(ready(await made)).to_be_visible(timeout=LIVE_MS)
        return await route.fulfill(response=list_then)

    await page.route("**/reports/exports", late)
    async with (
        page.expect_response(lambda one: one.url.endswith("/exports") and one.request.method == "POST") as asked,
        page.expect_response(lambda one: one.url.endswith("/exports") and one.request.method == "GET") as listed,
    ):
        await dialog.get_by_role("button", name="Create file").click()
        made.set_result((await (await asked.value).json())["id"])
    await (await listed.value).finished()
    # Others' files may have two lines as well.
    line = page.get_by_role("listitem").filter(has=ready(await made))
    fetch = line.get_by_role("link", name=re.compile("^Download"))
    await expect(fetch).to_be_visible(timeout=LIVE_MS)
    async with page.expect_download() as begun:
        await fetch.click()
    download = await begun.value
    file = folder / "report.csv"
    await download.save_as(file)
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    assert rows[0] == ["conversation_id", "status"]
    assert sorted(rows[1:]) == sorted([each, "done"] for each in ids)
    await line.get_by_role("button", name=re.compile("^Discard")).click()
    await expect(line).to_have_count(0)


async def test_who_may_not_see_reports_is_led_to_none(cast: Cast) -> None:
    tom = await cast.agent()
    await expect(tom.page.get_by_role("link", name="Tickets")).to_be_visible()
    await expect(tom.page.get_by_role("link", name="Reports")).to_have_count(0)
    await tom.page.goto(f"{cast.product.url}/console/reports")
    await expect(tom.page.get_by_text("Your role does not include reports")).to_be_visible()


async def test_a_report_is_sent_again_and_again_until_it_is_deleted(cast: Cast, api: Api) -> None:
    name = f"Figures {uuid4().hex[:8]}"
    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.goto(f"{cast.product.url}/console/reports/scheduled")
    await page.get_by_role("button", name="New", exact=True).click()
    dialog = page.get_by_role("dialog", name="Have a report sent")
    await dialog.get_by_label("Name", exact=True).fill(name)
    await dialog.get_by_label("Sent", exact=True).select_option("month")
    await dialog.get_by_label("On", exact=True).select_option("31")
    await dialog.get_by_role("button", name="Save").click()
    line = page.get_by_role("listitem").filter(has_text=name)
    await expect(line).to_contain_text("The week before · on day 31 of every month")

    async def act(what: str) -> None:
        await line.get_by_role("button", name=f"Actions for {name}").click()
        await page.get_by_role("menuitem", name=what).click()

    await act("Send now")
    await expect(line).to_contain_text("to 1 agent")
    await act("Pause")
    await expect(line).to_contain_text("Paused")
    await act("Go on")
    await expect(line).to_contain_text("Next")
    made = next(each for each in api("GET", "/reports/schedules") if each["name"] == name)
    assert (made["every"], made["day"], made["last_sent"]) == ("month", 31, 1)
    await act("Delete")
    await page.get_by_role("dialog", name="Delete").get_by_role("button", name="Delete").click()
    await expect(line).to_have_count(0)


async def test_the_inbox_of_a_period_holds_what_a_report_counts(cast: Cast, api: Api) -> None:
    url = cast.product.url
    label = api("POST", "/labels", {"name": f"Period {uuid4().hex[:8]}", "colour": "teal"})
    for _ in range(2):
        api("PUT", f"/conversations/{asked(api, url, f'Counted {uuid4().hex}')}/labels/{label['id']}")
    ines = await cast.agent(ADMIN)
    page = ines.page
    await page.goto(f"{url}/console/reports/episodes?period=7&label={label['id']}")
    await expect(page.get_by_role("region", name="Conversations").get_by_role("row")).to_have_count(3)
    await page.get_by_role("link", name="Open these conversations in the inbox").click()
    await expect(page.get_by_role("tab", name=re.compile("^All"))).to_contain_text("2")
    chip = page.get_by_role("button", name=re.compile("^Conversation began: "))
    await expect(chip).to_be_visible()
    await chip.click()
    await page.get_by_role("menuitemradio", name="Any time").or_(page.get_by_role("menuitem", name="Any time")).click()
    await expect(page).not_to_have_url(re.compile("period="))
