"""Fixtures of the browser tests: one seeded product and one Chromium for the whole run, a fresh set of people for each
test. A module asks for them with `pytest_plugins = ["tests.e2e.stage"]`."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.e2e.api import Api
from tests.e2e.cast import Cast
from tests.e2e.product import Product
from tests.e2e.site import Site
from tests.harness.smtp import Mailbox, mail_server

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A microphone that beeps and a camera that shows a clock.
    "--use-fake-device-for-media-stream",
    # As strict as the strictest: frames of other sites get no storage (tests/e2e/test_denied_storage.py).
    "--test-third-party-cookie-phaseout",
]
# Read now: tests do not see the developer's settings.
NAMED = os.environ.get("ALONGSIDE_CHROMIUM")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Everybody here comes from one address.
BUDGETS = {
    "visitor_messages_per_minute": "600",
    "visitors_per_hour_per_address": "100000",
    "login_tries_per_account": "5",
    "login_tries_per_address": "1000",
}

expect.set_options(timeout=30_000)  # a page that holds does not wait so long


@pytest.fixture(scope="session")
def mailbox() -> Iterator[Mailbox]:
    """What the product mailed."""
    with mail_server() as box:
        yield box


@pytest.fixture(scope="session")
def product(mailbox: Mailbox) -> Iterator[Product]:
    """A running Alongside with the demo's people and conversations. A test that stops it starts it again."""
    folder = Path(tempfile.mkdtemp(prefix="al-"))
    folder.chmod(0o755)
    product = Product(folder, **BUDGETS, mail_url=mailbox.url, egress_networks="127.0.0.0/8")
    product.run("seed")
    product.start()
    yield product
    product.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def cast(product: Product, chromium: Browser) -> AsyncIterator[Cast]:
    """Whoever a test needs, each in a browser of their own; none of their pages may have thrown anything."""
    cast = Cast(product, chromium)
    yield cast
    await cast.leave()


@pytest.fixture(scope="session")
def api(product: Product) -> Iterator[Api]:
    """The administrator, without a browser."""
    api = Api(product.url)
    yield api
    api.close()


@pytest.fixture
def site() -> Iterator[Site]:
    """A web site of somebody else."""
    site = Site()
    yield site
    site.close()


def _chromium() -> str:
    found = NAMED or next((path for name in CHROMIUMS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("There is no Chromium. Run bin/check, which installs it, or set ALONGSIDE_CHROMIUM.")
    return found
