"""A browser that denies a frame of another site its storage (incognito, third-party cookies blocked) keeps the talk."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import Cast, Visitor
from tests.e2e.site import Site, snippet
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DENIED = """() => {
    for (const kind of ["localStorage", "sessionStorage"]) {
        try { if (window[kind]) return `${kind} is there`; } catch { /* as it must be */ }
    }
    return "denied";
}"""


@pytest.fixture
def other_site() -> Iterator[Site]:
    site = Site("shop.localhost")
    yield site
    site.close()


async def test_the_conversation_survives_the_page_and_is_live_in_every_tab(
    cast: Cast, api: Api, site: Site, other_site: Site
) -> None:
    key = api.channel("Shop in a strict browser")["key"]
    page = snippet(cast.product.url, key)
    vic = await cast.visitor("Vic Denied", path=site.page("/", page))
    await vic.open()
    assert await vic.page.frames[1].evaluate(DENIED) == "denied"
    early = await cast.tab(vic.page.context, path=site.page("/", page))
    await early.open()
    assert await vic.page.context.cookies() == []  # nothing is kept before the first message
    await vic.say("Do you know me?")
    await early.sees("Do you know me?")

    [cookie] = await vic.page.context.cookies()
    assert cookie.get("name") == f"__Host-alongside-visitor-{key}"
    assert (cookie.get("httpOnly"), cookie.get("secure"), cookie.get("sameSite")) == (True, True, "None")
    assert cookie.get("partitionKey") == "http://127.0.0.1"

    await vic.reload()
    await vic.sees("Do you know me?")
    late = await cast.tab(vic.page.context, path=site.page("/", page))
    await late.open()
    await late.say("And in a third tab?")
    tom = await cast.agent()
    await tom.open("Vic Denied")
    await tom.reply("In each of them")
    for tab in (vic, early, late):
        await tab.sees("Do you know me?", "And in a third tab?", "In each of them")
    await tom.sees("Do you know me?", "And in a third tab?", "In each of them")

    elsewhere = await cast.tab(vic.page.context, path=other_site.page("/", page))
    await elsewhere.open()
    assert await elsewhere.page.frames[1].evaluate(DENIED) == "denied"
    await elsewhere.say("Another site is another visitor")
    await elsewhere.sees("Another site is another visitor")


async def test_what_is_unread_is_counted_on_the_next_page(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Shop that answers later")["key"]
    url = site.page("/", snippet(cast.product.url, key))
    will = await cast.visitor("Will Denied", path=url)
    await will.open()
    await will.say("Please answer later")
    await will.page.close()
    tom = await cast.agent()
    await tom.open("Will Denied")
    await tom.reply("Later it is")
    await expect(tom.bubbles).to_have_count(2)
    again = await cast.tab(will.page.context, path=url)
    await expect(again.button).to_have_accessible_name("Open chat, 1 unread")


async def test_reset_leaves_nothing(cast: Cast, api: Api, site: Site) -> None:
    key = api.channel("Shop at a library")["key"]
    wendy = await cast.visitor(path=site.page("/", snippet(cast.product.url, key)))
    await wendy.open()
    await wendy.say("On a computer of many")
    await wendy.call("reset")
    await wendy.sees()
    await until(lambda: _keeps_nothing(wendy))  # the answer takes its time
    await wendy.page.reload()
    await wendy.open()
    await wendy.sees()


async def test_a_signed_person_is_known_on_the_next_page_and_gives_nothing_to_another(
    cast: Cast, api: Api, site: Site
) -> None:
    channel = api.channel("Shop with customers in a strict browser")
    secret = api("POST", f"/channels/{channel['id']}/identity-keys")
    xena = await cast.visitor(path=site.page("/", snippet(cast.product.url, channel["key"])))
    await xena.call("identify", {"token": _vouch(channel["key"], secret, "Xena")})
    await xena.open()
    await xena.say("Where is my parcel?")

    before = _asked(xena, "/identify")
    await xena.page.reload()
    await xena.call("identify", {"token": _vouch(channel["key"], secret, "Xena")})
    await xena.sees("Where is my parcel?")
    assert _asked(xena, "/identify") == before, "the token she has already is hers"

    await xena.call("identify", {"token": _vouch(channel["key"], secret, "Yuri")})
    await xena.sees()
    await xena.say("I am somebody else")
    await xena.call("identify", {"token": _vouch(channel["key"], secret, "Xena")})
    await xena.sees("Where is my parcel?")


async def _keeps_nothing(visitor: Visitor) -> bool:
    return await visitor.page.context.cookies() == []


def _asked(visitor: Visitor, path: str) -> int:
    return sum(url.endswith(path) for url in visitor.heard.requests)


def _vouch(audience: str, key: dict[str, Any], name: str) -> str:
    claims = {"sub": name.lower(), "aud": audience, "exp": int(time.time()) + 300, "name": name}
    return jwt.encode(claims, key["secret"], "HS256", headers={"kid": key["kid"]})
