"""The product in one story: somebody on a shop page writes, an agent answers, and nothing is lost on the way."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.cast import BACK, Agent, Cast, Visitor, exactly, frames_of
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAM = "sam@fernwood.example"


async def test_from_hello_to_done_and_back(cast: Cast) -> None:
    tom, rosa = await cast.agent(), await cast.visitor("Rosa Klint")

    # Rosa writes; Tom sees it in his inbox at once, without touching anything.
    await rosa.open()
    await rosa.say("Is the Ridgeline 2 waterproof?")
    row = tom.row("Rosa Klint")
    await expect(row).to_contain_text("Is the Ridgeline 2 waterproof?")
    await expect(row.locator(".count")).to_contain_text("1")

    # He opens it, which changes no status, and takes it.
    await tom.open("Rosa Klint")
    await expect(tom.page.get_by_role("button", name="Status: Unread. Change")).to_be_visible()
    await expect(rosa.message("Is the Ridgeline 2 waterproof?")).to_have_attribute("data-state", "seen")
    await tom.page.get_by_role("button", name="Assign to me").click()
    await expect(tom.thread).to_contain_text("You took this over")
    await expect(tom.page.get_by_role("button", name="Assign to me")).to_have_count(0)

    # Each sees the other type, and the answer is seen as delivered and read.
    await _type_until_seen(rosa.field, tom.thread.get_by_text("Rosa Klint is writing…"))
    await _type_until_seen(tom.field, rosa.panel.get_by_text("Tom Okafor is typing…"))
    await tom.reply("Yes, 3,000 mm. Even in a storm.")
    await expect(rosa.message("Yes, 3,000 mm. Even in a storm.")).to_be_visible()
    await expect(rosa.panel.get_by_text("Tom Okafor is typing…")).to_have_count(0)
    await expect(tom.thread.locator(".state", has_text="Read")).to_be_visible()
    await expect(tom.page.get_by_role("button", name="Status: Unresolved. Change")).to_be_visible()

    # A note is for the team; Sam gets the conversation by the orange icon and finds both.
    await tom.note("She asked for a discount on the phone yesterday")
    sam = await cast.agent(SAM, popups=["assigned"])
    await tom.page.get_by_role("button", name=re.compile("Hand over$")).click()
    await tom.page.get_by_role("combobox", name="Find a colleague or team").fill("sam")
    # The pop-up leaves by itself after a while: Sam waits for it.
    popup = sam.page.get_by_role("button", name=re.compile("Assigned to you.*Rosa Klint"))
    pressed = asyncio.create_task(popup.click())
    await tom.page.get_by_role("option", name=re.compile("Sam Whitfield")).click()
    await pressed
    await expect(tom.thread).to_contain_text("You assigned this to Sam Whitfield")
    await sam.sees(
        "Is the Ridgeline 2 waterproof?",
        "Yes, 3,000 mm. Even in a storm.",
        "She asked for a discount on the phone yesterday",
    )

    # Sam answers and closes in one step; what Rosa writes then opens it again, as a new episode.
    await sam.reply("Anything else?", "Control+Enter")
    await expect(sam.thread).to_contain_text("You set this to Done")
    await expect(sam.page.get_by_role("button", name="Status: Done. Change")).to_be_visible()
    await sam.folder("Done")
    await expect(sam.row("Rosa Klint")).to_be_visible()
    await rosa.say("Oh, and does it come in green?")
    await expect(sam.page.get_by_role("button", name="Status: Unread. Change")).to_be_visible()
    await expect(sam.thread).to_contain_text("Opened again")
    await sam.folder("Unread")
    await expect(sam.row("Rosa Klint")).to_be_visible()
    assert [entry["episode"] for entry in await sam.log()][-1] == 2

    # Done again, by the button. What the visitor was sent never held the note.
    await sam.page.get_by_role("button", name="Set to Done").click()
    await expect(sam.page.get_by_role("button", name="Status: Done. Change")).to_be_visible()
    assert not any("discount" in frame or "note" in frame for frame in rosa.heard.frames)
    assert not any("assign" in frame or "status" in frame for frame in rosa.heard.frames)
    assert [frame["message"]["seq"] for frame in frames_of(rosa.heard, "message")]


async def test_reload_and_a_second_tab_show_the_same_conversation(cast: Cast) -> None:
    tom, rosa = await cast.agent(), await cast.visitor("Emil Sand")
    await rosa.open()
    await rosa.say("First")
    await tom.open("Emil Sand")
    await tom.reply("Second")
    await rosa.sees("First", "Second")

    await asyncio.gather(rosa.reload(), tom.page.reload())
    await rosa.sees("First", "Second")
    await tom.sees("First", "Second")

    other = await cast.tab(rosa.page.context)
    await other.open()
    await other.sees("First", "Second")
    await other.say("Third, from the other tab")
    await rosa.sees("First", "Second", "Third, from the other tab")
    await tom.reply("Fourth")
    for tab in (rosa, other):
        await tab.sees("First", "Second", "Third, from the other tab", "Fourth")
    await tom.sees("First", "Second", "Third, from the other tab", "Fourth")
    assert await tom.logged_texts() == ["First", "Second", "Third, from the other tab", "Fourth"]


@pytest.mark.parametrize("end", ["stop", "kill"], ids=["restart", "crash"])
async def test_the_server_goes_and_comes_back_in_mid_conversation(cast: Cast, end: str) -> None:
    name = f"Vera {end.title()}"
    tom, vera = await cast.agent(), await cast.visitor(name)
    await tom.go_online()
    await vera.open()
    await vera.say("Before")
    await tom.open(name)
    await tom.reply("Before, too")
    await vera.sees("Before", "Before, too")

    gone: Callable[[], None] = getattr(cast.product, end)
    await asyncio.to_thread(gone)
    await vera.write("While it was away")
    await vera.write("And once more")
    await tom.reply("The agent writes on as well")
    await expect(vera.panel.get_by_role("status")).to_have_text("Connection lost, trying again…")
    await expect(tom.page.get_by_text("No connection. We keep trying.")).to_be_visible()
    await expect(tom.page.get_by_role("switch", name="Online for visitors")).to_contain_text("Cut off")
    await asyncio.to_thread(cast.product.start)

    await _all_arrive(tom, vera, ["While it was away", "And once more", "The agent writes on as well"])
    await expect(vera.panel.locator("p.banner")).to_be_hidden(timeout=BACK)
    await expect(tom.page.get_by_text("No connection. We keep trying.")).to_be_hidden(timeout=BACK)
    await expect(tom.page.get_by_role("switch", name="Online for visitors")).to_contain_text("Online")
    await vera.say("After")
    await tom.sees(*await tom.logged_texts())
    assert (await tom.logged_texts())[-1] == "After"


async def _type_until_seen(field: Locator, shown: Locator) -> None:
    """That somebody types is forgotten after some seconds: they type on until the other has looked."""

    async def seen() -> bool:
        await field.press("h")
        return await shown.is_visible()

    await until(seen, what="somebody is seen typing")


async def _all_arrive(tom: Agent, visitor: Visitor, written: list[str]) -> None:
    """Each once; both sides and a fresh page agree with the log, whichever of the two was back first."""
    await expect(tom.bubbles).to_have_count(2 + len(written), timeout=BACK)
    for text in written:
        await expect(tom.bubbles.filter(has_text=exactly(text))).to_have_count(1, timeout=BACK)
        await expect(visitor.message(text)).to_have_attribute("data-seq", re.compile(r"\d+"), timeout=BACK)
    logged = await tom.logged_texts()
    assert sorted(logged) == sorted(["Before", "Before, too", *written])
    assert logged.index("While it was away") < logged.index("And once more")
    await tom.sees(*logged)
    await visitor.sees(*logged)
    await asyncio.gather(tom.page.reload(), visitor.reload())
    await tom.sees(*logged)
    await visitor.sees(*logged)
