"""axe finds nothing against WCAG 2.2 A and AA: every state of widget and console, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from playwright.async_api import FrameLocator, Page, expect

from tests.e2e.api import Api
from tests.e2e.audit import Audit, violations
from tests.e2e.cast import ADMIN, PASSWORD, Agent, Cast, Visitor
from tests.e2e.site import Site, snippet
from tests.files.media import wav
from tests.files.pictures import picture

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

CALM = {"reduced_motion": "reduce"}  # colours are measured at rest
WIDGETS: dict[str, dict[str, Any]] = {
    "light": {},
    "dark-german": {"color_scheme": "dark", "path": "/demo/de/", "locale": "de-DE"},
    "320px": {"viewport": {"width": 320, "height": 640}},
}
CONSOLES: dict[str, dict[str, Any]] = {
    "light": {},
    "dark-german": {"color_scheme": "dark", "locale": "de-DE"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
}
SETTINGS = [
    "profile",
    "notifications",
    "sessions",
    "general",
    "agents",
    "teams",
    "roles",
    "text-blocks",
    "fields",
    "labels",
    "security",
    "mail",
    "audit",
    "api-keys",
    "webhooks",
    "chat-links",
    "channels",  # last: from here on to one of them
]


async def test_the_detector_works(cast: Cast, site: Site) -> None:
    page, _ = await cast.page(await cast.browser())
    await page.goto(site.page("/", '<img src="data:,"><p style="color:#ccc;background:#fff">Pale</p><button></button>'))
    found = " ".join(await violations(page.main_frame))
    assert {"image-alt", "color-contrast", "button-name"} <= {word.rstrip(":") for word in found.split()}


@pytest.mark.parametrize("look", WIDGETS)
async def test_widget(cast: Cast, look: str) -> None:
    audit = Audit()
    visitor = await cast.visitor(**(CALM | WIDGETS[look]))
    page = visitor.page
    await audit.check(page, "closed")
    await visitor.open()
    await audit.check(page, "open, away")
    await visitor.write("See https://fernwood.example/tents (the second one)")
    await expect(visitor.panel.locator("li.message[data-state=sent]")).to_be_visible()
    await audit.check(page, "conversation")
    await visitor.panel.get_by_role("button", name="Emoji").click()
    await expect(visitor.panel.get_by_role("toolbar")).to_be_visible()
    await audit.check(page, "emoji open")
    await page.keyboard.press("Escape")
    await _send_files(visitor.page, visitor.panel, audit)
    await visitor.panel.locator("input[type=file] + button").click()
    await visitor.panel.get_by_role("menuitem").nth(1).click()
    await expect(visitor.panel.get_by_role("alert")).to_be_visible()
    await audit.check(page, "no camera")
    await page.keyboard.press("Escape")
    await visitor.write("x" * 10_001)
    await expect(visitor.panel.locator("li.unsent")).to_have_attribute("data-state", "failed")
    await audit.check(page, "failed")
    await page.context.set_offline(True)
    await visitor.write("Written offline")
    await expect(visitor.message("Written offline")).to_have_attribute("data-state", "waiting")
    await audit.check(page, "offline")
    audit.passed(states=9)


@pytest.mark.parametrize("look", WIDGETS)
async def test_widget_before_and_after(cast: Cast, api: Api, site: Site, look: str) -> None:
    """What is asked first, answers that are wrong, the rating, and one that is given."""
    audit = Audit()
    wishes = [{"what": "name", "required": True}, {"what": "email", "help": {"en": "For our answer"}}]
    around = {
        "consent": {"en": "I agree", "de": "Einverstanden"},
        "consent_tick": True,
        "asked": wishes,
        "rating": True,
    }
    channel = api.channel(f"Shop that asks {look}", privacy_url="https://example.com/p", around=around)
    given = WIDGETS[look]
    lang, tail = ("de", f"/de/{channel['key']}") if "german" in look else ("en", f"/{channel['key']}")
    path = site.page(tail, snippet(cast.product.url, channel["key"]), lang=lang)
    visitor = await cast.visitor(**(CALM | given | {"path": path}))
    await visitor.open()
    form = visitor.panel.locator("form.before")
    await expect(form).to_be_visible()
    await audit.check(visitor.page, "asked")
    await visitor.write("Hello")
    await expect(form.locator("[aria-invalid=true]").first).to_be_focused()
    await audit.check(visitor.page, "wrong answers")
    await form.get_by_role("textbox").first.fill("Axel")
    await form.get_by_role("checkbox").check()
    await visitor.field.press("Enter")
    await expect(visitor.message("Hello")).to_have_attribute("data-seq", "1")
    row = api("GET", f"/conversations?folder=all&provider={channel['id']}")["rows"][0]
    api("PUT", f"/conversations/{row['id']}/status", {"status": "done"})
    await visitor.panel.get_by_role("radio").nth(2).check(force=True)
    await audit.check(visitor.page, "rating")
    await visitor.panel.locator("form.around button[type=submit]").click()
    await expect(visitor.panel.locator(".rated")).to_be_visible()
    await audit.check(visitor.page, "rated")
    audit.passed(states=4)


@pytest.mark.parametrize("look", WIDGETS)
async def test_widget_in_colours_of_its_own(cast: Cast, api: Api, site: Site, look: str) -> None:
    audit = Audit()
    start = [
        {"kind": "write", "label": {"en": "Write to us"}},
        {"kind": "link", "label": {"en": "Returns"}, "target": "https://fernwood.example/returns"},
    ]
    colours = {"header": "#ffee00", "bubble": "#c2f0c2", "label": {"en": "Questions?"}, "start": start}
    channel = api.channel(f"In colours, {look}", accent="#0a0a40", look={**colours, "subtitle": {"en": "In minutes"}})
    options = {name: value for name, value in WIDGETS[look].items() if name != "path"}
    path = site.page(f"/{look}", snippet(cast.product.url, channel["key"]))
    visitor = await cast.visitor(path=path, **(CALM | options))
    await audit.check(visitor.page, "closed, with a text")
    await visitor.open()
    await expect(visitor.panel.locator(".start-button")).to_have_count(2)
    await audit.check(visitor.page, "start screen")
    await visitor.say("In colours")
    await audit.check(visitor.page, "conversation")
    audit.passed(states=3)


async def test_widget_while_the_team_is_there(cast: Cast) -> None:
    audit = Audit()
    tom, visitor = await cast.agent(), await cast.visitor("Axel Axe", **CALM)
    await tom.go_online()
    await visitor.open()
    await expect(visitor.panel.get_by_text("Online now")).to_be_visible()
    await audit.check(visitor.page, "open, online")
    await visitor.say("Hello")
    await tom.open("Axel Axe")
    await tom.field.press_sequentially("I am")
    await expect(visitor.panel.get_by_text("Tom Okafor is typing…")).to_be_visible()
    await audit.check(visitor.page, "agent typing")
    await visitor.call("close")
    await tom.reply("I am here")
    await expect(visitor.button).to_have_accessible_name("Open chat, 1 unread")
    await audit.check(visitor.page, "unread")
    await tom.go_online(False)
    audit.passed(states=3)


async def test_widget_mirrored_and_in_the_palest_brand(cast: Cast, api: Api, site: Site) -> None:
    audit = Audit()
    key = api.channel("Pale shop", accent="#85743e", position="left", privacy_url="https://example.com/p")["key"]
    page_of_shop = site.page("/", snippet(cast.product.url, key), lang="he", dir="rtl")
    visitor = await cast.visitor(path=page_of_shop, **CALM)
    await audit.check(visitor.page, "closed, mirrored")
    await visitor.open()
    await visitor.say("שלום")
    await audit.check(visitor.page, "conversation, mirrored")
    audit.passed(states=2)


@pytest.mark.parametrize("look", CONSOLES)
async def test_console(cast: Cast, api: Api, look: str) -> None:
    audit = Audit()
    _know_more(api)
    options = CALM | CONSOLES[look]
    await _outside(cast, audit, options, api.agent_with_second_factor("Fay Factor"))
    ines = await cast.agent(ADMIN, **options)
    if "german" in look:
        await ines.page.evaluate("localStorage['alongside.look'] = JSON.stringify({ locale: 'de' })")
        await ines.page.goto(f"{cast.product.url}/console/")
    await _inbox(ines, audit)
    await _tickets(ines, audit)
    await _reports(ines, audit)
    await _settings(ines, audit)
    await _contacts(ines, audit)
    audit.passed(states=80)


@pytest.mark.parametrize("look", CONSOLES)
async def test_articles(cast: Cast, look: str) -> None:
    """List, editor and picker in the console; the help centre as pages and in the widget; cards at both ends."""
    audit, options = Audit(), CALM | CONSOLES[look]
    await _help_pages(cast, audit, options)
    visitor = await cast.visitor(f"Reader {look}", **options)
    await _help_in_the_widget(visitor, audit)
    ines = await cast.agent(ADMIN, **options)
    await _writing(ines, audit)
    await ines.page.goto(f"{cast.product.url}/console/inbox")
    await ines.open(f"Reader {look}")
    await ines.page.locator("footer .bar button").first.click()
    boxes = ines.page.get_by_role("dialog").get_by_role("checkbox")
    await boxes.first.check()
    await boxes.nth(1).check()
    await audit.check(ines.page, "picker")
    await ines.page.get_by_role("dialog").get_by_role("button").last.click()
    await expect(ines.thread.locator(".cards a")).to_have_count(2)
    await audit.check(ines.page, "cards at the agent's")
    await expect(visitor.panel.locator(".cards a")).to_have_count(2)
    await audit.check(visitor.page, "cards at the visitor's")
    audit.passed(states=15)


async def _help_pages(cast: Cast, audit: Audit, options: dict[str, Any]) -> None:
    page, _ = await cast.page(await cast.browser(**options))
    for path in ("", "?q=parcel&lang=en", "?q=zeppelin", "/topics/gear-and-care", "/returning-something", "/nowhere"):
        await page.goto(f"{cast.product.url}/help{path}")
        await expect(page.get_by_role("heading", level=1)).to_be_visible()
        await audit.check(page, f"help{path}")


async def _help_in_the_widget(visitor: Visitor, audit: Audit) -> None:
    await visitor.open()
    await visitor.panel.locator("button.ask").click()
    await expect(visitor.panel.locator(".help-main button").first).to_be_visible()
    await audit.check(visitor.page, "help in the widget")
    await visitor.panel.locator(".help-main button").first.click()
    await expect(visitor.panel.locator(".help article")).to_be_visible()
    await audit.check(visitor.page, "article in the widget")
    await visitor.panel.locator(".help-ask").click()
    await visitor.say("Hello")


async def _writing(ines: Agent, audit: Audit) -> None:
    page = ines.page
    await page.goto(f"{ines.product.url}/console/articles")
    await expect(page.locator(".line").first).to_be_visible()
    await audit.check(page, "articles")
    await page.get_by_role("searchbox").fill("Nothing is called so")
    await expect(page.locator(".line")).to_have_count(0)
    await audit.check(page, "no article fits")
    await page.goto(f"{ines.product.url}/console/articles")
    await page.get_by_role("button", name="Categories").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "categories")
    await page.keyboard.press("Escape")
    await page.locator(".line a").first.click()
    await expect(page.locator("#article-body")).to_be_visible()
    await audit.check(page, "editor")


async def _send_files(page: Page, where: Page | FrameLocator, audit: Audit) -> None:
    """Files on their way, one of them refused; then in the conversation."""
    files: list[Any] = [
        {"name": "seam.png", "mimeType": "image/png", "buffer": picture()},
        {"name": "voice.wav", "mimeType": "audio/wav", "buffer": wav(1)},
        {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
        {"name": "empty.txt", "mimeType": "text/plain", "buffer": b""},
    ]
    await where.locator("footer input[type=file]").last.set_input_files(files)
    await expect(where.locator("li.done")).to_have_count(3)
    await expect(where.locator("li.failed")).to_have_count(1)
    await audit.check(page, "files on their way")
    await where.locator("li.failed button").last.click()
    await where.locator("footer textarea").press("Enter")
    await expect(where.locator("audio").last).to_be_visible()
    await expect(where.locator("img[alt='seam.png']").last).to_be_visible()
    await audit.check(page, "files in the conversation")


async def _outside(cast: Cast, audit: Audit, options: dict[str, Any], two_steps: str) -> None:
    page = (await cast.stranger(**options)).page
    await expect(page.locator("input[type=password]")).to_be_visible()
    await audit.check(page, "sign-in")
    await page.locator("input[type=email]").fill("nobody@example.com")
    await page.locator("input[type=password]").fill("not the password")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await audit.check(page, "sign-in refused")
    await page.locator("input[type=email]").fill(two_steps)
    await page.locator("input[type=password]").fill(PASSWORD)
    await page.keyboard.press("Enter")
    await page.locator("input[name=code]").fill("000000")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    await audit.check(page, "second step refused")
    await page.reload()
    await page.locator("form button").last.click()
    await expect(page.locator("input[type=password]")).to_have_count(0)
    await audit.check(page, "forgot the password")
    for path in ("setup", "invite#token=unknown", "reset#token=unknown"):
        await page.goto(f"{cast.product.url}/console/{path}")
        await expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()
        await expect(page.get_by_role("main").get_by_role("button").first).to_be_visible()
        await audit.check(page, path)


async def _inbox(ines: Agent, audit: Audit) -> None:
    page, rows = ines.page, ines.page.locator("[role=listitem] a")
    await expect(rows.first).to_be_visible()
    await audit.check(page, "inbox")
    await page.keyboard.press("m")
    await expect(rows).to_have_count(1)
    await audit.check(page, "mine")
    await page.get_by_role("searchbox").fill("Nobody of this name")
    await expect(rows).to_have_count(0)
    await audit.check(page, "nothing found")
    await page.goto(f"{ines.product.url}/console/inbox?folder=all")
    await rows.first.click()
    await expect(page.get_by_role("log").locator(".bubble").first).to_be_visible()
    await audit.check(page, "conversation")
    await _text_blocks(page, audit)
    await _send_files(page, page, audit)
    await page.locator(".bar button[aria-haspopup=menu]").last.click()
    await page.get_by_role("menuitem").last.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "recording")
    await page.keyboard.press("Escape")
    await page.locator("footer button[aria-controls=composer-tools]").click()
    await expect(page.locator(".bar")).to_have_count(0)
    await audit.check(page, "tools put away")
    await page.locator(".beside .buttons button").last.click()
    await expect(page.locator(".bar")).to_be_visible()
    await _over(page, audit, "note tab", "n", lambda: expect(page.locator("footer.note")).to_be_visible())
    await _over(page, audit, "chooser", "a", lambda: expect(page.get_by_role("option").first).to_be_visible())
    await _over(page, audit, "command bar", "Control+k", lambda: expect(page.get_by_role("dialog")).to_be_visible())
    await _over(page, audit, "help", "?", lambda: expect(page.get_by_role("dialog")).to_be_visible())
    await _over(page, audit, "details", "d", lambda: expect(page.get_by_role("main")).to_be_visible())


async def _text_blocks(page: Page, audit: Audit) -> None:
    await page.locator("textarea").press_sequentially("#")
    await expect(page.get_by_role("option").nth(1)).to_be_visible()
    await audit.check(page, "text blocks by #")
    await page.locator("textarea").press_sequentially("nowhere")
    await expect(page.get_by_role("option")).to_have_count(0)
    await audit.check(page, "no text block found")
    await page.locator("textarea").fill("")
    await page.locator(".bar button[aria-haspopup=dialog][aria-expanded]").last.click()
    await expect(page.get_by_role("option").nth(1)).to_be_visible()
    await audit.check(page, "text blocks by button")
    await page.keyboard.press("Escape")


def _know_more(api: Api) -> None:
    """Two fields and a label, once for all looks: a value of each kind of place, and one that is missing."""
    if any(field["key"] == "axe_plan" for field in api("GET", "/fields")["fields"]):
        return
    options = [{"value": "gold", "label": "Gold"}]
    plan = {"kind": "choices", "key": "axe_plan", "label": {"en": "Plan"}, "options": options}
    made = api("POST", "/fields", plan)["id"]
    api("POST", "/fields", {"kind": "text", "key": "axe_number", "label": {"en": "Customer number"}, "required": True})
    label = api("POST", "/labels", {"name": "Axe label", "colour": "yellow"})["id"]
    for row in api("GET", "/conversations?folder=all&limit=3")["rows"]:
        contact = f"/contacts/{row['contact']['id']}"
        api("PUT", f"{contact}/fields/{made}", {"value": ["gold"]})
        api("PUT", f"{contact}/labels/{label}")


async def _contacts(ines: Agent, audit: Audit) -> None:
    page = ines.page
    await page.goto(f"{ines.product.url}/console/contacts")
    await expect(page.locator("ul a.row").first).to_be_visible()
    await audit.check(page, "contacts")
    await page.locator(".title button").click()
    await page.get_by_role("menuitem").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "import, dialog")
    await page.keyboard.press("Escape")
    await page.locator("ul a.row").first.click()
    await expect(page.locator(".pane h2")).to_be_visible()
    await audit.check(page, "contact")
    await page.locator(".pane header button").click()
    await expect(page.get_by_role("radio").first).to_be_visible()
    await audit.check(page, "merge, dialog")
    await page.keyboard.press("Escape")
    await page.goto(f"{ines.product.url}/console/contacts?search=nobody-of-this-name")
    await expect(page.locator(".scroll .empty")).to_be_visible()
    await audit.check(page, "no contact found")


async def _over(page: Page, audit: Audit, state: str, keys: str, seen: Callable[[], Awaitable[None]]) -> None:
    """What one key brings, and Escape takes away."""
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press(keys)
    await seen()
    await audit.check(page, state)
    if state not in {"note tab", "details"}:
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open], [popover]:popover-open")).to_have_count(0)


async def _tickets(ines: Agent, audit: Audit) -> None:
    page = ines.page
    lines = page.locator("main.tickets ul > li")
    await page.goto(f"{ines.product.url}/console/tickets?status=all")
    await expect(lines.first).to_be_visible()
    await audit.check(page, "tickets")
    await page.locator("main.tickets button.view").click()
    await expect(page.get_by_role("menuitemradio").first).to_be_visible()
    await audit.check(page, "tickets, views")
    await page.keyboard.press("Escape")
    await lines.first.get_by_role("checkbox").check()
    await page.locator("main.tickets .bar button").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "tickets, change many")
    await page.keyboard.press("Escape")
    await page.goto(f"{ines.product.url}/console/tickets?status=closed&label=nothing-of-this-kind")
    await expect(page.locator("main.tickets .empty")).to_be_visible()
    await audit.check(page, "tickets, none fits")
    await page.goto(f"{ines.product.url}/console/tickets/new?priority=urgent")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "tickets, new")
    await page.goto(f"{ines.product.url}/console/tickets?search=zip&status=all")
    await lines.first.get_by_role("link").click()
    await expect(page.locator("main.tickets ol > li").first).to_be_visible()
    paper = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    await page.locator("main.tickets aside input[type=file]").set_input_files(paper)
    await expect(page.locator("main.tickets aside ul.files > li").first).to_be_visible()
    await audit.check(page, "ticket")
    await page.locator("main.tickets h1 button").click()
    await page.locator("main.tickets aside h2 button").first.click()
    await expect(page.get_by_role("dialog").get_by_role("option").first).to_be_visible()
    await audit.check(page, "ticket, title edited, adding a conversation")
    await page.goto(f"{ines.product.url}/console/tickets/999999")
    await expect(page.locator("main.tickets .empty")).to_be_visible()
    await audit.check(page, "no such ticket")


async def _reports(ines: Agent, audit: Audit) -> None:
    page = ines.page
    at = f"{ines.product.url}/console/reports"
    await page.goto(at)
    plots = page.get_by_role("figure")
    # Ratings are a fourth plot, where there are some.
    await expect(plots.nth(2)).to_be_visible()
    await plots.first.locator("summary").click()
    await plots.last.locator(".links a[tabindex='0']").focus()
    await page.locator(".tile button").first.click()
    await expect(page.locator(".popover")).to_be_visible()
    await audit.check(page, "dashboard, a plot as a table, what a figure means")
    await page.keyboard.press("Escape")
    await page.goto(f"{at}?period=custom&first=2001-01-01&last=2001-01-31&status=done")
    await expect(page.locator(".tile").first).to_be_visible()
    await audit.check(page, "dashboard of a time without conversations")
    await page.goto(f"{at}/episodes")
    await expect(page.locator("tbody tr").first).to_be_visible()
    await audit.check(page, "conversations behind the figures")
    await page.locator(".acts button").last.click()
    await expect(page.get_by_role("checkbox").first).to_be_visible()
    await audit.check(page, "columns to choose")
    await page.goto(f"{at}/times")
    await page.locator("summary").first.click()
    await audit.check(page, "times of agents")
    await page.locator(".acts button").click()
    await expect(page.get_by_role("combobox")).to_be_visible()
    await audit.check(page, "time zone of reports")
    await page.goto(f"{at}/files")
    await expect(page.locator(".empty").or_(page.locator("main li")).first).to_be_visible()
    await audit.check(page, "files")
    await page.goto(f"{at}/scheduled")
    await page.locator("main .bar button").click()
    await expect(page.get_by_role("dialog").get_by_role("checkbox").first).to_be_visible()
    await audit.check(page, "a new report that is sent again and again")


async def _settings(ines: Agent, audit: Audit) -> None:
    page = ines.page
    for section in SETTINGS:
        await page.goto(f"{ines.product.url}/console/settings/{section}")
        await expect(page.locator(".column h2")).to_be_visible()
        await audit.check(page, section)
    await page.goto(f"{ines.product.url}/console/settings/channels")
    await page.locator('a[href^="/console/settings/channels/"]').first.click()
    for part in ("look", "messages", "site"):
        await page.locator(f'[data-value="{part}"]').click()
        await expect(page.locator(f'[data-value="{part}"][aria-selected="true"]')).to_be_visible()
        await audit.check(page, f"channel, {part}")
    for section in ("agents", "teams", "roles", "fields", "labels", "channels", "api-keys", "webhooks"):
        await page.goto(f"{ines.product.url}/console/settings/{section}")
        await page.locator(".actions button").last.click()
        await expect(page.get_by_role("dialog")).to_be_visible()
        await audit.check(page, f"{section}, dialog")
    await page.goto(f"{ines.product.url}/console/settings/agents")
    await page.locator("ul.people button").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await audit.check(page, "agent, dialog")
    await _second_factor(ines, audit)
    await _managed_text_blocks(ines, audit)
    await page.goto(f"{ines.product.url}/console/settings/agents")
    await page.locator(".actions button").first.click()
    await page.locator("input[type=file]").set_input_files(
        {"name": "p.csv", "mimeType": "text/csv", "buffer": b"email,shoe size\nno address,38\n"}
    )
    await expect(page.locator("dialog table")).to_be_visible()
    await audit.check(page, "import, preview with a problem")
    await _programs(ines, audit)
    await page.goto(f"{ines.product.url}/console/settings/nowhere")
    await expect(page.locator(".column")).to_be_visible()
    await audit.check(page, "no such page")


async def _second_factor(ines: Agent, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await page.goto(f"{ines.product.url}/console/settings/profile")
    await page.locator("[data-part=second-factor] button").click()
    await dialog.locator("input[type=password]").fill(PASSWORD)
    await audit.check(page, "second factor, password")
    await page.keyboard.press("Enter")
    await expect(dialog.get_by_role("img")).to_be_visible()
    await audit.check(page, "second factor, picture")
    await page.keyboard.press("Escape")
    await page.locator("[data-part=passkeys] button").click()
    await expect(dialog.locator("input[type=password]")).to_be_visible()
    await audit.check(page, "passkey, dialog")


async def _programs(ines: Agent, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await page.goto(f"{ines.product.url}/console/settings/api-keys")
    await page.locator(".actions button").last.click()
    await dialog.locator("input:not([type=checkbox])").fill("Seen by axe")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator("input[readonly]").first).to_be_visible()
    await audit.check(page, "api-keys, made")
    await page.goto(f"{ines.product.url}/console/settings/webhooks")
    await page.locator(".actions button").last.click()
    await dialog.locator("input:not([type=checkbox])").first.fill("Seen by axe")
    await dialog.locator("input[type=url]").fill("http://127.0.0.1:9/hook")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator("input[readonly]")).to_be_visible()
    await audit.check(page, "webhooks, made")
    await dialog.get_by_role("button").last.click()
    await page.locator(".actions button").click()
    await expect(page.locator("ul.wide .error")).to_be_visible()
    await audit.check(page, "webhook")
    await page.locator("ul.wide button").click()
    await expect(dialog.locator("pre")).to_be_visible()
    await audit.check(page, "webhook, delivery")
    await page.goto(f"{ines.product.url}/console/settings/chat-links")
    await page.locator(".actions button").click()
    await expect(dialog.get_by_role("option").first).to_be_visible()
    await audit.check(page, "chat links, which conversation")
    await dialog.get_by_role("option").first.click()
    await expect(dialog.locator("textarea")).to_be_visible()
    await audit.check(page, "chat links, dialog")
    await dialog.locator("button[type=submit]").click()
    await expect(dialog.locator("input[readonly]")).to_be_visible()
    await audit.check(page, "chat links, made")
    await dialog.get_by_role("button").last.click()
    await expect(page.locator(".column li").first).to_be_visible()
    await audit.check(page, "chat links")


async def _managed_text_blocks(ines: Agent, audit: Audit) -> None:
    page, dialog = ines.page, ines.page.get_by_role("dialog")
    await page.goto(f"{ines.product.url}/console/settings/text-blocks")
    await page.get_by_role("listitem").locator("button[aria-haspopup=menu]").first.click()
    await expect(page.get_by_role("menuitem")).to_have_count(3)
    await audit.check(page, "text block, menu")
    await page.get_by_role("menuitem").last.click()
    await expect(dialog).to_be_visible()
    await audit.check(page, "text block, delete")
    await page.keyboard.press("Escape")
    await page.get_by_role("listitem").locator("button[aria-haspopup=menu]").first.click()
    await page.get_by_role("menuitem").first.click()
    await dialog.locator("textarea").fill("{{contact.name}} {{nobody}}")
    await dialog.get_by_role("switch").click()
    paper = {"name": "receipt.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    await dialog.locator("input[type=file]").set_input_files(paper)
    await expect(dialog.locator("li.done")).to_be_visible()
    await audit.check(page, "text block, editor")
    await page.keyboard.press("Escape")
    await page.locator(".actions button").first.click()
    file = {"name": "a.csv", "mimeType": "text/csv", "buffer": b"title,text,teams\nA,B,\nC,D,nobody\n"}
    await dialog.locator("input[type=file]").set_input_files(file)
    await expect(dialog.get_by_role("table")).to_be_visible()
    await audit.check(page, "text blocks, import")


@pytest.mark.parametrize("look", CONSOLES)
async def test_chat_link(cast: Cast, api: Api, look: str) -> None:
    """The page of a chat link: a conversation, a note that is too long, and a link that was revoked."""
    audit = Audit()
    row = api("GET", "/conversations?folder=all")["rows"][0]
    link = api("POST", f"/contacts/{row['contact']['id']}/chat-links", {})
    page, _ = await cast.page(await cast.browser(**(CALM | CONSOLES[look])))
    await page.goto(f"{cast.product.url}/chat/{link['id']}#{link['url'].partition('#')[2]}")
    await expect(page.locator("article").first).to_be_visible()
    await audit.check(page, "open")
    await page.get_by_role("radio").last.check()
    await page.get_by_role("textbox").fill("x" * 20_001)
    await expect(page.get_by_role("alert")).to_be_visible()
    await audit.check(page, "note too long")
    api("DELETE", f"/chat-links/{link['id']}")
    await expect(page.get_by_role("log")).to_have_count(0)
    await audit.check(page, "revoked")
    audit.passed(states=3)
