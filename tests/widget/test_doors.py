"""The visitors' door over HTTP: look, session, messages, budgets."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from alongside.domains.channels import actions as channels
from alongside.domains.channels.schemas import EditChannel
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.config import Config
from tests.world import ORIGIN, Browser, World, make_config, serving


def visitor(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


async def send(browser: Browser, token: str, text: str, **more: Any) -> httpx.Response:
    body = {"client_id": str(new_client_id()), "text": text, **more}
    return await browser.call("POST", "/widget/conversation/messages", json=body, headers=visitor(token))


async def read(browser: Browser, token: str, query: str = "") -> Any:
    answer = await browser.call("GET", f"/widget/conversation{query}", headers=visitor(token))
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_look_is_for_every_page(world: World, browser: Browser) -> None:
    answer = await browser.call("GET", f"/widget/channels/{world.site.key}", headers={"origin": "https://shop.test"})
    assert answer.headers["access-control-allow-origin"] == "*"
    look = answer.json()
    assert (look["key"], look["name"]) == (world.site.key, "Green Shop")
    assert look["greeting"].keys() >= {"en", "de"}
    assert look["availability"] == {"online": False, "agents": []}


async def test_a_site_that_is_not_allowed_gets_no_look(world: World, browser: Browser) -> None:
    async def look(**headers: str | None) -> httpx.Response:
        return await browser.call("GET", f"/widget/channels/{world.site.key}", headers={"origin": None} | headers)

    assert (await look(origin="https://anybody.test")).status_code == 200, "without a list every site may"
    async with world.database.work() as work:
        change = EditChannel(allowed_origins=["https://shop.test", "http://[::1]:8000"])
        await channels.edit_channel(work, world.sol.actor, world.site.id, change)
    allowed: list[dict[str, str | None]] = [
        {"origin": "https://shop.test"},
        {"origin": "http://[::1]:8000"},
        {"referer": "https://shop.test/a/page?with=more"},
        {"origin": ORIGIN},
        {},
    ]
    for page in allowed:
        assert (await look(**page)).status_code == 200, page
    foreign = [
        {"origin": "https://evil.test"},
        {"origin": "null"},
        {"referer": "https://shop.test@evil.test/"},
        {"origin": "https://shop.test.evil.test", "referer": "https://shop.test/"},
    ]
    for page in foreign:
        answer = await look(**page)
        assert (answer.status_code, answer.json()["code"]) == (403, "site-not-allowed"), page
        assert answer.headers["access-control-allow-origin"] == "*", "its developer can read why"


@pytest.mark.parametrize("key", ["no-such-site", "x" * 500, "%00", "ü"])
async def test_an_unknown_site(world: World, browser: Browser, key: str) -> None:
    answer = await browser.get(f"/widget/channels/{key}")
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown-channel")


async def test_a_closed_site_is_unknown(world: World, browser: Browser) -> None:
    async with world.database.work() as work:
        await channels.edit_channel(work, world.sol.actor, world.site.id, EditChannel(active=False))
    assert (await browser.post("/widget/visitors", {"channel": world.site.key})).status_code == 404
    assert (await send(browser, world.vera.token, "hello?")).status_code == 401


async def test_a_visitor_begins_and_writes(world: World, browser: Browser) -> None:
    begun = (await browser.post("/widget/visitors", {"channel": world.site.key, "claims": {"name": "Walter"}})).json()
    assert begun["visitor"] == {"name": "Walter", "verified": False}
    assert (await read(browser, begun["token"]))["head"] == 0
    message = (await send(browser, begun["token"], "hello")).json()["message"]
    assert (message["seq"], message["mine"], message["person"]) == (1, True, None)
    snapshot = await read(browser, begun["token"])
    assert (snapshot["head"], snapshot["messages"], snapshot["seen"]) == (1, [message], 1)


async def test_the_cookie_gives_the_token_back_to_our_panel_alone(world: World, browser: Browser) -> None:
    body = {"channel": world.site.key, "keep": "n-1"}
    begun = await browser.call("POST", "/widget/visitors", json=body)
    set_cookie = begun.headers["set-cookie"]
    name, _, rest = set_cookie.partition("=")
    assert name == f"__Host-alongside-visitor-{world.site.key}"
    assert set(rest.split("; ")[1:]) == {
        "Max-Age=34560000", "Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned"
    }  # fmt: skip
    cookie = {"cookie": f"a=b; {set_cookie.partition(';')[0]}"}

    async def resume(**headers: str | None) -> httpx.Response:
        given = cookie | headers
        return await browser.call("POST", "/widget/visitors/resume", json={"channel": world.site.key}, headers=given)

    answer = await resume()
    assert answer.json() == {"session": begun.json(), "note": "n-1"}
    assert answer.headers["set-cookie"] == set_cookie, "its life begins anew"
    for foreign in ({"origin": "https://shop.test"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": None}):
        refused = await resume(**foreign)
        assert (refused.status_code, refused.json()["code"]) == (403, "foreign-origin")
    assert (await resume(cookie="")).json() == {"session": None, "note": ""}

    # It is no credential.
    assert (await browser.call("GET", "/widget/conversation", headers=cookie)).status_code == 401
    gone = await browser.call("POST", "/widget/reset", json={}, headers=cookie | visitor(begun.json()["token"]))
    assert (gone.status_code, "Max-Age=0" in gone.headers["set-cookie"]) == (204, True)
    answer = await resume()
    assert (answer.json()["session"], "Max-Age=0" in answer.headers["set-cookie"]) == (None, True)


async def test_no_cookie_where_none_is_asked_for(world: World, browser: Browser) -> None:
    body = {"channel": world.site.key}
    plain = await browser.call("POST", "/widget/visitors", json=body)
    assert "set-cookie" not in plain.headers
    foreign = await browser.call(
        "POST", "/widget/visitors", json=body | {"keep": ""}, headers={"sec-fetch-site": "cross-site"}
    )
    assert foreign.status_code == 403, "another site's page plants nothing"
    for note in ("a;b", "a b", "x" * 65, "\n"):
        spoiled = await browser.call("POST", "/widget/identify", json=body | {"keep": note})
        assert (spoiled.status_code, "set-cookie" in spoiled.headers) == (422, False)


async def test_paging_by_the_visitors_own_numbers(world: World, browser: Browser) -> None:
    """Every second entry is a note: neither pages nor numbers show it."""
    for number in range(60):
        for kind in ("note", "message"):
            draft = Draft(new_client_id(), f"{kind} {number}", kind)  # type: ignore[arg-type]
            await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    newest = await read(browser, world.vera.token)
    assert (newest["head"], newest["has_more"]) == (61, True)
    assert [message["seq"] for message in newest["messages"]] == list(range(12, 62))
    older = await read(browser, world.vera.token, "?before=12")
    assert ([message["seq"] for message in older["messages"]], older["has_more"]) == (list(range(1, 12)), False)
    after = await read(browser, world.vera.token, "?after=58")
    assert [message["seq"] for message in after["messages"]] == [59, 60, 61]
    assert all("note" not in message["text"] for message in newest["messages"] + older["messages"])
    assert newest["messages"][-1]["person"] == {"display_name": "Ada", "picture_url": None}


async def test_each_visitor_has_a_budget(world: World, fresh_database_url: str, config: Config) -> None:
    # The sixth would be let through a minute later.
    tight = make_config(fresh_database_url, config.data_dir, visitor_messages_per_minute=1)
    async with serving(tight) as client:
        browser = Browser(client)
        answers = [await send(browser, world.vera.token, f"number {number}") for number in range(7)]
        assert [answer.status_code for answer in answers] == [201] * 5 + [429] * 2
        assert answers[-1].json()["code"] == "too-many-messages"
        assert 0 < int(answers[-1].headers["retry-after"]) <= 60
        other = (await browser.post("/widget/visitors", {"channel": world.site.key})).json()["token"]
        assert (await send(browser, other, "others are not held back")).status_code == 201


async def test_new_visitors_have_a_budget_for_each_address(
    world: World, fresh_database_url: str, config: Config
) -> None:
    tight = make_config(fresh_database_url, config.data_dir, visitors_per_hour_per_address=3)
    async with serving(tight) as client:
        browser = Browser(client)
        body = {"channel": world.site.key}
        answers = [await browser.post("/widget/visitors", body) for _ in range(3)]
        answers.append(await browser.post("/widget/identify", body | {"claims": {"name": "x"}}))
        assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
        forged = await browser.call("POST", "/widget/visitors", json=body, headers={"x-forwarded-for": "198.51.100.7"})
        assert forged.status_code == 429, "an address that anybody can claim counts for nothing"


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [("", 422, "empty-text"), (" \x00\n", 422, "empty-text"), ("x" * 10_001, 413, "text-too-long")],
)
async def test_what_cannot_be_sent(world: World, browser: Browser, text: str, status: int, code: str) -> None:
    answer = await send(browser, world.vera.token, text)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await read(browser, world.vera.token))["head"] == 1


async def test_a_refused_first_message_begins_nothing(world: World, browser: Browser) -> None:
    token = (await browser.post("/widget/visitors", {"channel": world.site.key})).json()["token"]
    await send(browser, token, "")
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM conversation") == 1


async def test_seen_clears_and_stays(world: World, browser: Browser) -> None:
    await messages.post(world.database, world.ada.actor, world.conversation_id, Draft(new_client_id(), "answer"), 1_000)
    for seq, expected in ((2, 2), (1, 2), (99, 2)):
        answer = await browser.call(
            "POST", "/widget/conversation/seen", json={"seq": seq}, headers=visitor(world.vera.token)
        )
        assert answer.status_code == 204
        assert (await read(browser, world.vera.token))["seen"] == expected
