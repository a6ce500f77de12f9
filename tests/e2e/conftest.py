"""A seeded product and real browsers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.e2e.product import Product

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Read now: tests do not see the developer's settings.
NAMED = os.environ.get("ALONGSIDE_CHROMIUM")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="module")
def product() -> Iterator[Product]:
    """A running Alongside with the demo's people and conversations, for the tests of one module."""
    folder = Path(tempfile.mkdtemp(prefix="al-"))
    folder.chmod(0o755)
    product = Product(folder, visitor_messages_per_minute="600")
    product.run("seed")
    product.start()
    yield product
    product.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest.fixture
async def shop_context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A visitor's browser."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(10_000)
    yield context
    await context.close()


@pytest.fixture
async def agent_context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """An agent's browser."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    await context.close()


@pytest.fixture
async def shop(product: Product, shop_context: BrowserContext) -> Page:
    """The demo shop, with the widget's button painted."""
    page = await shop_context.new_page()
    await page.goto(f"{product.url}/demo/")
    return page


def chromium() -> str:
    """Where Chromium is. `bin/check` installs it."""
    found = NAMED or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("There is no Chromium. Run bin/check, which installs it, or set ALONGSIDE_CHROMIUM.")
    return found
