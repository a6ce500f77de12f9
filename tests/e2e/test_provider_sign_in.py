"""Signing in with the company's own account, in a browser, at a provider of another site."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import oidc_provider_mock
import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.cast import AGENT, Cast
from tests.e2e.product import Product

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest.fixture
def shop_id() -> Iterator[tuple[str, Product]]:
    """A provider, and an Alongside whose operator named it. Their addresses are of two sites."""
    folder = Path(tempfile.mkdtemp(prefix="alongside-provider-"))
    folder.chmod(0o755)
    with oidc_provider_mock.run_server_in_thread() as server:
        issuer = f"http://127.0.0.1:{server.server_port}"
        settings = {"oidc_issuer": issuer, "oidc_client_id": "alongside", "oidc_client_secret": "known to both"}
        product = Product(folder, oidc_label="Shop ID", **settings)
        try:
            product.run("seed")
            product.start()
            yield issuer, product
        finally:
            product.stop()
            shutil.rmtree(folder, ignore_errors=True)


async def test_with_the_company_s_account(shop_id: tuple[str, Product], chromium: Browser) -> None:
    issuer, product = shop_id
    for subject, email in (("tom", AGENT), ("nobody", "nobody@fernwood.example")):
        claims = {"email": email, "email_verified": True}
        httpx.put(f"{issuer}/users/{subject}", json=claims).raise_for_status()  # noqa: ASYNC210 - of this process
    cast = Cast(product, chromium)
    page = (await cast.stranger()).page
    await page.get_by_role("link", name="Continue with Shop ID").click()
    await page.get_by_role("button", name="Deny").click()
    await expect(page.get_by_role("alert")).to_contain_text("was given up")
    await _vouch(page, "nobody")
    await expect(page.get_by_role("alert")).to_contain_text("You have no account here yet")
    assert "refused" not in page.url
    await _vouch(page, "tom")
    await expect(page.get_by_role("region", name="Conversations", exact=True)).to_be_visible()
    await page.get_by_role("button", name="You: Tom Okafor").click()
    async with page.expect_navigation():
        await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await cast.leave()


async def _vouch(page: Page, subject: str) -> None:
    await page.get_by_role("link", name="Continue with Shop ID").click()
    await page.get_by_placeholder("sub").fill(subject)
    await page.get_by_role("button", name="Authorize").click()
