"""Where the widget meets its limits, it says what is true and leaves nothing dead behind."""

from __future__ import annotations

import json
import re

import pytest
from playwright.async_api import WebSocketRoute, expect

from tests.e2e.api import Api
from tests.e2e.cast import BACK, Agent, Cast
from tests.e2e.site import Site, snippet
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def _has_said(agent: Agent, *texts: str) -> bool:
    """Whether the open conversation holds just these, committed."""
    return await agent.logged_texts() == list(texts)


async def test_what_was_written_offline_leaves_unread_what_came_meanwhile(cast: Cast) -> None:
    ola = await cast.visitor("Ola Edge")
    await ola.open()
    await ola.say("Hello")
    tom = await cast.agent()
    await tom.open("Ola Edge")
    await ola.page.context.set_offline(True)
    await expect(ola.panel.get_by_role("status")).to_contain_text("You are offline.")
    await ola.write("Written in a tunnel")
    await ola.panel.get_by_role("button", name="Close chat").click()
    await tom.reply("Where are you?")
    await until(lambda: _has_said(tom, "Hello", "Where are you?"))
    await ola.page.context.set_offline(False)
    await tom.sees("Hello", "Where are you?", "Written in a tunnel")
    await expect(ola.button).to_have_accessible_name("Open chat, 1 unread", timeout=BACK)
    snapshot = await tom.ask(f"/conversations/{tom.conversation_id}")
    assert (snapshot["row"]["visitor_seen"], snapshot["row"]["last_public_seq"]) == (1, 3)
    await ola.button.click()
    await ola.sees("Hello", "Where are you?", "Written in a tunnel")
    await expect(ola.button).to_have_accessible_name("Close chat")


async def test_a_channel_that_is_switched_off_takes_its_buttons_away(cast: Cast, api: Api, site: Site) -> None:
    channel = api.channel("Shop that closes")
    url = site.page("/", snippet(cast.product.url, channel["key"]))
    pia = await cast.visitor(path=url)
    await pia.open()
    await pia.say("Are you still there?")
    closed = await cast.tab(pia.page.context, path=url)
    await closed.button.hover()
    await expect(closed.message("Are you still there?")).to_be_attached()  # its panel is there, and connected
    api("PATCH", f"/channels/{channel['id']}", {"active": False})
    await expect(pia.panel.locator("p.banner")).to_contain_text("This chat is not available any more.")
    await expect(pia.button).to_be_hidden()
    await expect(closed.button).to_be_hidden()
    await pia.write("Nobody will read this")
    failed = pia.panel.locator("li.unsent")
    await expect(failed).to_contain_text("Not sent: This chat is not available any more.")
    await expect(failed).not_to_contain_text("snippet")
    await pia.panel.get_by_role("button", name="Close chat").click()
    await expect(pia.page.locator("iframe")).to_be_hidden()

    api("PATCH", f"/channels/{channel['id']}", {"active": True})
    await pia.page.reload()
    await pia.open()
    await expect(pia.message("Are you still there?")).to_be_visible()  # nothing is lost by it


async def test_a_site_that_is_not_allowed_gets_no_button(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Shop with a list", origins=["https://shop.example"])["key"]
    page, heard = await cast.page(await cast.browser())
    async with page.expect_console_message(lambda said: said.text.startswith("Alongside:")) as warning:
        await page.goto(site.page("/", snippet(cast.product.url, key)))
    assert f"not among the channel's allowed origins. Add {site.origin}" in (await warning.value).text
    await expect(page.get_by_role("button")).to_have_count(0)
    assert (len(heard.warnings), heard.errors) == (1, [])


@pytest.mark.parametrize("size", [{"width": 390, "height": 700}, {"width": 900, "height": 400}], ids=["narrow", "low"])
async def test_a_panel_that_covers_the_page_keeps_the_focus(
    cast: Cast, api: Api, site: Site, size: dict[str, int]
) -> None:
    key = api.channel("Shop on a phone")["key"]
    under = '<button id="under">Under the panel</button>'
    visitor = await cast.visitor(path=site.page("/", under + snippet(cast.product.url, key)), viewport=size)
    await visitor.button.focus()
    await visitor.page.keyboard.press("Enter")
    await expect(visitor.field).to_be_focused()
    for key_ in ["Tab"] * 10 + ["Shift+Tab"] * 14:
        await visitor.page.keyboard.press(key_)
        assert await visitor.page.evaluate("document.activeElement.id") != "under"
    await visitor.field.focus()
    await visitor.page.keyboard.press("Escape")
    await expect(visitor.button).to_be_focused()
    await visitor.page.locator("#under").focus()
    await expect(visitor.page.locator("#under")).to_be_focused()


async def test_a_message_that_waits_for_its_turn_does_not_speak_of_the_connection(cast: Cast) -> None:
    quin = await cast.visitor("Quin Edge")
    await quin.page.route_web_socket(re.compile("/widget/socket"), _too_many)
    await quin.page.reload()
    await quin.open()
    await quin.say("The first goes another way")
    await quin.listens(known=True)
    await quin.write("One more")
    await expect(quin.message("One more")).to_contain_text("Not sent yet. It goes out by itself in a moment.")
    await quin.page.context.set_offline(True)
    await expect(quin.message("One more")).to_contain_text("when the connection is back")


async def test_the_button_says_in_which_language_its_label_is(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Shop in French")["key"]
    visitor = await cast.visitor(path=site.page("/", snippet(cast.product.url, key), lang="fr"), locale="fr-FR")
    await expect(visitor.button).to_have_accessible_name("Open chat")
    assert await visitor.button.evaluate("button => button.closest('[lang]').lang") == "en"


def _too_many(route: WebSocketRoute) -> None:
    server = route.connect_to_server()

    def ask(message: str | bytes) -> None:
        frame = json.loads(message)
        if frame["type"] != "send":
            server.send(message)
            return
        refusal = {"type": "error", "code": "too-many-messages", "message": "Not now.", "retry_after_ms": 60_000}
        route.send(json.dumps(refusal | {"client_id": frame["client_id"]}))

    route.on_message(ask)
