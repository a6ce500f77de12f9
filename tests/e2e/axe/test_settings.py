"""axe finds nothing in the settings: each page, and each part of a channel's page."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.axe.audit import LOOKS, Audit
from tests.e2e.cast import ADMIN, Cast

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
    "audit",
    "api-keys",
    "webhooks",
    "chat-links",
    "channels",
]
PARTS = ["look", "messages", "around", "availability", "site"]


@pytest.mark.parametrize("look", LOOKS)
async def test_pages(cast: Cast, look: str) -> None:
    audit = Audit(look)
    ines = await cast.agent(ADMIN, **audit.options)
    page = ines.page
    for section in SETTINGS:
        await ines.turn_to(f"/settings/{section}")
        await expect(page.locator(".column h2")).to_be_visible()
        await expect(page.locator(".column .skeleton")).to_have_count(0)
        await audit.check(page, section)
    await ines.turn_to("/settings/nowhere")
    await expect(page.locator(".column h2")).to_have_count(0)
    await audit.check(page, "no such page")
    audit.passed(states=len(SETTINGS) + 1)


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
        await audit.check(page, f"channel, {part}")
    audit.passed(states=len(PARTS))
