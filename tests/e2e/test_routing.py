"""A routing rule in two browsers: a visitor waits and sees their place; an agent goes online and has the chat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.api import Api
from tests.e2e.cast import ADMIN, Cast
from tests.e2e.late import late

pytest_plugins = ["tests.e2e.stage"]
pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

SAM = "sam@fernwood.example"
ROOMY = ("Sam Whitfield", "Tom Okafor")


async def test_a_rule_a_place_in_the_queue_and_an_agent_who_comes(cast: Cast, api: Api) -> None:
    sam = await cast.agent(SAM)
    await sam.go_online(False)
    sam_id = (await sam.ask("/session"))["me"]["id"]
    # Room for both, whatever others have given them.
    limits = {each["id"]: each["chat_limit"] for each in api("GET", "/agents") if each["display_name"] in ROOMY}
    for agent_id in limits:
        api("PATCH", f"/agents/{agent_id}", {"chat_limit": 1_000})
    rule = api(
        "POST",
        "/rules/routing",
        {
            "name": "Tent poles to Sam",
            "state": "on",
            "conditions": {
                "kind": "group",
                "of": [{"kind": "message", "compare": "contains", "value": "tent pole"}],
            },
            "body": {
                "kind": "routing",
                "actions": [
                    {"kind": "route", "agent_id": sam_id},
                    {"kind": "queue", "agent_id": sam_id, "minutes": 30},
                ],
            },
        },
    )
    try:
        first, second = await cast.visitor("Pola One"), await cast.visitor("Pola Two")
        await first.open()
        await first.say("My tent pole broke")
        await expect(first.panel.get_by_text("You are next.")).to_be_visible()
        await second.open()
        await second.say("I need a tent pole too")
        await expect(second.panel.get_by_text("One person is ahead of you.")).to_be_visible()
        # Whoever loads the page anew is told again where they stand.
        await second.reload()
        await expect(second.panel.get_by_text("One person is ahead of you.")).to_be_visible()
        # Agents see who waits for whom. One is helped by hand, and the other moves up.
        tom = await cast.agent()
        third = api.conversation("Pola Three", "A tent pole, please")
        await tom.turn_to("/queue")
        waiting = tom.page.get_by_role("main").get_by_role("listitem")
        await expect(waiting).to_have_count(3)
        # Whoever is a moment too late takes nothing, and is told who has it.
        async with late(tom.page, "**/routing/queue") as read:
            api("PUT", f"/conversations/{third['id']}/assignment", {"agent_id": api.me["id"], "team_id": None})
            await read.wait()
            await waiting.last.get_by_role("button", name="Take Pola Three").click()
            await expect(tom.page.get_by_text("Ines Albrecht has this conversation by now.")).to_be_visible()
        await expect(waiting).to_have_count(2)
        await expect(waiting.last).to_contain_text("For Sam Whitfield")
        await expect(waiting.last).to_contain_text("Rule: Tent poles to Sam.")
        await waiting.first.get_by_role("button", name="Take Pola One").click()
        await expect(tom.thread).to_contain_text("You took this over")
        await expect(first.panel.get_by_text("You are next.")).to_have_count(0)
        await expect(second.panel.get_by_text("You are next.")).to_be_visible()
        # Sam comes online, and has it without anybody's doing.
        await sam.go_online()
        await expect(sam.page.get_by_role("button", name="Assigned to you").or_(sam.row("Pola Two"))).not_to_have_count(
            0
        )
        await sam.open("Pola Two")
        await expect(sam.thread).to_contain_text("Sam Whitfield")
        why = sam.page.get_by_role("complementary", name="Details").get_by_role("region", name="Routing")
        await expect(why).to_contain_text("Sam Whitfield got it. Rule: Tent poles to Sam.")
        await why.get_by_text("looked at").first.click()
        await expect(why.get_by_text("chosen").first).to_be_visible()
        await expect(why.get_by_text("1 earlier decision")).to_be_visible()
        await expect(second.panel.get_by_text("You are next.")).to_have_count(0)
        await _tried_on_what_was(cast, api, rule)
    finally:
        api("DELETE", f"/rules/routing/{rule['id']}")
        for agent_id, limit in limits.items():
            api("PATCH", f"/agents/{agent_id}", {"chat_limit": limit})


async def _tried_on_what_was(cast: Cast, api: Api, rule: dict[str, Any]) -> None:
    """An admin sees who would have got Pola's conversation by a rule that is a draft yet."""
    tom_id = next(each["id"] for each in api("GET", "/agents") if each["display_name"] == "Tom Okafor")
    body = {"kind": "routing", "actions": [{"kind": "route", "agent_id": tom_id, "state": "any"}]}
    written = {"name": "Tent poles to Tom", "conditions": rule["conditions"], "body": body}
    draft = api("POST", "/rules/routing", written)
    try:
        ines = await cast.agent(ADMIN)
        page = ines.page
        await ines.turn_to("/settings/routing-rules")
        await page.get_by_role("button", name="Try on a past day").click()
        # What acts is ticked, what does not is not.
        await expect(page.get_by_role("checkbox", name="Tent poles to Sam")).to_be_checked()
        await expect(page.get_by_role("checkbox", name="Tent poles to Tom")).not_to_be_checked()
        await page.get_by_label("Day", exact=True).fill("2020-01-01")
        await expect(page.get_by_text("This day is too long ago")).to_be_visible()
        await expect(page.get_by_role("button", name="Run")).to_be_disabled()
        # The demo's conversations were never decided about.
        await page.get_by_label("Day", exact=True).fill((datetime.now(UTC) - timedelta(days=60)).date().isoformat())
        await page.get_by_role("button", name="Run").click()
        await expect(page.get_by_text("Nothing was decided on that day")).to_be_visible()
        await page.get_by_role("checkbox", name="Tent poles to Sam").uncheck()
        await page.get_by_role("checkbox", name="Tent poles to Tom").check()
        await page.get_by_role("button", name="Take the last ones").click()
        differ = page.get_by_role("region", name="Conversations that differ").get_by_role("listitem")
        pola = differ.filter(has_text="Pola Two")
        await expect(pola).to_contain_text("waits in the queue")
        await expect(pola).to_contain_text("Rule: Tent poles to Sam.")
        await expect(pola).to_contain_text("Tom Okafor")
        await expect(pola).to_contain_text("Rule: Tent poles to Tom.")
        # Nothing has changed: it is Sam's, as the conversation shows.
        await pola.get_by_role("link", name="Pola Two").click()
        await expect(ines.thread).to_contain_text("I need a tent pole too")
        await expect(ines.thread).to_contain_text("Sam Whitfield")
    finally:
        api("DELETE", f"/rules/routing/{draft['id']}")
