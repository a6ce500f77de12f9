"""Before the first message and after the last: what visitors are asked, and what becomes of it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import Agent, Cast, Visitor
from tests.e2e.site import Site, snippet
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _at(cast: Cast, site: Site, key: str, name: str) -> Visitor:
    return await cast.visitor(name, site.page(f"/{key}", snippet(cast.product.url, key)))


async def _finish(agent: Agent) -> None:
    await agent.page.get_by_role("button", name="Set to Done").click()
    await until(lambda: _is(agent, "done"))


async def _is(agent: Agent, status: str) -> bool:
    return bool((await agent.ask(f"/conversations/{agent.conversation_id}"))["row"]["status"] == status)


async def test_a_rating_by_keyboard(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop that asks how it was")
    rita = await _at(cast, site, channel["key"], "Rita Rating")
    await rita.open()
    await rita.say("Thank you, that was all")
    tom = await cast.agent()
    await tom.open("Rita Rating")
    await _finish(tom)
    # Switched on while the chat is open.
    api("PATCH", f"/channels/{channel['id']}", {"settings": {"around": {"rating": True}}})
    stars = rita.panel.get_by_role("radio")
    await expect(stars).to_have_count(5)
    await expect(rita.panel.get_by_role("status").filter(has_text="You can rate it")).to_be_attached()
    await rita.panel.get_by_role("button", name="Send rating").click()
    await expect(rita.panel.get_by_role("alert")).to_have_text("Choose one of the five stars first.")
    await expect(stars.first).to_be_focused()
    for _ in range(3):
        await rita.page.keyboard.press("ArrowRight")
    await expect(stars.nth(3)).to_be_checked()
    await rita.panel.get_by_role("textbox", name="Would you like to tell us why?").fill("<b>Quick</b> and friendly")
    await rita.panel.get_by_role("button", name="Send rating").click()
    rated = rita.panel.get_by_text("Thank you! You rated this conversation 4 of 5.")
    await expect(rated).to_be_visible()
    await expect(tom.thread.get_by_text("Rita Rating rated this conversation 4 of 5")).to_be_visible()
    await expect(tom.thread.get_by_text("<b>Quick</b> and friendly")).to_be_visible()

    await rita.reload()
    await rita.panel.get_by_role("button", name="Change").click()
    await expect(stars.nth(3)).to_be_checked()
    await expect(stars.nth(3)).to_be_focused()
    await rita.page.keyboard.press("ArrowRight")
    await rita.panel.get_by_role("button", name="Send rating").click()
    await expect(tom.thread.get_by_text("Rita Rating rated this conversation 5 of 5")).to_be_visible()
    details = tom.page.get_by_role("region", name="Episodes").or_(tom.page.get_by_text("rated 5 of 5"))
    await expect(details.first).to_be_visible()

    await rita.say("One more thing")
    await expect(rita.panel.get_by_role("button", name="Change")).to_be_hidden()
    await tom.sees("Thank you, that was all", "One more thing")
    await _finish(tom)
    async with rita.page.expect_response("**/rating/declined"):
        await rita.panel.get_by_role("button", name="Not now").click()
    await expect(stars).to_have_count(0)
    await rita.reload()
    await rita.sees("Thank you, that was all", "One more thing")
    await expect(rita.panel.locator(".around")).to_have_count(0)
