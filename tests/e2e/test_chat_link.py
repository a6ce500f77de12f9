"""A CRM shows a customer's conversation in a frame: its users answer without signing in; other sites cannot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.async_api import FrameLocator, expect

from tests.e2e.api import Api
from tests.e2e.cast import Cast
from tests.e2e.site import Site

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
    row = next(each for each in api("GET", "/conversations?folder=all")["rows"] if each["contact"]["name"] == name)
    path = f"/contacts/{row['contact']['id']}/chat-links"
    link = await asyncio.to_thread(api, "POST", path, {"origins": [site.origin]})

    crm = await cast.foreign_page(await cast.browser(), site.page("/customer", framed(link["url"])))
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
    await chat.get_by_label("Status").select_option("Done")
    await expect(log.get_by_text("You set the status to Done")).to_be_visible()

    thief = await cast.foreign_page(await cast.browser(), other_site.page("/customer", framed(link["url"])))
    await expect(thief.get_by_role("heading", name="Our own page")).to_be_visible()
    assert [frame.url for frame in thief.frames[1:]] == ["chrome-error://chromewebdata/"]

    await asyncio.to_thread(api, "DELETE", f"/chat-links/{link['id']}")
    await expect(chat.get_by_role("alert")).to_contain_text("This link was revoked")
    await expect(chat.get_by_role("log")).to_have_count(0)


async def _write(chat: FrameLocator, kind: str, field: str, text: str) -> None:
    """As somebody does it by keyboard."""
    await chat.get_by_role("radio", name=kind).check()
    await chat.get_by_label(field).fill(text)
    await chat.get_by_label(field).press("Control+Enter")
    await expect(chat.get_by_label(field)).to_have_value("")
