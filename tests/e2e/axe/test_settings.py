"""axe finds nothing in the settings: each page, and each part of a channel's page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.cast import ADMIN, Agent, Cast
from tests.harness.until import until

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

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
    "routing-rules",
    "sla-rules",
    "watchdogs",
    "action-rules",
    "audit",
    "api-keys",
    "webhooks",
    "chat-links",
    "channels",
]
HOLDS = {
    "kind": "group",
    "of": [
        {"kind": "url", "compare": "pattern", "value": "("},
        {"kind": "group", "match": "any", "of": [{"kind": "weekday", "days": [5, 6]}, {"kind": "agent_online"}]},
    ],
}
# Drafts: they do not act.
RULES = {
    "routing": {
        "name": "Seen by axe",
        "conditions": HOLDS,
        "body": {
            "kind": "routing",
            "actions": [{"kind": "route", "tag": "boots"}, {"kind": "queue"}],
            "fallbacks": [{"conditions": HOLDS, "actions": []}],
            "react_seconds": 60,
        },
    },
    "sla": {"name": "Seen by axe", "conditions": HOLDS, "body": {"kind": "sla", "first_seconds": 300}},
    "action": {
        "name": "Seen by axe",
        "conditions": HOLDS,
        "body": {"kind": "action", "actions": [{"kind": "open"}, {"kind": "message", "texts": {"en": "Hello!"}}]},
    },
}
PARTS = ["look", "messages", "around", "availability", "site"]
PREVIEWED = {"look", "around"}


@pytest.mark.parametrize("look", LOOKS)
async def test_pages(cast: Cast, api: Api, look: str) -> None:
    audit = Audit(look)
    rules = [api("POST", f"/rules/{kind}", rule) for kind, rule in RULES.items()]
    ines = await cast.agent(ADMIN, **audit.options)
    page = ines.page
    for section in SETTINGS:
        await ines.turn_to(f"/settings/{section}")
        await expect(page.locator(".column h2")).to_be_visible()
        await expect(page.locator(".column .skeleton")).to_have_count(0)
        await audit.check(page, section)
    for rule in rules:
        await ines.turn_to(f"/settings/{rule['kind']}-rules/{rule['id']}")
        await expect(page.locator("footer .button.primary")).to_be_visible()
        await expect(page.locator(".verdict").first).to_be_visible()
        await audit.check(page, f"rule, {rule['kind']}")
        api("DELETE", f"/rules/{rule['kind']}/{rule['id']}")
    await _tried(ines, api, audit)
    await ines.turn_to("/settings/nowhere")
    await expect(page.locator(".column h2")).to_have_count(0)
    await audit.check(page, "no such page")
    audit.passed(states=len(SETTINGS) + len(RULES) + 3)


async def _tried(ines: Agent, api: Api, audit: Audit) -> None:
    """Routing tried on what was: a day without a decision, and one that would have come out differently. Two states."""
    holds = {"kind": "group", "of": [{"kind": "message", "compare": "contains", "value": "tried by axe"}]}
    body = {"kind": "routing", "actions": [{"kind": "route", "tag": "nobody has this"}]}
    rule = api("POST", "/rules/routing", {"name": "Seen by axe", "state": "on", "conditions": holds, "body": body})
    asked = api.conversation("Tried by axe", "To be tried by axe")
    await until(lambda: bool(api("GET", f"/conversations/{asked['id']}/routing")["decisions"]))
    page = ines.page
    await ines.turn_to("/settings/routing-rules/simulate")
    quiet = datetime.now(UTC).date() - timedelta(days=80)  # kept, and before anything happened here
    await page.locator("form input[type=date]").fill(str(quiet))
    await page.get_by_role("checkbox", name="Seen by axe").uncheck()
    await page.locator("form button[type=submit]").click()
    await expect(page.locator(".result .empty")).to_be_visible()
    await audit.check(page, "routing tried, nothing on that day")
    await page.locator(".result .empty button").click()
    await expect(page.get_by_role("link", name="Tried by axe").first).to_be_visible()
    await audit.check(page, "routing tried")
    api("DELETE", f"/rules/routing/{rule['id']}")


@pytest.mark.parametrize("look", LOOKS)
async def test_a_channel(cast: Cast, api: Api, look: str) -> None:
    audit = Audit(look)
    asked = [{"what": "email", "required": True, "help": {"en": "For our answer"}}]
    around = {"consent": {"en": "I agree"}, "consent_tick": True, "asked": asked, "rating": True}
    channel = api.channel(f"Shop seen by axe, {look}", around=around, availability={"outside": "form"})
    ines = await cast.agent(ADMIN, **audit.options)
    page = ines.page
    for part in PARTS:
        await ines.turn_to(f"/settings/channels/{channel['id']}?part={part}")
        await expect(page.locator(f'[data-value="{part}"][aria-selected="true"]')).to_be_visible()
        await expect(page.get_by_role("tabpanel").locator("section, form").first).to_be_visible()
        if part in PREVIEWED:  # its frames come and go until it is drawn
            tried = page.frame_locator("aside iframe").frame_locator("iframe")
            await expect(tried.locator("footer textarea")).to_be_visible()
        await audit.check(page, f"channel, {part}")
    audit.passed(states=len(PARTS))
