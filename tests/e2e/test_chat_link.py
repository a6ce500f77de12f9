"""A CRM shows a customer's conversation in a frame: its users answer without signing in; other sites cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast
from tests.e2e.site import Site
from tests.files.pictures import picture

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def other_site() -> Iterator[Site]:
    """A site that no link names."""
    site = Site()
    yield site
    site.close()


def framed(url: str) -> str:
    return f'<iframe src="{url}" title="Conversation" width="360" height="560"></iframe>'


async def test_a_crm_shows_a_conversation_and_answers_in_it(cast: Cast, api: Api, site: Site, other_site: Site) -> None:
    name = f"Walter {uuid4().hex[:6]}"
    visitor = await cast.visitor(name)
    await visitor.open()
    await visitor.say("Where is my parcel?")
    url = await _make(await cast.agent(ADMIN), name, site.origin)

    crm = await cast.foreign_page(await cast.browser(), site.page("/customer", framed(url)))
    chat = crm.frame_locator("iframe")
    await expect(chat.get_by_role("heading", name=name)).to_be_visible()
    log = chat.get_by_role("log")
    await expect(log.get_by_text("Where is my parcel?")).to_be_visible()
    await _write(chat, "Reply", "Your message to the customer", "It arrives tomorrow.")
    await expect(log.get_by_text("It arrives tomorrow.")).to_be_visible()
    await visitor.sees("Where is my parcel?", "It arrives tomorrow.")
    await _write(chat, "Note", "Your note for the team", "Paid twice, see the invoice.")
    await expect(log.get_by_text("Note, for the team alone")).to_be_visible()
    await visitor.say("Thank you")
    await expect(log.get_by_text("Thank you")).to_be_visible()
    await visitor.sees("Where is my parcel?", "It arrives tomorrow.", "Thank you")
    await visitor.panel.locator("footer input[type=file]").last.set_input_files(
        [
            {"name": "box.png", "mimeType": "image/png", "buffer": picture()},
            {"name": "order.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
        ]
    )
    await visitor.panel.get_by_role("button", name="Send", exact=True).click()
    image = chat.get_by_role("img", name="box.png")
    await expect(image).not_to_have_js_property("naturalWidth", 0)
    async with crm.expect_download() as coming:
        await chat.get_by_role("link", name="order.pdf").click()
    assert (await (await coming.value).path()).read_bytes() == b"%PDF-1.7"
    await chat.get_by_label("Status").select_option("Done")
    await expect(log.get_by_text("You set the status to Done")).to_be_visible()

    thief = await cast.foreign_page(await cast.browser(), other_site.page("/customer", framed(url)))
    await expect(thief.get_by_role("heading", name="Our own page")).to_be_visible()
    assert [frame.url for frame in thief.frames[1:]] == ["chrome-error://chromewebdata/"]

    await asyncio.to_thread(api, "DELETE", f"/chat-links/{_id(url)}")
    await expect(chat.get_by_role("alert")).to_contain_text("This link was revoked")
    await expect(chat.get_by_role("log")).to_have_count(0)


async def test_links_are_made_listed_and_revoked_in_the_settings(cast: Cast, api: Api) -> None:
    name = f"Hannah {uuid4().hex[:6]}"
    visitor = await cast.visitor(name)
    await visitor.open()
    await visitor.say("Do you deliver to Austria?")
    ines = await cast.agent(ADMIN)
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await page.goto(f"{cast.product.url}/console/settings/chat-links")
    await page.get_by_role("button", name="Make a link").click()
    await dialog.get_by_role("combobox").fill(name)
    await dialog.get_by_role("option").filter(has_text=name).click()
    url = await _fill(page, "crm.example.com/path", "https://crm.example.com")
    line = page.get_by_role("listitem").filter(has_text=name)
    await expect(line).to_contain_text("in frames of https://crm.example.com")
    await expect(line).to_contain_text("never used")

    path = f"/contacts/{_of(api, name)['contact']['id']}/chat-links"
    second = await asyncio.to_thread(api, "POST", path, {})
    await expect(line).to_have_count(2)
    guest, _ = await cast.page(await cast.browser())
    await guest.goto(url)
    await expect(guest.get_by_role("heading", name=name)).to_be_visible()
    await asyncio.to_thread(api, "DELETE", f"/chat-links/{second['id']}")
    await expect(line).to_have_count(1)
    await expect(line).to_contain_text("used")
    await expect(line).not_to_contain_text("never used")
    await line.get_by_role("button", name=f"Revoke the link to {name}").click()
    await dialog.get_by_role("button", name="Revoke").click()
    await expect(line).to_have_count(0)
    await expect(guest.get_by_role("alert")).to_contain_text("This link was revoked")


async def test_who_may_not_make_links_is_told_so(cast: Cast) -> None:
    amir = await cast.agent()
    await amir.page.goto(f"{cast.product.url}/console/settings/chat-links")
    await expect(amir.page.get_by_text("Chat links are not yours to see")).to_be_visible()
    await expect(amir.page.get_by_role("button", name="Make a link")).to_have_count(0)


async def _make(agent: Agent, name: str, origin: str) -> str:
    """From the details of a conversation; its address."""
    await agent.open(name)
    await agent.page.get_by_role("complementary").get_by_role("button", name="Chat link").click()
    return await _fill(agent.page, origin)


async def _fill(page: Page, *sites: str) -> str:
    """The dialog of a new link; each site but the last is refused. Returns the address, which is told once."""
    dialog = page.get_by_role("dialog")
    for site in sites:
        await dialog.get_by_label("Sites that may show it in a frame").fill(site)
        await dialog.get_by_role("button", name="Make a link").click()
        if site != sites[-1]:
            await expect(dialog.get_by_role("alert")).to_contain_text("scheme and host, no path")
    address = dialog.get_by_label("Address", exact=True)
    await expect(address).to_be_visible()
    url = await address.input_value()
    assert f'src="{url}"' in await dialog.get_by_label("HTML for the page that shows it").input_value()
    await dialog.get_by_role("button", name="Done").click()
    return url


def _id(url: str) -> str:
    return url.partition("#")[0].rpartition("/")[2]


def _of(api: Api, name: str) -> dict[str, Any]:
    row: dict[str, Any] = next(
        each for each in api("GET", "/conversations?folder=all")["rows"] if each["contact"]["name"] == name
    )
    return row


async def _write(chat: FrameLocator, kind: str, field: str, text: str) -> None:
    """As somebody does it by keyboard."""
    await chat.get_by_role("radio", name=kind).check()
    await chat.get_by_label(field).fill(text)
    await chat.get_by_label(field).press("Control+Enter")
    await expect(chat.get_by_label(field)).to_have_value("")
