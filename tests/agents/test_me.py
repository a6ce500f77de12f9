"""What agents do about themselves."""

from __future__ import annotations

import pytest

from alongside.domains.agents import actions
from alongside.domains.agents.events import DirectoryChanged, SessionRevoked
from alongside.domains.agents.schemas import ChangePassword
from alongside.platform.errors import Forbidden, Invalid, NotFound, Unauthorized
from tests.world import PASSWORD, Browser, World, sign_in

NEW = "another fine password"


async def test_profile_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    answer = await browser.patch("/me", {"display_name": "Ada L.", "locale": "de"})
    assert answer.status_code == 200
    assert (answer.json()["display_name"], answer.json()["locale"]) == ("Ada L.", "de")
    assert (await browser.patch("/me", {"locale": "xx"})).status_code == 422
    assert (await browser.patch("/me", {"display_name": ""})).json()["code"] == "display-name-empty"
    assert (await browser.patch("/me", {})).json()["display_name"] == "Ada L."


async def test_a_new_password_ends_the_other_sessions(world: World) -> None:
    other = await sign_in(world.config, world.database, world.ada.email)
    change = ChangePassword(current=PASSWORD, new=NEW)
    await actions.change_password(world.database, world.config, world.ada.actor, change)
    assert [fact.session_id for fact in world.facts.of(SessionRevoked)] == [other.actor.session_id]
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, other.token)
    await actions.authenticate(world.database, world.ada.token)
    with pytest.raises(Unauthorized):
        await sign_in(world.config, world.database, world.ada.email)


async def test_the_current_password_is_asked_and_the_new_one_judged(world: World) -> None:
    with pytest.raises(Forbidden, match="wrong"):
        await actions.change_password(
            world.database, world.config, world.ada.actor, ChangePassword(current="x", new=NEW)
        )
    with pytest.raises(Invalid):
        await actions.change_password(
            world.database, world.config, world.ada.actor, ChangePassword(current=PASSWORD, new="short")
        )
    await sign_in(world.config, world.database, world.ada.email)


async def test_the_operator_resets_a_password(world: World) -> None:
    await actions.reset_password(world.database, "Ada@Shop.test", NEW)
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, world.ada.token)
    assert [fact.agent_id for fact in world.facts.of(SessionRevoked)] == [world.ada.id]
    with pytest.raises(NotFound, match="no agent"):
        await actions.reset_password(world.database, "nobody@shop.test", NEW)


async def test_sessions_by_the_door(world: World, browser: Browser) -> None:
    second = await sign_in(world.config, world.database, world.ada.email)
    third = await sign_in(world.config, world.database, world.ada.email)
    browser.be(world.ada)
    listed = (await browser.get("/sessions")).json()
    assert [row["current"] for row in listed] == [True, False, False]
    assert listed[0]["id"] == str(world.ada.actor.session_id)
    assert listed[0]["user_agent"] == "Firefox on Debian"
    assert set(listed[0]) == {"id", "created_at", "last_seen_at", "user_agent", "current"}
    assert (await browser.delete(f"/sessions/{second.actor.session_id}")).status_code == 204
    assert (await browser.delete(f"/sessions/{second.actor.session_id}")).status_code == 404
    assert (await browser.delete(f"/sessions/{world.ben.actor.session_id}")).status_code == 404
    assert (await browser.delete("/sessions")).status_code == 204
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, third.token)
    assert len((await browser.get("/sessions")).json()) == 1
    await actions.authenticate(world.database, world.ben.token)


async def test_colleagues_hear_of_a_new_name(world: World) -> None:
    from alongside.domains.agents.schemas import EditMe

    async with world.database.work() as work:
        await actions.edit_me(work, world.ada.actor, EditMe(display_name="A"))
    assert len(world.facts.of(DirectoryChanged)) == 1
