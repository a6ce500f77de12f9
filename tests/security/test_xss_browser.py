"""Whatever a visitor writes or their page claims, no script of theirs runs: not in the console, not in the widget.

Three detectors: a function that the payloads call, dialogs, and the browser's own reports of a broken policy. They are
shown to work first, on a page that takes the payloads for HTML.
"""

from __future__ import annotations

import asyncio
import json
import re
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import BrowserContext, FilePayload, Page, Request, expect
from websockets.asyncio.client import connect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Agent, Cast, Visitor
from tests.e2e.site import Site, snippet
from tests.security.payloads import HTML, PAYLOADS

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WATCH = """
    addEventListener("securitypolicyviolation", (event) => {
        window.pwned(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
    window.pwn = () => window.pwned("a script ran");
"""


@dataclass
class Detector:
    """Everything that a payload achieved in one browser."""

    achieved: list[str] = field(default_factory=list)

    async def watch(self, context: BrowserContext) -> None:
        await context.expose_binding("pwned", lambda _, what: self.achieved.append(what))
        await context.add_init_script(WATCH)
        context.on("request", self._asked)
        context.on("dialog", lambda dialog: self.achieved.append(f"dialog: {dialog.message}"))

    def _asked(self, request: Request) -> None:
        if "xss.invalid" in request.url:
            self.achieved.append(f"request: {request.url}")


async def test_the_detector_works(cast: Cast, site: Site) -> None:
    detector, context = Detector(), await cast.browser()
    await detector.watch(context)
    page = await cast.foreign_page(context, site.page("/", "<div id=hole></div>"))
    for payload in HTML:
        if "pwn" not in payload and "pixel" not in payload:
            continue  # would take the page itself away
        await page.evaluate("(html) => { document.querySelector('#hole').innerHTML = html; }", payload)
    guarded = await cast.foreign_page(context, site.page("/csp", "", content_security_policy="script-src 'self'"))
    await guarded.evaluate("document.body.innerHTML = '<img src=x onerror=pwn()>'")
    await _quiet(page)
    await _quiet(guarded)
    assert detector.achieved.count("a script ran") >= 10
    assert any(one.startswith("request:") for one in detector.achieved)
    assert any(one.startswith("policy:") for one in detector.achieved)


async def test_as_a_message_in_both_directions(cast: Cast, api: Api) -> None:
    detector, context = Detector(), await cast.browser()
    await detector.watch(context)
    visitor = await cast.tab(context, "Mallory")
    tom = await _watched_agent(cast, detector)
    await visitor.open()
    await visitor.say("Hello")
    await tom.open("Mallory")
    for payload in PAYLOADS:
        await visitor.write(payload)
    await expect(tom.thread.locator(".bubble[data-seq]")).to_have_count(len(PAYLOADS) + 1, timeout=60_000)
    said = [entry["seq"] for entry in await tom.log() if entry["kind"] == "message"]
    for seq, payload in list(zip(said[1:], PAYLOADS, strict=True))[::3]:
        body = {"client_id": str(uuid.uuid4()), "text": payload, "quote": seq}
        api("POST", f"/conversations/{tom.conversation_id}/messages", body)
    everything = 1 + len(PAYLOADS) + len(PAYLOADS[::3])
    await expect(visitor.panel.locator("li.message[data-seq]")).to_have_count(everything, timeout=60_000)
    await expect(tom.thread.locator(".bubble[data-seq]")).to_have_count(everything)
    for where in (visitor.panel, tom.thread):
        await expect(where.locator(".quote")).to_have_count(len(PAYLOADS[::3]))
    await _only_honest_links(visitor.page)
    await _only_honest_links(tom.page)
    await tom.page.reload()  # and as history
    await expect(tom.thread.locator(".bubble").last).to_be_visible()
    await visitor.page.reload()
    await expect(visitor.bubbles.last).to_be_visible()
    for page in (tom.page, visitor.page):
        await _quiet(page)
    assert detector.achieved == []


async def test_as_name_and_page_of_a_visitor(cast: Cast, api: Api) -> None:
    """In the list, the pop-up, the title, the header and the details of the agent."""
    detector = Detector()
    tom = await _watched_agent(cast, detector)
    channel = api.channel("<img src=x onerror=pwn()>")
    some = PAYLOADS[::2]
    for number, payload in enumerate(some):
        await _visit(cast.product.url, channel["key"], payload, number)
    await tom.page.goto(f"{cast.product.url}/console/inbox?provider={channel['id']}")
    rows = tom.list.get_by_role("link")
    await expect(rows.first).to_be_visible()
    for _ in some:
        before = tom.page.url
        await tom.page.evaluate("document.activeElement?.blur()")
        async with tom.page.expect_response(re.compile("/api/v1/contacts/")):
            await tom.page.keyboard.press("j")
        await expect(tom.page).not_to_have_url(before)
        await expect(tom.page.get_by_role("complementary").get_by_role("definition").first).to_be_visible()
    await _only_honest_links(tom.page)
    await tom.page.keyboard.press("Control+k")
    await tom.page.get_by_role("combobox").fill("script>")
    await expect(tom.page.get_by_role("option").filter(has_text="<script").first).to_be_visible()
    await _quiet(tom.page)
    assert detector.achieved == []


async def test_as_the_name_of_an_agent_and_texts_of_a_channel(cast: Cast, api: Api, site: Site) -> None:
    """Colleagues are trusted more, but not with visitors' browsers."""
    detector, context = Detector(), await cast.browser()
    await detector.watch(context)
    nasty = "<img src=x onerror=pwn()>"
    texts = {"en": nasty}
    asked = [{"what": "phone", "label": texts, "help": texts}]
    around = {"consent": texts, "asked": asked, "rating": True, "typing_preview": True}
    look = {"subtitle": texts, "label": texts, "start": [{"kind": "write", "label": texts}]}
    channel = api.channel(nasty, title=texts, greeting=texts, away=texts, around=around, look=look)
    role = next(one["id"] for one in api("GET", "/roles") if one["name"] != "Admin")
    once = uuid.uuid4().hex[:8]
    email = f"mallory-{once}@fernwood.example"
    agent = api(
        "POST", "/agents", {"email": email, "display_name": nasty, "password": "follow-the-fern", "role_id": role}
    )
    team = api("POST", "/teams", {"name": f"{nasty}{once}", "member_ids": [agent["id"]]})
    visitor = await cast.tab(context, path=site.page("/", snippet(cast.product.url, channel["key"])) + f"?{nasty}")
    await visitor.open()
    await expect(visitor.panel.locator(".start-button")).to_have_text(nasty)
    await visitor.panel.get_by_role("textbox", name=nasty).fill("030 123456")
    await visitor.say("Who are you?")
    await _send_a_file_called(nasty, visitor)
    mallory = Api(cast.product.url, email)
    row = api("GET", f"/conversations?folder=all&provider={channel['id']}")["rows"][0]
    mallory("POST", f"/conversations/{row['id']}/messages", {"client_id": str(uuid.uuid4()), "text": "Me"})
    mallory("PUT", f"/conversations/{row['id']}/status", {"status": "done"})
    mallory.close()
    await visitor.panel.get_by_role("radio").first.check(force=True)
    await visitor.panel.get_by_role("textbox", name="tell us why").fill(f"{nasty} is what I think")
    await visitor.panel.get_by_role("button", name="Send rating").click()
    await expect(visitor.panel.get_by_text("Thank you!")).to_be_visible()
    await expect(visitor.panel.get_by_text(nasty).first).to_be_visible()
    tom = await _watched_agent(cast, detector)
    await tom.page.goto(f"{cast.product.url}/console/inbox/{row['id']}?folder=all")
    await tom.listens()
    await expect(tom.thread.get_by_text(f"{nasty} is what I think")).to_be_visible()
    await tom.page.get_by_role("button", name=re.compile("Assign to a colleague")).click()
    await expect(tom.page.get_by_role("option").filter(has_text="<img").first).to_be_visible()
    await tom.page.keyboard.press("Escape")
    await _previewed(tom, visitor, nasty)
    await expect(tom.thread.get_by_role("link").filter(has_text="img src")).to_be_visible()
    named = [{"agent_id": agent["id"]}, {"team_id": team["id"]}]
    note = {"client_id": str(uuid.uuid4()), "text": f"@{nasty}{once} and @{nasty} look", "mentions": named}
    api("POST", f"/conversations/{row['id']}/notes", note)
    await expect(tom.thread.locator(".mention")).to_contain_text(["<img", "<img"])
    await _known_by_nasty_names(tom, api, row, f"{nasty}{once}")
    await _quiet(tom.page)
    await _quiet(visitor.page)
    assert detector.achieved == []
    api("DELETE", f"/teams/{team['id']}")
    api("POST", f"/agents/{agent['id']}/deactivate")


async def _previewed(tom: Agent, visitor: Visitor, nasty: str) -> None:
    """What somebody writes is seen before they send it, for a while."""
    shown = asyncio.create_task(expect(tom.page.get_by_role("note")).to_have_text(nasty))
    await visitor.field.fill(nasty)
    await shown


async def _send_a_file_called(nasty: str, visitor: Visitor) -> None:
    file = FilePayload(name=f"{nasty}.txt", mimeType="text/plain", buffer=b"<script>pwn()</script>")
    await visitor.panel.locator("footer input[type=file]").last.set_input_files(file)
    await expect(visitor.panel.locator("li.done")).to_be_visible()
    await visitor.field.press("Enter")
    await expect(visitor.panel.get_by_role("link").filter(has_text="img src")).to_be_visible()


async def _known_by_nasty_names(tom: Agent, api: Api, row: dict[str, Any], nasty: str) -> None:
    """A label, a field with its value, and a ticket: beside the conversation and on a page of their own."""
    contact = row["contact"]["id"]
    label = api("POST", "/labels", {"name": nasty, "colour": "teal"})
    field = api("POST", "/fields", {"kind": "text", "key": f"f{uuid.uuid4().hex[:6]}", "label": {"en": nasty}})
    api("PUT", f"/contacts/{contact}/labels/{label['id']}")
    api("PUT", f"/contacts/{contact}/fields/{field['id']}", {"value": nasty})
    ticket = api("POST", "/tickets", {"client_id": str(uuid.uuid4()), "title": nasty, "conversation_id": row["id"]})
    api("POST", f"/tickets/{ticket['number']}/comments", {"client_id": str(uuid.uuid4()), "text": nasty})
    beside = tom.page.get_by_role("complementary")
    await expect(beside.get_by_text(nasty).nth(2)).to_be_visible()
    await _quiet(tom.page)
    await tom.turn_to(f"/tickets/{ticket['number']}")
    await expect(tom.page.locator("main.tickets h1")).to_contain_text(nasty)
    await expect(tom.page.locator("main.tickets ol > li").filter(has_text=nasty).first).to_be_visible()
    api("PATCH", f"/fields/{field['id']}", {"archived": True})
    for path in (f"/fields/{field['id']}", f"/labels/{label['id']}"):
        api("DELETE", path)


async def _watched_agent(cast: Cast, detector: Detector) -> Agent:
    tom = await cast.agent(ADMIN)
    await detector.watch(tom.page.context)
    await tom.page.reload()
    await expect(tom.list).to_be_visible()
    return tom


async def _visit(url: str, channel: str, payload: str, number: int) -> None:
    """A visitor whose name, page, title, referrer and words are all the payload; as their own client may send it."""
    visit = {"url": payload, "title": payload, "referrer": payload, "language": payload, "screen": payload}
    claims = {"name": payload, "email": payload, "phone": payload, "id": payload}
    client = Api.visitor(url, {"channel": channel, "visit": visit, "claims": claims})
    async with connect(f"{url.replace('http', 'ws')}/api/v1/widget/socket") as socket:
        await socket.send(json.dumps({"type": "hello", "channel": channel, "token": client, "visit": visit}))
        identity = str(uuid.UUID(int=number, version=4))
        await socket.send(json.dumps({"type": "send", "client_id": identity, "text": payload}))
        while json.loads(await socket.recv())["type"] != "ack":
            pass


async def _only_honest_links(page: Page) -> None:
    """A link goes where its text says, over the web, and in a tab that cannot reach back."""
    for frame in page.frames:
        links = await frame.evaluate(
            "[...document.querySelectorAll('a[target=_blank]')].map((it) => [it.protocol, it.rel, it.href, it.text])"
        )
        for protocol, rel, href, _ in links:
            assert protocol in {"http:", "https:"}, href
            assert {"noopener", "noreferrer"} <= set(rel.split())


async def _quiet(page: Page) -> None:
    """Pictures have failed, frames have loaded: whatever would run has run."""
    for frame in page.frames:
        await frame.evaluate(
            """() => Promise.allSettled([...document.images].map((it) => it.complete || it.decode()))
                .then(() => new Promise((resolve) => requestAnimationFrame(() => requestIdleCallback(resolve))))"""
        )
