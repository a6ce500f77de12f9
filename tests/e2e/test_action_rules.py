"""Action rules in the pages of a site: hidden, shown, opened, told, counted, by what happens there."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import BACK, Cast
from tests.e2e.site import STUB, Site, snippet
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TALL = "<p>A long page</p>" * 200
# What page code hears, from before the script has loaded.
EARS = """<output></output><script nonce="ours">
  var output = document.querySelector("output");
  function heard(word) { return function (told) { output.append(word + (told ? told.name : "") + ";"); }; }
  Alongside("on", "rule", heard("rule "));
  Alongside("shouldShowWebchat", heard("yes"), heard("no"));
  Alongside("shouldShowWebchatInterval", heard("at last"), heard("not yet"));
</script>"""
NONCE = STUB.replace("<script>", '<script nonce="ours">')


def group(*of: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "group", "of": list(of)}


class Scene:
    """A channel of its own, its rules, and a page of a site with a strict policy."""

    def __init__(self, cast: Cast, api: Api, site: Site) -> None:
        self.cast, self.api, self.site = cast, api, site
        self.channel = api.channel(f"Rules {uuid4().hex[:6]}")

    def rule(self, *actions: dict[str, Any], conditions: dict[str, Any] | None = None, **more: Any) -> str:
        body = {"kind": "action", "actions": list(actions), "channel_ids": [self.channel["id"]], **more}
        wanted = {"name": f"Rule {uuid4().hex[:6]}", "state": "on", "conditions": conditions or group(), "body": body}
        made: str = self.api("POST", "/rules/action", wanted)["id"]
        return made

    def page(self, path: str, body: str = "") -> str:
        server = self.cast.product.url
        policy = (
            f"default-src 'none'; img-src data:; script-src {server} 'nonce-ours'; connect-src {server}; "
            f"frame-src {server}"
        )
        content = f"{NONCE}{body}{snippet(server, self.channel['key'])}"
        return self.site.page(path, content, Content_Security_Policy=policy)

    def counted(self, rule: str) -> int:
        """A page's tally arrives a moment after the match."""
        total: int = self.api("GET", f"/rules/action/{rule}/matches")["total"]
        return total

    def row(self) -> dict[str, Any]:
        """The one conversation of this channel."""
        rows = self.api("GET", f"/conversations?folder=all&provider={self.channel['id']}")["rows"]
        return dict(next(iter(rows)))


@pytest.fixture
def scene(cast: Cast, api: Api, site: Site) -> Scene:
    return Scene(cast, api, site)


async def test_a_chat_shows_when_its_rules_say_so_and_page_code_hears_of_it(scene: Scene) -> None:
    buying = {"kind": "url", "page": "current", "compare": "contains", "value": "/buy"}
    scene.rule({"kind": "hide"}, conditions=group(buying))
    late = scene.rule(
        {"kind": "show"},
        {"kind": "event", "name": "patient"},
        conditions=group({"kind": "seconds_on_page", "seconds": 3}),
    )
    basket = {"kind": "event", "name": "basket", "title": "Basket filled"}
    scene.rule({"kind": "hide"}, conditions=group(basket))
    elsewhere = scene.page("/else/")
    there = scene.page("/buy/", EARS)
    plain = await scene.cast.visitor(path=elsewhere)
    await expect(plain.button).to_be_visible()
    visitor = await scene.cast.visitor(path=there)
    page = visitor.page
    for word in ("no;", "not yet;", "at last;", "rule patient;"):
        await expect(page.locator("output")).to_contain_text(word, timeout=BACK)
    await expect(visitor.button).to_be_visible()
    await until(lambda: scene.counted(late) == 2, what="counted once on each of both pages")
    matched = "() => new Promise((told) => Alongside.hasActionRuleMatched(told))"
    assert await page.evaluate(matched) == []
    await page.evaluate("Alongside.event('basket')")
    await expect(visitor.button).to_be_hidden()
    assert await page.evaluate(matched) == ["Basket filled"]
    # A page that changes without a reload is another page: nothing has happened there yet.
    await page.evaluate("history.pushState(null, '', '/else/')")
    await expect(visitor.button).to_be_visible()


async def test_a_rule_opens_the_chat_and_says_something_once(scene: Scene) -> None:
    ines = scene.api.me
    said = {"en": "You seem to read on. Any questions?", "de": "Fragen?"}
    scene.rule({"kind": "open"}, conditions=group({"kind": "scrolled", "percent": 50}), often="visitor")
    scene.rule({"kind": "say", "agent_id": ines["id"], "texts": said}, level="chat", often="visitor")
    not_mine = group({"kind": "message", "compare": "contains", "value": "tent", "negate": False})
    label = scene.api("POST", "/labels", {"name": f"Tent {uuid4().hex[:6]}", "colour": "green"})
    scene.rule({"kind": "label", "label_id": label["id"]}, conditions=not_mine, often="visit")
    visitor = await scene.cast.visitor(path=scene.page("/read/", TALL))
    page = visitor.page
    await expect(visitor.button).to_be_visible()
    await page.evaluate("scrollTo(0, 3000)")
    await expect(visitor.field).to_be_visible(timeout=BACK)
    greeting = visitor.panel.locator("ol.said .message")
    await expect(greeting.locator(".bubble")).to_have_text(said["en"], timeout=BACK)
    await expect(greeting.locator(".name")).to_have_text(ines["display_name"])
    rows = scene.api("GET", f"/conversations?folder=all&provider={scene.channel['id']}")["rows"]
    assert rows == [], "who only looks is nobody's work"
    await visitor.say("Is the tent waterproof?")
    await visitor.sees("Is the tent waterproof?", said["en"])
    await expect(greeting).to_have_count(0)
    # What was written was a condition: the server judged it, and the label is on the customer.
    await until(lambda: label["id"] in scene.row()["contact"]["label_ids"])
    assert scene.row()["status"] == "unread", "what a rule says is no answer"
    # Once for a visitor: on the next page neither happens again.
    await visitor.call("close")
    await page.reload()
    await expect(visitor.button).to_be_visible()
    await page.evaluate("scrollTo(0, 3000)")
    await visitor.open()
    await visitor.sees("Is the tent waterproof?", said["en"])


NEXT_VISIT = """() => {
    const name = Object.keys(localStorage).find((one) => one.endsWith(":rules"));
    const kept = JSON.parse(localStorage[name]);
    kept.visit.seen -= 3_600_000;
    localStorage[name] = JSON.stringify(kept);
}"""


async def test_all_rules_of_a_visit_act_and_what_waits_for_a_word_is_said_once(scene: Scene) -> None:
    label = scene.api("POST", "/labels", {"name": f"Greeted {uuid4().hex[:6]}", "colour": "green"})
    said = {"en": "Welcome! Anything we can help with?"}
    scene.rule({"kind": "message", "texts": said}, often="visit")
    scene.rule({"kind": "label", "label_id": label["id"]}, often="visit")
    here, elsewhere = scene.page("/greets/"), scene.site.page("/plain/", "")
    visitor = await scene.cast.visitor(path=here)
    greeting = visitor.panel.locator("ol.said .bubble")
    await visitor.open()
    await expect(greeting).to_have_text([said["en"]], timeout=BACK)
    # Who comes back another day without having written is greeted, and reads it once.
    await visitor.page.goto(elsewhere)
    await visitor.page.evaluate(NEXT_VISIT)
    await visitor.page.goto(here)
    await visitor.open()
    await expect(greeting).to_have_text([said["en"]], timeout=BACK)
    await visitor.say("Yes: which tent?")
    await expect(visitor.panel.locator("li.automatic")).to_have_text([said["en"]], timeout=BACK)
    await expect(greeting).to_have_count(0)
    await until(lambda: label["id"] in scene.row()["contact"]["label_ids"])


async def test_a_rule_opens_nothing_where_the_channel_hides_the_chat(scene: Scene) -> None:
    hidden = {"settings": {"availability": {**scene.channel["settings"]["availability"], "hide_on": ["/quiet/*"]}}}
    scene.api("PATCH", f"/channels/{scene.channel['id']}", hidden)
    rule = scene.rule({"kind": "open"})
    context = await scene.cast.browser()
    quiet = await scene.cast.foreign_page(context, scene.page("/quiet/pay"))
    await until(lambda: scene.counted(rule) == 1)
    assert await quiet.locator("iframe").count() == 0
    await quiet.goto(scene.page("/loud/"))
    await expect(quiet.frame_locator("iframe").locator("textarea")).to_be_visible(timeout=BACK)


async def test_what_matched_is_counted_though_the_page_is_left_at_once(scene: Scene) -> None:
    rule = scene.rule({"kind": "event", "name": "seen"})
    told = """<script nonce="ours">Alongside("on", "rule", function () { location.href = "/plain/"; });</script>"""
    scene.site.page("/plain/", "")
    context = await scene.cast.browser()
    page = await scene.cast.foreign_page(context, scene.page("/leaves/", told))
    await page.wait_for_url("**/plain/")
    await until(lambda: scene.counted(rule) == 1)
