"""Answers that are on their way while a person goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from playwright.async_api import Page, Route

DRAWN = "() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"


@asynccontextmanager
async def late(page: Page, url: str, method: str = "GET", *, turn: int = 1) -> AsyncIterator[asyncio.Event]:
    """The answer to the first such request, or a later `turn`, is what it was when it was asked for, and comes when
    this ends; what it brings about is drawn then. Yields what is set once it is given and held back."""
    asked, let_go, came, count = asyncio.Event(), asyncio.Event(), asyncio.Event(), 0

    async def answer(route: Route) -> None:
        nonlocal count
        count += route.request.method == method
        if route.request.method != method or count != turn:
            return await route.fallback()
        then = await route.fetch()
        asked.set()
        await let_go.wait()
        await route.fulfill(response=then)
        came.set()
        return None

    await page.route(url, answer)
    try:
        yield asked
    finally:
        let_go.set()
    await asyncio.wait_for(came.wait(), 30)
    await page.unroute(url, answer)
    await page.evaluate(DRAWN)
