"""Saved views: one's own, and those that everybody uses."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from alongside.domains.tickets import actions
from alongside.domains.tickets.events import TicketViewsChanged
from alongside.domains.tickets.schemas import NewTicketView, TicketFilter, ViewQuestion
from alongside.platform.errors import Conflict
from tests.world import Browser, World, hire, make_role

QUESTION = {"filter": {"status": ["open"], "assignee": "me", "due": "week"}, "sort": "due", "reverse": True}


async def save(browser: Browser, name: str, **more: Any) -> UUID:
    answer = await browser.post("/ticket-views", {"name": name, "question": QUESTION, **more})
    assert answer.status_code == 201, answer.text
    return UUID(answer.json()["id"])


async def names(browser: Browser) -> list[str]:
    return [view["name"] for view in (await browser.get("/ticket-views")).json()]


async def test_ones_own_is_ones_own_and_a_shared_one_everybodys(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    own = await save(browser, "  My   week ")
    assert not world.facts.of(TicketViewsChanged)
    shared = await save(browser, "Everybody's week", shared=True)
    assert await names(browser) == ["Everybody's week", "My week"]
    view = (await browser.get("/ticket-views")).json()[1]
    assert view["question"]["filter"]["due"] == "week"
    assert (view["question"]["sort"], view["question"]["reverse"]) == ("due", True)
    browser.be(world.ben)
    assert await names(browser) == ["Everybody's week"]
    assert (await browser.patch(f"/ticket-views/{own}", {"name": "Ha"})).status_code == 404
    assert (await browser.delete(f"/ticket-views/{own}")).status_code == 404
    assert (await browser.patch(f"/ticket-views/{shared}", {"name": "Our week"})).json()["name"] == "Our week"
    assert (await browser.patch(f"/ticket-views/{shared}", {"shared": False})).status_code == 403
    browser.be(world.ada)
    assert (await browser.patch(f"/ticket-views/{shared}", {"shared": False})).json()["shared"] is False
    assert await names(browser.be(world.ben)) == []
    assert (await browser.be(world.ada).delete(f"/ticket-views/{shared}")).status_code == 204
    assert await names(browser) == ["My week"]


async def test_sharing_needs_the_permission(world: World, browser: Browser) -> None:
    looker = await hire(
        world.config, world.database, "Lou", await make_role(world.database, "Looker", ["tickets.read"])
    )
    shared = await save(browser.be(world.ada), "Shared", shared=True)
    browser.be(looker)
    own = await save(browser, "My own")
    for attempt in (
        browser.post("/ticket-views", {"name": "x", "question": QUESTION, "shared": True}),
        browser.patch(f"/ticket-views/{own}", {"shared": True}),
        browser.patch(f"/ticket-views/{shared}", {"name": "x"}),
        browser.delete(f"/ticket-views/{shared}"),
    ):
        assert (await attempt).status_code == 403
    assert (await browser.delete(f"/ticket-views/{own}")).status_code == 204


async def test_names_are_taken_once_among_those_one_sees_together(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    await save(browser, "Week")
    await save(browser, "Week", shared=True)
    for more in ({}, {"shared": True}):
        answer = await browser.post("/ticket-views", {"name": "WEEK", "question": QUESTION, **more})
        assert (answer.status_code, answer.json()["code"]) == (409, "view-name-taken")
    await save(browser.be(world.ben), "Week")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"name": ""}, "view-name-malformed"),
        ({"name": "x" * 61}, "view-name-malformed"),
        ({"question": {"filter": {"status": ["done"]}}}, "invalid"),
        ({"question": {"filter": {"colour": "red"}}}, "invalid"),
        ({"question": {"filter": {}, "sort": "title"}}, "invalid"),
        ({"owner_id": "00000000-0000-0000-0000-000000000000"}, "invalid"),
    ],
)
async def test_what_cannot_be_used_is_refused(world: World, browser: Browser, body: dict[str, Any], code: str) -> None:
    answer = await browser.be(world.ada).post("/ticket-views", {"name": "Week", "question": QUESTION} | body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_views_do_not_pile_up(world: World) -> None:
    question = ViewQuestion(filter=TicketFilter())
    async with world.database.work() as work:
        for place in range(50):
            await actions.save_view(work, world.ada.actor, NewTicketView(name=f"v{place}", question=question))
        with pytest.raises(Conflict, match="50 views"):
            await actions.save_view(work, world.ada.actor, NewTicketView(name="one more", question=question))
        await actions.save_view(work, world.ben.actor, NewTicketView(name="v0", question=question))
