"""A program with an API key, as tests play it."""

from __future__ import annotations

from typing import Any

import httpx

from tests.world import Browser, World


class Program:
    """A program with a key: no cookie, no origin, no proof of a page."""

    def __init__(self, browser: Browser, secret: str) -> None:
        self._client = browser.client
        self.secret = secret

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        self._client.cookies.clear()
        given = {"authorization": f"Bearer {self.secret}", **headers}
        return await self._client.request(method, f"/api/v1{path}", headers=given, json=body)

    async def get(self, path: str) -> httpx.Response:
        return await self.call("GET", path)


async def made(browser: Browser, world: World, *scopes: str, **more: object) -> tuple[Program, dict[str, Any]]:
    """A key made by Sol at the door, and who uses it."""
    body = {"name": "Shop system", "scopes": list(scopes), **more}
    answer = await browser.be(world.sol).post("/api-keys", body)
    assert answer.status_code == 201, answer.text
    return Program(browser, answer.json()["secret"]), answer.json()["key"]
