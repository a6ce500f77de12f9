"""An answer that was given before a change and comes after it takes nothing back."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest
from playwright.async_api import Page, Route

from tests.e2e.api import Api
from tests.e2e.cast import Cast

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@dataclass
class Late:
    """The second time that something is asked for, the answer is what it was then, and comes when it is let go."""

    read: asyncio.Event = field(default_factory=asyncio.Event)
    let_go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0

    async def answer(self, route: Route) -> None:
        self.asked += route.request.method == "GET"
        if route.request.method != "GET" or self.asked != 2:
            await route.continue_()
            return
        answer = await route.fetch()
        self.read.set()
        await self.let_go.wait()
        await route.fulfill(response=answer)

    async def comes(self, page: Page, path: str) -> None:
        """Now, and what it brings about is drawn."""
        async with page.expect_response(f"**{path}"):
            self.let_go.set()
        await page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))")


async def test_what_was_changed_stays_so(cast: Cast, api: Api) -> None:
    olga = await cast.agent(api.agent("Olga Older"))
    page, session, choices = olga.page, Late(), Late()
    await page.route("**/api/v1/session", session.answer)
    await page.route("**/api/v1/me/notifications", choices.answer)

    # Who is signed in is read when the page opens, and again when the server is there.
    await page.reload()
    await session.read.wait()
    await olga.go_online()
    await session.comes(page, "/api/v1/session")
    assert await page.get_by_role("switch", name="Online for visitors").is_checked()

    # What is told is read when the page opens, and again where it is chosen.
    await olga.turn_to("/settings/notifications")
    await choices.read.wait()
    mail = page.get_by_role("group", name="New message", exact=True).get_by_role("checkbox", name="Mail", exact=True)
    async with page.expect_response(lambda answer: answer.request.method == "PUT" and answer.ok):
        await mail.check()
    await choices.comes(page, "/api/v1/me/notifications")
    assert await mail.is_checked()
