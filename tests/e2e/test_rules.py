"""Rules in the console: written as a sentence, tried, saved as a draft, switched on, put in order, changed by two."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast, told
from tests.e2e.late import late

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

ALWAYS = {"kind": "group", "of": []}
COUNTED = {"kind": "action", "type": "analytics"}


@pytest.fixture
def clean(api: Api) -> Iterator[None]:
    """No action rules before and after: their order is looked at."""
    delete_all(api)
    yield
    delete_all(api)


def delete_all(api: Api) -> None:
    for rule in rules(api):
        api("DELETE", f"/rules/action/{rule['id']}")


def rules(api: Api) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api("GET", "/rules/action")["rules"]
    return found


async def add(page: Page, kind: str) -> None:
    await page.get_by_role("button", name="Condition", exact=True).first.click()
    await page.get_by_role("menuitem", name=kind, exact=True).click()


async def _takes_over_a_conversation(page: Page, api: Api) -> None:
    """What is known of it stands in the test box."""
    row = api.conversation("Rita Rules", "Hello, is it there?", api.channel("Shop with rules")["key"])
    await add(page, "What the visitor writes")
    message = page.locator("[data-kind=message]")
    async with page.expect_response("**/rules/try"):
        await message.get_by_role("textbox").fill("IS IT")
    await page.get_by_label("Or take it from a conversation").fill(f"https://chat.example/console/inbox/{row['id']}")
    # Who goes on writing while it is on its way has it all the same.
    async with late(page, "**/rules/try", "POST") as taken:
        await page.get_by_role("button", name="Take over").click()
        await taken.wait()
        async with page.expect_response("**/rules/try"):
            await message.get_by_role("textbox").fill("IS IT THERE")
    await expect(page.get_by_label("The visitor’s last message", exact=True)).to_have_value("Hello, is it there?")


@pytest.mark.usefixtures("clean")
async def test_a_rule_is_written_tried_and_switched_on(cast: Cast, api: Api) -> None:
    ines = await cast.agent(ADMIN)
    page = ines.page
    await ines.turn_to("/settings/action-rules")
    await expect(page.get_by_text("No rules yet")).to_be_visible()
    await page.get_by_role("button", name="New rule").first.click()
    await page.get_by_label("Name of the rule").fill("Help in the cart")

    # A pattern that cannot be read is said while it is typed.
    await add(page, "Address of the page")
    address = page.locator("[data-kind=url]")
    await address.get_by_role("combobox").last.select_option(label="matches the pattern")
    await address.get_by_role("textbox").fill("/cart(")
    await expect(address.get_by_text("This pattern cannot be read.")).to_be_visible()
    await address.get_by_role("textbox").fill("/cart($|#)")
    await expect(address.get_by_text("This pattern cannot be read.")).to_have_count(0)

    # So is what can never be.
    await add(page, "An agent is online")
    await add(page, "All agents are offline")
    await expect(page.get_by_text("This rule can never match")).to_be_visible()
    await page.get_by_role("button", name="Not: all agents are offline").click()
    await expect(page.get_by_text("This rule can never match")).to_have_count(0)
    await expect(page.locator("[data-kind=all_offline]")).to_contain_text("not all agents are offline")

    # "Test with …" asks for what these conditions ask, and says of each whether it holds.
    await page.get_by_label("Agents online", exact=True).fill("2")
    await page.get_by_label("Address of the current page", exact=True).fill("https://shop.example/Cart")
    await expect(page.get_by_text("The rule would match.")).to_be_visible()
    await page.get_by_label("Address of the current page", exact=True).fill("https://shop.example/")
    await expect(address.get_by_text("does not hold")).to_be_visible()
    await expect(page.locator("[data-kind=agent_online]").get_by_text("holds", exact=True)).to_be_visible()
    await expect(page.get_by_text("The rule would not match.")).to_be_visible()

    await _takes_over_a_conversation(page, api)
    await expect(page.locator("[data-kind=message]").get_by_text("holds", exact=True)).to_be_visible()

    await page.get_by_role("button", name="Step", exact=True).click()
    await page.get_by_role("menuitem", name="Open the chat").click()
    await page.get_by_role("button", name="Save as draft").click()
    await expect(page.get_by_role("heading", name="Help in the cart")).to_be_visible()
    await expect(page).to_have_url(re.compile(r"/action-rules/[0-9a-f-]{36}$"))
    assert [(each["name"], each["state"]) for each in rules(api)] == [("Help in the cart", "draft")]
    async with told(page, "Rule saved; it acts now"):
        await page.get_by_role("button", name="Save and activate").click()

    # The list says it as a sentence.
    await ines.turn_to("/settings/action-rules")
    line = page.get_by_role("listitem").filter(has_text="Help in the cart")
    await expect(line).to_contain_text("If the address of the current page matches the pattern “/cart($|#)”")
    await expect(line).to_contain_text("open the chat")
    await line.get_by_role("switch", name="On").click()
    await expect(line.get_by_role("switch", name="Off")).to_be_visible()
    assert [each["state"] for each in rules(api)] == ["off"]


@pytest.mark.usefixtures("clean")
async def test_two_change_one_rule_and_nothing_is_lost(cast: Cast, api: Api) -> None:
    made = [
        api("POST", "/rules/action", {"name": name, "conditions": ALWAYS, "body": COUNTED})
        for name in ("First", "Second")
    ]
    ines = await cast.agent(ADMIN)
    page = ines.page
    await ines.turn_to(f"/settings/action-rules/{made[0]['id']}")
    name = page.get_by_label("Name of the rule")
    await name.fill("Mine")
    theirs = {"name": "Theirs", "conditions": ALWAYS, "body": COUNTED, "version": made[0]["version"]}
    api("PUT", f"/rules/action/{made[0]['id']}", theirs)
    await expect(page.get_by_text("has saved another version of this rule meanwhile")).to_be_visible()
    await expect(name).to_have_value("Mine")

    # Nobody leaves without being asked.
    await ines.turn_to("/settings/action-rules")
    await page.get_by_role("button", name="Keep editing").click()
    await page.get_by_role("button", name="Save mine over it").click()
    await expect(page.get_by_role("heading", name="Mine")).to_be_visible()
    await ines.turn_to("/settings/action-rules")

    # Put in order by keyboard; searched; taken along and brought in again as drafts.
    async with page.expect_response("**/rules/action/order"):
        await page.get_by_role("button", name="Move Second up").click()
    await expect(page.locator("[data-rule] a")).to_have_text(["Second", "Mine"])
    assert [each["name"] for each in rules(api)] == ["Second", "Mine"]
    await page.get_by_label("Search the rules").fill("mine")
    await expect(page.locator("[data-rule] a")).to_have_text(["Mine"])
    await page.get_by_label("Search the rules").fill("")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Export").click()
    path = await (await download.value).path()
    assert [each["name"] for each in json.loads(path.read_bytes())["rules"]] == ["Second", "Mine"]
    await page.locator("input[type=file]").set_input_files(
        {"name": "rules.json", "mimeType": "application/json", "buffer": path.read_bytes()}
    )
    await expect(page.locator("[data-rule] a")).to_have_text(["Second", "Mine", "Second", "Mine"])


async def test_who_may_not_is_told_so(cast: Cast) -> None:
    tom = await cast.agent()
    await tom.turn_to("/settings/routing-rules")
    await expect(tom.page.get_by_text("Rules are not part of your role")).to_be_visible()
    await expect(tom.page.get_by_role("button", name="New rule")).to_have_count(0)
