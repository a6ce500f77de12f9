"""A false "sent" is never shown, and nothing written is lost: by a crash, a lost answer, or a lost network."""

from __future__ import annotations

import asyncio
import json
import re

import pytest
from playwright.async_api import Route, WebSocketRoute, expect

from tests.e2e.cast import BACK, Cast, Visitor, exactly
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SENT = re.compile(r"\d+")
KEPT = """() => new Promise((resolve, reject) => {
    const opening = indexedDB.open("alongside-visitor");
    opening.onerror = () => reject(opening.error);
    opening.onupgradeneeded = () => reject(new Error("The page has no such store."));
    opening.onsuccess = () => {
        const counting = opening.result.transaction("pending").objectStore("pending").count();
        counting.onsuccess = () => { opening.result.close(); resolve(counting.result); };
    };
})"""


async def test_killed_between_send_and_ack_the_message_waits_and_goes_out_once(cast: Cast) -> None:
    ada = await _talking(cast, "Ada Frost")
    cast.product.freeze()  # it takes the message from the wire and never answers
    await ada.write("Is anybody there?")
    await expect(ada.message("Is anybody there?")).to_have_attribute("data-state", "sending")
    cast.product.kill()
    await expect(ada.message("Is anybody there?")).to_have_attribute("data-state", "waiting")
    await expect(ada.message("Is anybody there?")).to_contain_text("Not sent yet. It goes out by itself")
    await expect(ada.message("Is anybody there?").get_by_text("Sent", exact=True)).to_have_count(0)

    await asyncio.to_thread(cast.product.start)
    await expect(ada.message("Is anybody there?")).to_have_attribute("data-seq", SENT, timeout=BACK)
    await ada.sees("Hello", "Is anybody there?")
    assert await _logged(cast, "Ada Frost") == ["Hello", "Is anybody there?"]


async def test_committed_but_the_answer_was_lost_it_is_not_sent_twice(cast: Cast) -> None:
    ben = await cast.visitor("Ben Frost")
    hears = asyncio.Event()
    hears.set()
    await ben.page.route_web_socket(re.compile("/widget/socket"), lambda route: _deafen(route, hears))
    # What had no answer over the socket is asked over HTTP after a while.
    await ben.page.route("**/widget/conversation/messages", lambda route: _lose(route, hears))
    await ben.page.reload()
    await ben.call("identify", {"name": "Ben Frost"})
    await ben.open()
    await ben.say("Hello")
    await ben.listens(known=True)
    tom = await cast.agent()
    hears.clear()
    await ben.write("Did that arrive?")
    await expect(ben.message("Did that arrive?")).to_have_attribute("data-state", "sending")
    await expect(tom.row("Ben Frost")).to_contain_text("Did that arrive?")  # it is committed; Ben does not know
    await expect(ben.message("Did that arrive?")).to_have_attribute("data-state", "sending")
    cast.product.kill()
    hears.set()
    await asyncio.to_thread(cast.product.start)
    await expect(ben.message("Did that arrive?")).to_have_attribute("data-seq", SENT, timeout=BACK)
    await ben.sees("Hello", "Did that arrive?")
    assert await _logged(cast, "Ben Frost") == ["Hello", "Did that arrive?"]


async def test_what_was_written_offline_survives_the_page_and_arrives_once(cast: Cast) -> None:
    cleo = await _talking(cast, "Cleo Frost")
    context = cleo.page.context
    await context.set_offline(True)
    await expect(cleo.panel.get_by_role("status")).to_contain_text("You are offline.")
    await cleo.write("Written in a tunnel")
    await cleo.write("Still in the tunnel")
    await expect(cleo.message("Still in the tunnel")).to_have_attribute("data-state", "waiting")
    await until(lambda: _kept(cleo, 2), what="both on the disk")
    await cleo.page.close()

    await context.set_offline(False)
    again = await cast.tab(context)
    await again.button.click()
    await again.sees("Hello", "Written in a tunnel", "Still in the tunnel")
    await expect(again.message("Still in the tunnel")).to_have_attribute("data-seq", SENT)
    assert await _logged(cast, "Cleo Frost") == ["Hello", "Written in a tunnel", "Still in the tunnel"]


async def test_two_tabs_offline_send_each_message_once(cast: Cast) -> None:
    dora = await _talking(cast, "Dora Frost")
    other = await cast.tab(dora.page.context)
    await other.open()
    await other.sees("Hello")
    await dora.page.context.set_offline(True)
    for tab in (dora, other):
        await expect(tab.panel.get_by_role("status")).to_contain_text("You are offline.")
    await dora.write("From the first tab")
    await other.write("From the second tab")
    for tab, text in ((dora, "From the first tab"), (other, "From the second tab")):
        await expect(tab.message(text)).to_have_attribute("data-state", "waiting")
    await dora.page.context.set_offline(False)
    for tab in (dora, other):
        await expect(tab.panel.locator("li.message[data-seq]")).to_have_count(3, timeout=BACK)
        await expect(tab.bubbles).to_have_count(3)
    logged = await _logged(cast, "Dora Frost")
    assert sorted(logged) == ["From the first tab", "From the second tab", "Hello"]
    await dora.sees(*logged)
    await other.sees(*logged)


async def test_what_the_server_refuses_says_why_and_can_be_tried_again_or_deleted(cast: Cast) -> None:
    emma = await _talking(cast, "Emma Frost")
    novel = "x" * 10_001
    await emma.write(novel)
    failed = emma.panel.locator("li.unsent")
    await expect(failed).to_have_attribute("data-state", "failed")
    await expect(failed).to_contain_text("Not sent: It is too long. Split it into several messages.")
    await emma.say("Shorter, then")  # one that failed does not stop those after it

    await emma.reload()
    await expect(failed).to_have_attribute("data-state", "failed")
    await failed.get_by_role("button", name="Try again").click()
    await expect(failed).to_have_attribute("data-state", "failed")
    await failed.get_by_role("button", name="Delete").click()
    await emma.sees("Hello", "Shorter, then")
    assert await _logged(cast, "Emma Frost") == ["Hello", "Shorter, then"]

    # Taken back into the composer, it is still an answer to the same message.
    await emma.message("Hello").hover()
    await emma.panel.get_by_role("button", name="What to do with this message").first.click()
    await emma.panel.get_by_role("button", name="Reply", exact=True).click()
    await emma.write(novel)
    quote = emma.panel.get_by_role("button", name="Reply without the quote")
    await expect(quote).to_be_hidden()
    await failed.get_by_role("button", name="Edit").click()
    await expect(emma.field).to_have_value(novel)
    await expect(quote).to_be_visible()
    await emma.write("Hello is meant")
    await expect(emma.bubbles.last).to_contain_text("Hello is meant")
    await expect(failed).to_have_count(0)
    await expect(emma.bubbles.last.get_by_role("button", name=re.compile("^Quoted"))).to_contain_text("Hello")


async def test_an_agents_message_that_is_refused_can_be_tried_again(cast: Cast) -> None:
    await _talking(cast, "Fay Frost")
    tom = await cast.agent()
    refusing = asyncio.Event()
    await tom.page.route_web_socket(re.compile("/console/socket"), lambda route: _refuse(route, refusing))
    await tom.page.reload()
    await tom.listens()  # what cannot go over the socket goes over HTTP, which refuses nothing here
    await tom.open("Fay Frost")
    refusing.set()
    await tom.bubbles.first.hover()
    await tom.page.get_by_role("button", name="Message actions").first.click()
    await tom.page.get_by_role("menuitem", name="Reply to this").click()
    await tom.reply("This one is refused")
    alert = tom.thread.get_by_role("alert")
    await expect(alert).to_contain_text("Not sent: Not now.")
    await expect(tom.row("Fay Frost").get_by_label("Something could not be sent here")).to_be_visible()
    await tom.page.reload()
    await tom.listens()
    await expect(alert).to_contain_text("Not sent: Not now.")
    # Taken back into the composer, it still answers to the same message.
    await alert.get_by_role("button", name="Edit").click()
    await expect(tom.field).to_have_value("This one is refused")
    await expect(tom.page.get_by_role("button", name="Answer without the quote")).to_be_visible()
    await tom.field.press("Enter")
    await expect(alert).to_contain_text("Not sent: Not now.")
    refusing.clear()
    await alert.get_by_role("button", name="Try again").click()
    await expect(tom.bubbles.last).to_have_attribute("data-seq", SENT)
    await expect(alert).to_have_count(0)
    assert await tom.logged_texts() == ["Hello", "This one is refused"]
    await expect(tom.bubbles.last.get_by_role("button", name=re.compile("^Quoted"))).to_contain_text("Hello")


async def _talking(cast: Cast, name: str) -> Visitor:
    visitor = await cast.visitor(name)
    await visitor.open()
    await visitor.say("Hello")
    await expect(visitor.panel.locator("p.banner")).to_be_hidden()
    return visitor


async def _kept(visitor: Visitor, count: int) -> bool:
    """Whether the browser keeps so many messages that are not sent yet: what is shown a moment earlier may be lost."""
    return bool(await visitor.page.frames[1].evaluate(KEPT) == count)


async def _logged(cast: Cast, name: str) -> list[str]:
    """What the database has, read through a fresh console."""
    tom = await cast.agent()
    await tom.open(name)
    await expect(tom.bubbles.first).to_have_text(exactly("Hello"))
    return await tom.logged_texts()


def _deafen(route: WebSocketRoute, hears: asyncio.Event) -> None:
    """What the page says gets through; what it is told only while it `hears`."""
    server = route.connect_to_server()
    server.on_message(lambda message: route.send(message) if hears.is_set() else None)


async def _lose(route: Route, hears: asyncio.Event) -> None:
    """The same of a request."""
    if hears.is_set():
        await route.continue_()
        return
    await route.fetch()
    await hears.wait()
    await route.abort()


def _refuse(route: WebSocketRoute, refusing: asyncio.Event) -> None:
    """While `refusing`, the answer to each message is a refusal."""
    server = route.connect_to_server()

    def from_page(message: str | bytes) -> None:
        frame = json.loads(message)
        if frame["type"] != "send" or not refusing.is_set():
            server.send(message)
            return
        refusal = {"type": "error", "code": "not-now", "message": "Not now.", "client_id": frame["client_id"]}
        route.send(json.dumps(refusal | {"conversation_id": frame["conversation_id"], "retry_after_ms": None}))

    route.on_message(from_page)
