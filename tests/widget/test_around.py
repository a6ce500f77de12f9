"""Before and after the chat, over the visitors' door."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from alongside.domains.conversations import actions as conversations
from tests.world import Browser, World


async def set_around(world: World, browser: Browser, **change: Any) -> httpx.Response:
    """Sol changes what the channel does around its chats."""
    return await browser.be(world.sol).patch(f"/channels/{world.site.id}", {"settings": {"around": change}})


async def around(world: World, browser: Browser, **change: Any) -> None:
    """The same, and it is taken."""
    answer = await set_around(world, browser, **change)
    assert answer.status_code == 200, answer.text


async def done(world: World) -> None:
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")


async def vera(world: World, browser: Browser, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {world.vera.token}"}
    return await browser.call(method, f"/widget{path}", json=body, headers=headers)


async def test_a_channel_that_asks_for_nothing(world: World, browser: Browser) -> None:
    await done(world)
    assert (await browser.get(f"/widget/channels/{world.site.key}")).json()["around"] is False
    assert (await vera(world, browser, "GET", "/around")).json() == {"over": None, "transcript": None}
    refused = await vera(world, browser, "PUT", "/rating", {"episode": 1, "stars": 5})
    assert (refused.status_code, refused.json()["code"]) == (403, "rating-off")


async def test_rating_what_is_over(world: World, browser: Browser) -> None:
    await around(world, browser, rating=True)
    assert (await browser.get(f"/widget/channels/{world.site.key}")).json()["around"] is True
    assert (await vera(world, browser, "GET", "/around")).json() == {"over": None, "transcript": None}
    early = await vera(world, browser, "PUT", "/rating", {"episode": 1, "stars": 5})
    assert (early.status_code, early.json()["code"]) == (409, "rating-closed")
    await done(world)
    over = {"episode": 1, "stars": None, "comment": None, "declined": False}
    assert (await vera(world, browser, "GET", "/around")).json() == {"over": over, "transcript": None}
    declined = await vera(world, browser, "POST", "/rating/declined", {"episode": 1})
    assert declined.status_code == 204
    assert (await vera(world, browser, "GET", "/around")).json()["over"] == over | {"declined": True}
    rated = {"episode": 1, "stars": 4, "comment": "  <b>quick</b>\x00 and kind  "}
    assert (await vera(world, browser, "PUT", "/rating", rated)).status_code == 204
    over = {"episode": 1, "stars": 4, "comment": "<b>quick</b> and kind", "declined": True}
    assert (await vera(world, browser, "GET", "/around")).json() == {"over": over, "transcript": None}
    assert (await vera(world, browser, "PUT", "/rating", {"episode": 1, "stars": 1, "comment": " "})).status_code == 204
    assert (await vera(world, browser, "GET", "/around")).json()["over"] == over | {"stars": 1, "comment": None}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"episode": 1, "stars": 0}, 422),
        ({"episode": 1, "stars": 6}, 422),
        ({"episode": 1, "stars": 4.5}, 422),
        ({"episode": 0, "stars": 5}, 422),
        ({"episode": 2**40, "stars": 5}, 422),
        ({"stars": 5}, 422),
        ({"episode": 1, "stars": 5, "conversation_id": "x"}, 422),
        ({"episode": 1, "stars": 5, "comment": "x" * 2_001}, 413),
        ({"episode": 1, "stars": 5, "comment": "x" * 5_000}, 422),
    ],
    ids=["0", "6", "half", "episode-0", "far", "none", "foreign", "long", "longer"],
)
async def test_ratings_that_are_none(world: World, browser: Browser, body: Any, status: int) -> None:
    await around(world, browser, rating=True)
    await done(world)
    assert (await vera(world, browser, "PUT", "/rating", body)).status_code == status
    assert (await vera(world, browser, "GET", "/around")).json()["over"]["stars"] is None


async def test_without_a_token_nothing_is_told_or_taken(world: World, browser: Browser) -> None:
    await around(world, browser, rating=True)
    for method, path in (("GET", "/around"), ("PUT", "/rating"), ("POST", "/rating/declined")):
        answer = await browser.call(method, f"/widget{path}", json={"episode": 1})
        assert answer.status_code == 401
