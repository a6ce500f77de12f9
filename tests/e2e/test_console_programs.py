"""An admin lets other programs in, and has them told what happens: API keys and webhooks, as pages."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import uuid4

import httpx
import pytest
from playwright.async_api import Page, expect
from standardwebhooks.webhooks import Webhook as Verifier

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast, sign_in

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


class Receiver(ThreadingHTTPServer):
    """Keeps what it is sent; `status` is what it answers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: list[tuple[dict[str, str], str]] = []
        self.status = 200


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.server.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(b"thank you")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver in the network that the operator of `product` named."""
    server = Receiver()
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


async def test_a_program_comes_in_by_its_key_and_is_named_where_it_writes(cast: Cast, api: Api) -> None:
    page = await _settings(cast, "api-keys")
    name = f"Shop system {uuid4().hex[:4]}"
    await page.get_by_role("button", name="Make a key").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_role("checkbox", name="Read", exact=True).uncheck()
    await dialog.get_by_role("button", name="Make a key").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Tick at least one thing that it may do.")
    await dialog.get_by_role("checkbox", name="Read", exact=True).check()
    await dialog.locator("label", has_text="conversations.reply").get_by_role("checkbox").check()
    await dialog.get_by_label("Holds for").select_option("90 days")
    await expect(dialog.get_by_label("Sees")).to_have_value("")
    await dialog.get_by_role("button", name="Make a key").click()
    secret = await dialog.get_by_label("Key", exact=True).input_value()
    assert re.fullmatch(r"alsk_\w{49}", secret)
    await dialog.get_by_role("button", name="Done").click()
    line = page.get_by_role("listitem").filter(has_text=name)
    await expect(line).to_contain_text(secret[:9])
    await expect(line).to_contain_text("never used")
    file = await page.get_by_role("link", name="The same as an OpenAPI file").get_attribute("href")
    described = (await asyncio.to_thread(httpx.get, f"{cast.product.url}{file}", timeout=30)).json()
    assert "/api/v1/conversations/changes" in described["paths"]

    conversation = api("GET", "/conversations?folder=all")["rows"][0]["id"]
    text = f"From a program {uuid4().hex[:6]}"
    answer = await asyncio.to_thread(
        httpx.post,
        f"{cast.product.url}/api/v1/conversations/{conversation}/messages",
        headers={"Authorization": f"Bearer {secret}"},
        json={"client_id": str(uuid4()), "text": text},
        timeout=30,
    )
    assert answer.status_code == 201, answer.text
    await page.goto(f"{cast.product.url}/console/inbox/{conversation}?folder=all")
    await expect(page.get_by_role("log").get_by_text(text)).to_be_visible()
    await expect(page.get_by_role("log").get_by_text(name).last).to_be_visible()

    await page.goto(f"{cast.product.url}/console/settings/api-keys")
    await expect(line).to_contain_text("used")
    await line.get_by_role("button", name=f"Revoke the key {name}").click()
    await page.get_by_role("dialog").get_by_role("button", name="Revoke").click()
    await expect(line).to_have_count(0)
    bearer = {"Authorization": f"Bearer {secret}"}
    refused = await asyncio.to_thread(httpx.get, f"{cast.product.url}/api/v1/conversations", headers=bearer, timeout=30)
    assert refused.status_code == 401


async def test_a_webhook_is_tried_out_read_and_sent_again(cast: Cast, receiver: Receiver) -> None:
    page = await _settings(cast, "webhooks")
    name = f"CRM {uuid4().hex[:4]}"
    await page.get_by_role("button", name="Add a webhook").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill(name)
    await dialog.get_by_label("Address").fill("http://10.0.0.1/hook")
    await dialog.get_by_role("button", name="Add a webhook").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("inside a private network")
    await dialog.get_by_label("Address").fill(f"http://127.0.0.1:{receiver.server_port}/hook")
    await dialog.get_by_role("button", name="Add a webhook").click()
    secret = await dialog.get_by_label("Signing secret").input_value()
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_role("heading", name=name)).to_be_visible()

    await page.get_by_role("button", name="Send a test").click()
    lines = page.locator("ul.wide > li")
    await expect(lines.first).to_contain_text("Delivered · 200")
    headers, body = receiver.got[0]
    Verifier(secret).verify(body, headers)
    receiver.status = 500
    await page.get_by_role("button", name="Send a test").click()
    await expect(lines.first).to_contain_text("Not accepted")
    receiver.status = 200
    await lines.first.get_by_role("button").click()
    await expect(dialog.get_by_role("region", name="What was sent")).to_contain_text('"type": "test"')
    await dialog.get_by_role("button", name="Send again").click()
    await expect(lines.first).to_contain_text("Delivered · 200")
    await page.get_by_label("State").select_option("Failed")
    await expect(page.get_by_text("Nothing here is in this state")).to_be_visible()

    await page.get_by_role("button", name="Delete this webhook").click()
    await dialog.get_by_role("button", name="Delete this webhook").click()
    await expect(page.get_by_role("heading", name="Webhooks", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name=name)).to_have_count(0)


async def test_who_may_not_is_told_so(cast: Cast, api: Api) -> None:
    stranger = await cast.stranger()
    await sign_in(stranger.page, api.agent("Nora Novice"))
    for section, words in (
        ("api-keys", "API keys are not yours to see"),
        ("webhooks", "Webhooks are not yours to see"),
    ):
        await stranger.page.goto(f"{cast.product.url}/console/settings/{section}")
        await expect(stranger.page.get_by_text(words)).to_be_visible()


async def _settings(cast: Cast, section: str) -> Page:
    page = (await cast.stranger()).page
    await sign_in(page, ADMIN)
    await page.goto(f"{cast.product.url}/console/settings/{section}")
    await expect(page.locator(".column h2")).to_be_visible()
    return page
