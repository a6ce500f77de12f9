"""What several of the proofs with axe do on their way to a state."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import Audit
from tests.files.media import wav
from tests.files.pictures import picture

PAPER = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}


async def send_files(page: Page, where: Page | FrameLocator, audit: Audit) -> None:
    """Files on their way, one of them refused; then in the conversation. Two states."""
    files: list[Any] = [
        {"name": "seam.png", "mimeType": "image/png", "buffer": picture()},
        {"name": "voice.wav", "mimeType": "audio/wav", "buffer": wav(1)},
        PAPER,
        {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
    ]
    await where.locator("footer input[type=file]").last.set_input_files(files)
    await expect(where.locator("li.done")).to_have_count(3)
    await expect(where.locator("li.failed")).to_have_count(1)
    await audit.check(page, "files on their way")
    await where.locator("li.failed button").last.click()
    await where.locator("footer textarea").press("Enter")
    await expect(where.locator("audio").last).to_be_visible()
    await expect(where.locator("img[alt='seam.png']").last).to_be_visible()
    await audit.check(page, "files in the conversation")


async def over(page: Page, audit: Audit, state: str, keys: str, seen: Callable[[], Awaitable[None]]) -> None:
    """What one key brings, and Escape takes away."""
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press(keys)
    await seen()
    await audit.check(page, state)
    if state not in {"note tab", "details"}:
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open], [popover]:popover-open")).to_have_count(0)


@dataclass(frozen=True)
class Known:
    """Somebody of whom more is known than a name; `field` is the label of what is known."""

    contact: str
    field: str


@pytest.fixture
def known(api: Api) -> Iterator[Known]:
    """Who has a label and a value, lacks one that is wanted, and has rated their conversation."""
    once = uuid4().hex[:6]
    plan = {"kind": "choices", "key": f"plan_{once}", "label": {"en": f"Plan {once}"}}
    made = api("POST", "/fields", plan | {"options": [{"value": "gold", "label": "Gold"}]})["id"]
    number = {"kind": "text", "key": f"number_{once}", "label": {"en": "Customer number"}, "required": True}
    wanted = api("POST", "/fields", number)["id"]
    label = api("POST", "/labels", {"name": f"Known {once}", "colour": "yellow"})["id"]
    channel = api.channel(f"Shop that asks how it was {once}", around={"rating": True})
    row = api.conversation(f"Kay Known {once}", "That was all", channel["key"], stars=4)
    contact = row["contact"]["id"]
    api("PUT", f"/contacts/{contact}/fields/{made}", {"value": ["gold"]})
    api("PUT", f"/contacts/{contact}/labels/{label}")
    yield Known(contact, f"Plan {once}")
    for field in (made, wanted):
        api("PATCH", f"/fields/{field}", {"archived": True})
        api("DELETE", f"/fields/{field}")
    api("DELETE", f"/labels/{label}")
