"""P27 in Chromium: a file that is opened by its address is downloaded or is pixels; nothing in it runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.cast import Agent, Cast, Visitor
from tests.files.media import PRETENDERS
from tests.files.pictures import picture

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(180)]

PAYLOAD = b"<script>window.__xss = 1; document.title = 'ran'</script>"


async def send_all(visitor: Visitor) -> None:
    """Everything hostile in one message, and a picture with more behind it than pixels."""
    files: list[Any] = [
        {"name": name, "mimeType": "image/png", "buffer": content} for name, content in PRETENDERS.items()
    ]
    files.append({"name": "photo.html", "mimeType": "image/jpeg", "buffer": picture("JPEG") + PAYLOAD})
    await visitor.panel.locator("footer input[type=file]").set_input_files(files)
    await expect(visitor.panel.locator("li.done")).to_have_count(len(files))
    await visitor.write("For you")
    await expect(visitor.panel.locator(".file")).to_have_count(len(PRETENDERS))


def read(path: Path) -> bytes:
    return path.read_bytes()


async def assert_inert(page: Page, url: str, attachment: dict[str, Any]) -> None:
    """Go there as to any page."""
    if attachment["kind"] == "file":
        async with page.expect_download() as download:
            with pytest.raises(Exception, match="Download is starting"):
                await page.goto(url)
        assert read(await (await download.value).path()) == PRETENDERS[attachment["name"]]
        assert page.url == "about:blank"
    else:
        await page.goto(url)
        assert await page.evaluate("document.contentType") == "image/jpeg"
        await page.goto("about:blank")
    assert await page.evaluate("[typeof window.__xss, document.title]") == ["undefined", ""]


async def test_opened_by_its_address_a_file_runs_nothing(cast: Cast) -> None:
    visitor, tom = await cast.visitor("Mallory Files"), await cast.agent()
    await visitor.open()
    await send_all(visitor)
    await tom.open("Mallory Files")
    attachments = (await tom.log())[-1]["attachments"]
    assert [each["kind"] for each in attachments] == ["file"] * len(PRETENDERS) + ["image"]
    assert attachments[-1]["name"] == "photo.jpg"
    links = await _links(visitor)
    tab = await tom.page.context.new_page()
    # A page for a bare picture is made by the browser, with a style that our policy keeps out.
    stranger = await (await cast.browser()).new_page()
    for attachment in attachments:
        own = f"{cast.product.url}/api/v1/attachments/{attachment['id']}/content"
        await assert_inert(tab, own, attachment)
        await assert_inert(stranger, cast.product.url + links[attachment["id"]], attachment)
    await _assert_closed(stranger, cast, tom)


async def _assert_closed(stranger: Page, cast: Cast, tom: Agent) -> None:
    for attachment in (await tom.log())[-1]["attachments"]:
        answer = await stranger.goto(f"{cast.product.url}/api/v1/attachments/{attachment['id']}/content")
        assert answer
        assert answer.status == 401


async def _links(visitor: Visitor) -> dict[str, str]:
    """The addresses that the panel has fetched, by file."""
    frame = visitor.page.frames[-1]
    hrefs: list[str] = await frame.evaluate(
        "() => [...document.querySelectorAll('.files a')].map((each) => each.getAttribute('href'))"
    )
    return {href.split("/")[5]: href.replace("&download", "") for href in hrefs}
