"""An answer that comes after a change takes nothing back: neither one that was given before it, nor that of a saving
during which somebody goes on writing."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast
from tests.e2e.late import late

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_what_was_changed_stays_so(cast: Cast, api: Api) -> None:
    olga = await cast.agent(api.agent("Olga Older"))
    page = olga.page

    # Who is signed in is read when the page opens, and again when the server is there.
    async with late(page, "**/api/v1/session", turn=2) as read:
        await page.reload()
        await read.wait()
        await olga.go_online()
    assert await page.get_by_role("switch", name="Online for visitors").is_checked()

    # What is told is read when the page opens, and again where it is chosen.
    async with late(page, "**/api/v1/me/notifications", turn=2) as read:
        await page.reload()
        await olga.turn_to("/settings/notifications")
        await read.wait()
        news = page.get_by_role("group", name="New message", exact=True)
        mail = news.get_by_role("checkbox", name="Mail", exact=True)
        async with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
            await mail.check()
    assert await mail.is_checked()


async def test_a_note_names_people_before_the_list_of_them_is_there(cast: Cast) -> None:
    visitor, ines = await cast.visitor("Nelly Named"), await cast.agent(ADMIN)
    await visitor.open()
    await visitor.say("Hello")
    await ines.open("Nelly Named")
    async with late(ines.page, "**/mentionable"):
        await ines.page.get_by_role("tab", name="Note").click()
        await ines.field.press_sequentially("@Tom Okafor and @Lena Brandt, please look")
        await ines.field.press("Enter")
        await expect(ines.thread.locator(".mention")).to_have_text(["@Tom Okafor", "@Lena Brandt"])


async def _goes_on(page: Page, method: str, url: str, save: Locator, field: Locator) -> None:
    """Write, save, and write on while the answer is on its way: that stays, and is saved next."""
    await field.fill("What is sent")
    async with late(page, url, method) as sent:
        await save.click()
        await sent.wait()
        await field.fill("What is written meanwhile")
    await expect(field).to_have_value("What is written meanwhile")
    async with page.expect_response(lambda answer: answer.request.method == method and answer.ok):
        await save.click()
    await expect(save).to_be_disabled()
    await page.reload()
    await expect(field).to_have_value("What is written meanwhile")
    await expect(save).to_be_disabled()


async def test_what_is_written_of_a_channel_while_it_is_saved_stays(cast: Cast, api: Api) -> None:
    asked = [{"what": "name", "required": False}]
    channel = api.channel("Saved while written", around={"asked": asked}, availability={"outside": "message"})
    page = (await cast.agent(ADMIN)).page
    url = f"**/api/v1/channels/{channel['id']}"

    async def goes_on(part: str, name: str) -> None:
        await page.goto(f"{cast.product.url}/console/settings/channels/{channel['id']}?part={part}")
        field = page.get_by_role("textbox", name=name, exact=True)
        save = page.locator("form", has=field).get_by_role("button", name="Save")
        await _goes_on(page, "PATCH", url, save, field)

    await goes_on("look", "Greeting")
    await goes_on("around", "Text")
    await goes_on("around", "Question for: Name")
    await goes_on("availability", "Message while closed, English")


async def test_what_is_written_of_a_rule_while_it_is_saved_stays(cast: Cast, api: Api) -> None:
    body = {"kind": "action", "type": "analytics"}
    wanted = {"name": "At first", "state": "on", "conditions": {"kind": "group", "of": []}, "body": body}
    rule = api("POST", "/rules/action", wanted)
    page = (await cast.agent(ADMIN)).page
    await page.goto(f"{cast.product.url}/console/settings/action-rules/{rule['id']}")
    save, name = page.get_by_role("button", name="Save", exact=True), page.get_by_label("Name of the rule")
    await _goes_on(page, "PUT", f"**/api/v1/rules/action/{rule['id']}", save, name)
    api("DELETE", f"/rules/action/{rule['id']}")
