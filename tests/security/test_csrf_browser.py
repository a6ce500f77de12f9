"""A hostile page in an agent's own browser can do and read nothing; nor one that frames us or talks to our frames."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.async_api import Frame, Page, expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast
from tests.e2e.site import Site, snippet

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# The bodies are those that a form or a fetch can send to another origin without asking it first.
DOORS: list[tuple[str, dict[str, Any]]] = [
    ("/teams", {"name": "Owned", "member_ids": []}),
    ("/invitations", {"email": "evil@example.com", "role_id": "00000000-0000-0000-0000-000000000000"}),
    ("/channels", {"name": "Owned"}),
    ("/session", {"email": "evil@example.com", "password": "not theirs"}),
]
FETCHES = """async ([server, doors]) => {
    const seen = [];
    const tell = async (method, path, init) => {
        try {
            const answer = await fetch(`${server}/api/v1${path}`, { method, credentials: "include", ...init });
            seen.push(`${method} ${path} ${answer.type} ${answer.type === "opaque" ? "" : await answer.text()}`);
        } catch (error) { seen.push(`${method} ${path} refused`); }
    };
    for (const path of ["/session", "/agents", "/conversations?folder=all", "/channels"]) {
        await tell("GET", path, {});
        await tell("GET", path, { mode: "no-cors" });
    }
    for (const [path, body] of doors) {
        const text = JSON.stringify(body);
        await tell("POST", path, { body: text, mode: "no-cors", headers: { "Content-Type": "text/plain" } });
        await tell("POST", path, { body: text, headers: { "Content-Type": "application/json", "X-CSRF-Token": "x" } });
    }
    await tell("DELETE", "/session", { headers: { "X-CSRF-Token": "x" } });
    await tell("PUT", "/me/online", { body: "{}", headers: { "Content-Type": "application/json" } });
    return seen;
}"""
SOCKET = """([server, path, hello]) => new Promise((resolve) => {
    const heard = [];
    const socket = new WebSocket(server.replace("http", "ws") + path);
    socket.onopen = () => socket.send(hello);
    socket.onmessage = (event) => heard.push(event.data);
    socket.onclose = (event) => resolve({ heard, code: event.code });
})"""


@pytest.fixture(params=["127.0.0.1", "localhost"], ids=["another-site", "same-site"])
def evil(request: pytest.FixtureRequest) -> Iterator[Site]:
    """A page of an attacker; on the same site the browser sends our cookie along."""
    site = Site(request.param)
    yield site
    site.close()


async def test_forms_and_fetches_change_and_read_nothing(cast: Cast, api: Api, evil: Site) -> None:
    page = await _lured(cast, evil)
    before = _state(api)
    for path, body in DOORS:
        await _submit_form(page, evil, f"{cast.product.url}/api/v1{path}", body)
    await page.goto(evil.page("/", ""))
    seen = await page.evaluate(FETCHES, [cast.product.url, DOORS])
    assert _state(api) == before
    read = [one for one in seen if not one.endswith("refused") and " opaque " not in one]
    assert not read, read
    assert len(seen) == 18
    # The agent is as signed in as before.
    agent = await cast.agent(ADMIN)
    assert (await agent.ask("/session"))["me"]["email"] == ADMIN


async def test_the_agents_socket_does_not_listen_to_it(cast: Cast, api: Api, evil: Site) -> None:
    page = await _lured(cast, evil)
    csrf = (await (await cast.agent(ADMIN)).ask("/session"))["csrf"]
    hello = json.dumps({"type": "hello", "csrf": csrf})  # even if it had guessed that
    answer = await page.evaluate(SOCKET, [cast.product.url, "/api/v1/console/socket", hello])
    assert answer == {"heard": [], "code": 1006}  # refused in the handshake


async def test_a_visitors_socket_and_api_are_of_no_use_without_the_token(cast: Cast, evil: Site) -> None:
    victim = await cast.visitor("Victim Vic")
    await victim.open()
    await victim.say("Between you and me")
    page = await cast.foreign_page(victim.page.context, evil.page("/", ""))
    hello = json.dumps({"type": "hello", "channel": "demo"})
    answer = await page.evaluate(SOCKET, [cast.product.url, "/api/v1/widget/socket", hello])
    assert "Between you and me" not in str(answer)
    read = """async (server) => {
        const url = `${server}/api/v1/widget/conversation`;
        return fetch(url, { credentials: "include" }).then((it) => it.text(), () => "refused");
    }"""
    assert "Between you and me" not in await page.evaluate(read, cast.product.url)


async def test_the_console_cannot_be_framed(cast: Cast, evil: Site) -> None:
    page = await _lured(cast, evil, f'<iframe src="{cast.product.url}/console/"></iframe>')
    assert await _is_blocked(page)


async def test_the_panel_can_be_framed_by_its_own_sites_only(cast: Cast, api: Api, evil: Site) -> None:
    shop = Site("localhost")
    key = api.channel("Framed shop", [shop.origin])["key"]
    frame = f'<iframe src="{cast.product.url}/widget/panel?channel={key}"></iframe>'
    page = await cast.foreign_page(await cast.browser(), evil.page("/", frame))
    assert await _is_blocked(page)
    await page.goto(shop.page("/", frame))
    assert not await _is_blocked(page)
    shop.close()


async def test_the_loader_hears_only_its_own_frame(cast: Cast, evil: Site) -> None:
    """An advertisement on the page posts everything that the panel could say."""
    visitor = await cast.visitor()
    await visitor.open()
    await visitor.page.evaluate(
        """(src) => new Promise((resolve) => {
            const advert = Object.assign(document.createElement("iframe"), { src, id: "advert", onload: resolve });
            document.body.append(advert);
        })""",
        f"{visitor.product.url}/demo/help/",
    )
    # Of our own origin even: only the panel's window counts.
    lies = [
        {"type": "close"},
        {"type": "unread", "count": 7},
        {"type": "known", "known": True},
        {"type": "look", "look": {"title": {"en": "Owned"}, "accent": "#ff0000", "position": "left"}},
        {"type": "refused", "message": "Owned"},
    ]
    advert = next(frame for frame in visitor.page.frames if frame.url.endswith("/demo/help/"))
    for lie in lies:
        await advert.evaluate("(lie) => parent.postMessage({ alongside: lie }, '*')", lie)
        await visitor.page.evaluate("(lie) => postMessage({ alongside: lie }, '*')", lie)
    await _settled(visitor.page)
    await expect(visitor.button).to_have_attribute("aria-expanded", "true")
    assert await visitor.page.evaluate("localStorage.length") == 0
    assert not [said for said in visitor.heard.warnings if "Owned" in said]


async def test_the_panel_hears_only_the_page_that_holds_it(cast: Cast, api: Api, evil: Site) -> None:
    """A hostile page opens a shop in a window of its own and talks to the frame inside."""
    shop = Site("localhost")
    key = api.channel("Opened shop", [shop.origin])["key"]
    url = shop.page("/", f'<iframe src="{cast.product.url}/widget/panel?channel={key}"></iframe>')
    hostile = await cast.foreign_page(await cast.browser(), evil.page("/", ""))
    async with hostile.expect_popup() as opened:
        await hostile.evaluate("(url) => { window.victim = open(url); }", url)
    page = await opened.value
    await page.wait_for_load_state()
    look = await page.evaluate(
        "(url) => fetch(url).then((it) => it.json())", f"{cast.product.url}/api/v1/widget/channels/{key}"
    )
    hello = {"type": "hello", "look": look, "page": {}, "languages": ["en"], "dir": "ltr", "open": True, "focus": True}
    panel = page.frame_locator("iframe").get_by_role("main")
    await hostile.evaluate("(hello) => victim.frames[0].postMessage({ alongside: hello }, '*')", hello)
    await _settled(page)
    await expect(panel).to_have_count(0)
    await page.evaluate("(hello) => frames[0].postMessage({ alongside: hello }, '*')", hello)
    await expect(panel).to_be_visible()  # the page that holds it may say so
    shop.close()


async def test_the_panel_tells_nothing_to_a_page_it_may_not_be_on(cast: Cast, api: Api) -> None:
    """What the panel says goes to the origin of its page and to nobody else; never what was written."""
    shop = Site("localhost")
    key = api.channel("Listening shop", [shop.origin])["key"]
    listen = (
        "<script>heard = []; addEventListener('message', (event) => heard.push(JSON.stringify(event.data)));</script>"
    )
    visitor = await cast.visitor(path=shop.page("/", listen + snippet(cast.product.url, key)))
    await visitor.open()
    await visitor.say("A secret of mine")
    heard = await visitor.page.evaluate("heard")
    assert heard
    assert "secret" not in str(heard)
    shop.close()


async def _lured(cast: Cast, evil: Site, body: str = "") -> Page:
    """The administrator opens the attacker's page in the browser in which they are signed in."""
    agent = await cast.agent(ADMIN)
    return await cast.foreign_page(agent.page.context, evil.page("/", body))


async def _submit_form(page: Page, evil: Site, action: str, body: dict[str, Any]) -> None:
    """A form whose one field reads as JSON."""
    name, _, rest = json.dumps(body).partition("=")
    field = f"<input name='{name[:-1]},\"x\":\"' value='{rest}\"}}'>"
    form = f'<form method="post" enctype="text/plain" action="{action}">{field}<button>Win a prize</button></form>'
    await page.goto(evil.page("/form", form))
    async with page.expect_navigation():
        await page.get_by_role("button").click()
    assert page.url == action


def _state(api: Api) -> list[Any]:
    teams, channels = api("GET", "/teams"), api("GET", "/channels")
    return [[team["name"] for team in teams], [one["name"] for one in channels], api("GET", "/invitations")]


async def _is_blocked(page: Page) -> bool:
    frame: Frame = page.frames[1]
    await frame.wait_for_load_state()
    return frame.url.startswith("chrome-error:")


async def _settled(page: Page) -> None:
    """Everything posted before this has been heard: messages and frames keep their order."""
    await page.evaluate(
        """() => new Promise((resolve) => {
            addEventListener("message", (event) => event.data === "the last one" && resolve());
            postMessage("the last one", "*");
        })"""
    )
    await page.frames[1].evaluate("() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))")
