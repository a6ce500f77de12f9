"""Visitors and agents as browser tests meet them: each is a browser of their own and what a person can do in it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from playwright.async_api import (
    Browser,
    BrowserContext,
    FrameLocator,
    Locator,
    Page,
    Request,
    StorageState,
    WebSocket,
    expect,
)

from tests.e2e.product import Product
from tests.harness.until import until

PASSWORD = "follow-the-fern"
AGENT, ADMIN = "tom@fernwood.example", "ines@fernwood.example"
SPEAK = """
    try { localStorage["alongside.look"] ??= JSON.stringify({ locale: "LANGUAGE" }); } catch { /* no storage here */ }
"""
# A link anywhere in the console does the same.
FOLLOW = """async (path) => {
    const link = document.createElement("a");
    link.href = `/console${path}`;
    document.body.append(link);
    link.click();
    link.remove();
    await new Promise(requestAnimationFrame);
}"""
BACK = 60_000  # a client that has waited for a server for a while asks again after at most 20 s


@dataclass
class Heard:
    """What a page said and was told, noted down from its first moment."""

    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    socket: WebSocket | None = None
    """The latest one of the page as it is loaded now."""
    welcome: dict[str, Any] | None = None
    """What it was told first: from then on nothing that is said live is missed."""

    def listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error.stack or error.message}"))
        page.on("console", lambda message: self._said(message.type, message.text))
        page.on("websocket", self._socket)
        page.on("request", lambda request: self._asked(page, request))

    def _said(self, kind: str, text: str) -> None:
        if "Content Security Policy" in text:
            self.errors.append(text)
        elif kind == "warning":
            self.warnings.append(text)

    def _asked(self, page: Page, request: Request) -> None:
        self.requests.append(request.url)
        if request.is_navigation_request() and request.frame == page.main_frame:
            self.socket = self.welcome = None

    def _socket(self, socket: WebSocket) -> None:
        self.socket, self.welcome = socket, None
        socket.on("framereceived", lambda payload: self._told(socket, str(payload)))
        socket.on("close", lambda _: self._ended(socket))

    def _told(self, socket: WebSocket, payload: str) -> None:
        self.frames.append(payload)
        if socket == self.socket and (frame := json.loads(payload)).get("type") == "welcome":
            self.welcome = frame

    def _ended(self, socket: WebSocket) -> None:
        if socket == self.socket:
            self.welcome = None


@dataclass
class Visitor:
    """Somebody on a page with the widget."""

    page: Page
    heard: Heard
    product: Product

    @property
    def panel(self) -> FrameLocator:
        return self.page.frame_locator("iframe")

    @property
    def button(self) -> Locator:
        """The launcher."""
        return self.page.get_by_role("button", name=re.compile("chat", re.IGNORECASE))

    @property
    def field(self) -> Locator:
        return self.panel.locator("textarea")

    @property
    def bubbles(self) -> Locator:
        """Every message shown, oldest first."""
        return self.panel.locator("li.message .bubble")

    async def open(self) -> None:
        """Open the chat and wait for the panel to listen."""
        await self.button.click()
        await expect(self.field).to_be_visible()

    async def listens(self, *, known: bool = False) -> None:
        """Wait until the panel hears live what happens; `known`: as somebody who has written."""
        heard = self.heard
        await until(
            lambda: heard.welcome is not None and (not known or heard.welcome["visitor"] is not None),
            what="a panel that listens",
        )

    async def write(self, text: str) -> None:
        await self.field.fill(text)
        await self.field.press("Enter")

    async def say(self, text: str) -> None:
        """Write, and see that it is sent."""
        await self.write(text)
        await expect(self.message(text)).to_have_attribute("data-seq", re.compile(r"\d+"), timeout=BACK)

    def message(self, text: str) -> Locator:
        """The bubble with exactly this text, with its state."""
        bubble = self.page.frame_locator("iframe").locator(".bubble", has_text=exactly(text))
        return self.panel.locator("li.message", has=bubble)

    async def sees(self, *texts: str) -> None:
        """These messages and no others, in this order."""
        await expect(self.bubbles).to_have_text([exactly(text) for text in texts], timeout=BACK)

    async def call(self, name: str, argument: object = None) -> None:
        """The page's own script calls `window.Alongside`."""
        await self.page.evaluate("([name, given]) => window.Alongside[name](given)", [name, argument])

    async def reload(self) -> None:
        """The page anew; a chat that was open opens by itself."""
        await self.page.reload()
        await expect(self.field).to_be_visible()


@dataclass
class Agent:
    """Somebody signed in to the console."""

    page: Page
    heard: Heard
    product: Product

    @property
    def list(self) -> Locator:
        return self.page.get_by_role("region", name=re.compile("^(Conversations|Unterhaltungen)$"))

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def bubbles(self) -> Locator:
        """Every message and note of the open conversation, oldest first."""
        return self.thread.locator(".bubble")

    @property
    def field(self) -> Locator:
        return self.page.get_by_role("textbox", name=re.compile("^(Reply to|Note for the team)"))

    def row(self, name: str) -> Locator:
        """The line of a customer in the list."""
        return self.list.get_by_role("link").filter(has=self.page.locator(".name", has_text=exactly(name)))

    async def listens(self) -> None:
        """Wait until the console hears live what happens: pop-ups and who types are told once."""
        await until(lambda: self.heard.welcome is not None, what="a console that listens")

    async def folder(self, name: str) -> None:
        """Choose a tab: Unread, Unresolved, Done, All."""
        await self.page.get_by_role("tab", name=re.compile(f"^{name}")).click()

    async def open(self, name: str) -> None:
        """Open a customer's conversation."""
        await self.row(name).click()
        await expect(self.page.get_by_role("log", name=f"Conversation with {name}")).to_be_visible()
        await expect(self.field).to_be_visible()

    async def turn_to(self, path: str) -> None:
        """Another page of the console, as its links lead there: without loading everything anew."""
        await self.page.evaluate(FOLLOW, path)

    async def go_online(self, on: bool = True) -> None:
        """Press Go online, or offline, unless it is so already, and see that the server has taken it."""
        switch = self.page.get_by_role("switch", name="Online for visitors")
        if await switch.is_checked() != on:
            await switch.click()
        await expect(switch).to_be_checked(checked=on)

    async def reply(self, text: str, keys: str = "Enter") -> None:
        await self.field.fill(text)
        await self.field.press(keys)

    async def note(self, text: str) -> None:
        await self.page.get_by_role("tab", name="Note").click()
        await self.reply(text)
        await self.page.get_by_role("tab", name="Reply").click()

    async def sees(self, *texts: str) -> None:
        """These messages and notes and no others, in this order."""
        await expect(self.bubbles).to_have_text([exactly(text) for text in texts], timeout=BACK)

    async def ask(self, path: str, method: str = "GET", body: object = None) -> Any:
        """The API with this agent's session, as the console itself calls it."""
        return await self.page.evaluate(
            """async ([method, path, body]) => {
                const session = await (await fetch("/api/v1/session")).json();
                const headers = { "X-CSRF-Token": session.csrf, "Content-Type": "application/json" };
                const init = { method, headers, body: body === null ? undefined : JSON.stringify(body) };
                const answer = await fetch(`/api/v1${path}`, init);
                if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
                return answer.status === 204 ? null : answer.json();
            }""",
            [method, path, body],
        )

    @property
    def conversation_id(self) -> str:
        """Of the conversation that is open."""
        return self.page.url.partition("/inbox/")[2].partition("?")[0].partition("/")[0]

    async def log(self) -> list[dict[str, Any]]:
        """The open conversation as the database has it."""
        page = await self.ask(f"/conversations/{self.conversation_id}/entries?after=0&limit=200")
        return cast("list[dict[str, Any]]", page["entries"])

    async def logged_texts(self) -> list[str]:
        """What was said, in the order of the log; the log's numbers must have no gap."""
        entries = await self.log()
        assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
        return [entry["text"] for entry in entries if entry["kind"] in {"message", "note"}]


class Cast:
    """Everybody in one test."""

    signed_in: dict[str, StorageState] = {}  # noqa: RUF012 - sessions outlive a test, as they do in life

    def __init__(self, product: Product, chromium: Browser) -> None:
        self.product = product
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []
        self._popping: list[BrowserContext] = []
        self._heard: list[Heard] = []

    async def browser(self, **options: Any) -> BrowserContext:
        """A browser with nothing in it."""
        options = {"locale": "en-GB", "viewport": {"width": 1280, "height": 800}} | options
        context = await self._chromium.new_context(**options)
        context.set_default_timeout(30_000)
        self._contexts.append(context)
        return context

    async def page(self, context: BrowserContext) -> tuple[Page, Heard]:
        """A tab whose errors fail the test."""
        page, heard = await context.new_page(), Heard()
        heard.listen(page)
        self._heard.append(heard)
        return page, heard

    async def foreign_page(self, context: BrowserContext, url: str) -> Page:
        """A tab on a page that is not ours and may break what it likes."""
        page = await context.new_page()
        await page.goto(url)
        return page

    async def visitor(self, name: str | None = None, path: str = "/demo/", **options: Any) -> Visitor:
        """Somebody on the demo shop; with a name the page claims that they are called so."""
        return await self.tab(await self.browser(**options), name, path)

    async def tab(self, context: BrowserContext, name: str | None = None, path: str = "/demo/") -> Visitor:
        """Another tab of a visitor's browser."""
        page, heard = await self.page(context)
        await page.goto(path if "://" in path else f"{self.product.url}{path}")
        visitor = Visitor(page, heard, self.product)
        await expect(visitor.button).to_be_visible()
        if name:
            await visitor.call("identify", {"name": name})
        return visitor

    async def agent(self, email: str = AGENT, *, popups: Collection[str] = (), **options: Any) -> Agent:
        """An agent in front of the inbox, signed in already. Nothing but `popups` comes up: what waits since other
        journeys would lie over what is pressed in this one."""
        context = await self._desk(storage_state=self.signed_in.get(email), **options)
        if email not in self.signed_in:
            await self._sign_in(context, email)
            await self._pop_up(context, ())
        if popups:
            await self._pop_up(context, popups)
            self._popping.append(context)
        agent = await self._at_console(context)
        await expect(agent.list).to_be_visible()
        await agent.listens()
        return agent

    async def stranger(self, **options: Any) -> Agent:
        """Somebody in front of the console who is not signed in."""
        return await self._at_console(await self._desk(**options))

    async def _desk(self, **options: Any) -> BrowserContext:
        context = await self.browser(**({"viewport": {"width": 1440, "height": 900}} | options))
        await context.add_init_script(SPEAK.replace("LANGUAGE", options.get("locale", "en")[:2]))
        return context

    async def _sign_in(self, context: BrowserContext, email: str) -> None:
        """Without the form, which has its own proofs."""
        credentials = {"email": email, "password": PASSWORD}
        answer = await context.request.post(f"{self.product.url}/api/v1/session", data=credentials)
        assert answer.ok, await answer.text()
        self.signed_in[email] = await context.storage_state()

    async def _pop_up(self, context: BrowserContext, occasions: Collection[str]) -> None:
        """What comes up for whoever is signed in there, from when the console is opened next."""
        api = f"{self.product.url}/api/v1"
        csrf = (await (await context.request.get(f"{api}/session")).json())["csrf"]
        settings = (await (await context.request.get(f"{api}/me/notifications")).json())["settings"]
        for occasion, ways in settings["choices"].items():
            ways["popup"] = occasion in occasions
        headers = {"X-CSRF-Token": csrf}
        answer = await context.request.put(f"{api}/me/notifications", data=settings, headers=headers)
        assert answer.ok, await answer.text()

    async def _at_console(self, context: BrowserContext, path: str = "/console/") -> Agent:
        page, heard = await self.page(context)
        await page.goto(f"{self.product.url}{path}")
        return Agent(page, heard, self.product)

    async def another_tab(self, agent: Agent) -> Agent:
        """The same agent's browser, one tab more."""
        return await self._at_console(agent.page.context)

    async def leave(self) -> None:
        """Close every browser; fail if a page threw something or its policy was broken."""
        for context in self._popping:
            await self._pop_up(context, ())
        # Chromium sometimes never answers while a socket of the page ends; the end of the browser takes it along.
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(context.close() for context in self._contexts)), 15)
        errors = [error for heard in self._heard for error in heard.errors]
        assert not errors, "\n".join(errors)


async def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the form; returns when the inbox is there."""
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("region", name="Conversations", exact=True)).to_be_visible()


@asynccontextmanager
async def told(page: Page, text: str) -> AsyncIterator[None]:
    """Do something of which the page tells in a line that leaves by itself: looked for from before it comes."""
    seen = asyncio.create_task(expect(page.get_by_text(text).first).to_be_visible())
    try:
        yield
    except BaseException:
        seen.cancel()
        raise
    await seen


def exactly(text: str) -> re.Pattern[str]:
    """Matches an element whose whole text this is."""
    return re.compile(rf"^\s*{re.escape(text)}\s*$")


def frames_of(heard: Heard, kind: str) -> list[dict[str, Any]]:
    """The frames of one type that a page was sent."""
    frames = [json.loads(frame) for frame in heard.frames]
    return [frame for frame in frames if frame.get("type") == kind]
