"""An SLA rule in the inbox: how much time is left, the order by it, and the answer that stops the clock."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

LIVE_MS = 30_000
LEFT = re.compile(r"\d+ mins? left")
DRAWN = "(all) => all.map((one) => [one.getBoundingClientRect().top, one.textContent.trim()])"


def _rule(phrase: str, seconds: int) -> dict[str, object]:
    """For whoever writes a phrase, so that nobody else's conversations have clocks."""
    condition = {"kind": "message", "negate": False, "compare": "contains", "value": phrase}
    return {
        "name": f"SLA {phrase}",
        "state": "on",
        "conditions": {"kind": "group", "match": "all", "negate": False, "of": [condition]},
        "body": {"kind": "sla", "first_seconds": seconds},
    }


async def _stand(tom: Agent, *names: str) -> None:
    """They stand one above the other; the demo's own conversations have targets as well."""

    async def so() -> bool:
        # In one look: a row may go between two.
        drawn = await tom.list.locator(".name").evaluate_all(DRAWN)
        shown = [name for _, name in sorted(drawn) if name in names]
        return shown == list(names)

    await until(so, what=f"in this order: {names}")


async def _write(ines: Agent, phrase: str, minutes: int) -> str:
    """The same in the editor; the rule's id."""
    page = ines.page
    await ines.turn_to("/settings/sla-rules")
    await page.get_by_role("button", name="New rule").first.click()
    await page.get_by_label("Name of the rule").fill(f"SLA {phrase}")
    await page.get_by_role("button", name="Condition", exact=True).first.click()
    await page.get_by_role("menuitem", name="What the visitor writes", exact=True).click()
    await page.locator("[data-kind=message]").get_by_role("textbox").fill(phrase)
    # The first answer is there already, as what most want.
    await page.get_by_role("spinbutton", name="First answer").fill(str(minutes))
    # By the company's opening hours first; whenever this test runs, it may be closed.
    await page.get_by_label("Time counts").select_option(label="always")
    await page.get_by_role("button", name="Save and activate").click()
    await expect(page).to_have_url(re.compile(r"/sla-rules/[0-9a-f-]{36}$"))
    return page.url.rsplit("/", 1)[1]


async def _figures_lead_to_it(ines: Agent, phrase: str, customer: str) -> None:
    """What was met in time leads to its conversation."""
    page = ines.page
    await ines.turn_to("/settings/sla-rules")
    line = page.get_by_role("listitem").filter(has_text=f"SLA {phrase}")
    await expect(line).to_contain_text("first answer within 30 min")
    await line.get_by_role("button", name="1 met").click()
    await page.get_by_role("dialog").get_by_role("link", name=customer).click()
    await expect(page.get_by_role("region", name=customer)).to_be_visible()


async def test_time_left_is_shown_sorted_by_and_stopped_by_an_answer(cast: Cast, api: Api) -> None:
    ines = await cast.agent(ADMIN)
    rules = [api("POST", "/rules/sla", _rule("slow lane", 7_200))["id"], await _write(ines, "fast lane", 30)]
    tom = await cast.agent()
    fast = await cast.visitor("Fiona Fast")
    await fast.open()
    await fast.say("I am in the fast lane")
    await expect(tom.row("Fiona Fast")).to_contain_text(LEFT)
    slow = await cast.visitor("Sue Slow")
    await slow.open()
    await slow.say("I am in the slow lane")
    await expect(tom.row("Sue Slow")).to_contain_text(re.compile(r"\d hrs? left"))

    await tom.page.get_by_role("button", name="Order: Newest").click()
    await tom.page.get_by_role("menuitemradio", name="SLA").click()
    await expect(tom.page).to_have_url(re.compile("order=sla"))
    await _stand(tom, "Fiona Fast", "Sue Slow")

    await tom.open("Fiona Fast")
    header = tom.page.get_by_role("region", name="Fiona Fast").locator("header").first
    await expect(header).to_contain_text(LEFT)
    await tom.reply("Here I am")
    await expect(header).not_to_contain_text(LEFT)
    # What is answered has left those that are soon due, however many there are.
    await tom.folder("All")
    await expect(tom.row("Sue Slow")).to_be_visible()
    await expect(tom.row("Fiona Fast").filter(has_text=LEFT)).to_have_count(0)
    await _figures_lead_to_it(ines, "fast lane", "Fiona Fast")
    # With more time it moves down, maybe below what is in sight: found by name it stays.
    await tom.page.get_by_role("searchbox", name="Search names").fill("Sue Slow")
    for rule in rules:
        api("DELETE", f"/rules/sla/{rule}")
    # By the demo's own rule, which gives half a day; all that waits is given its time anew, the whole company's.
    await expect(tom.row("Sue Slow")).to_contain_text(re.compile(r"1[12] hrs left"), timeout=LIVE_MS)
