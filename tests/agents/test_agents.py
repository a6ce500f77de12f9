"""Agents as their managers see them, and what managers may not do."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from alongside.domains.agents import actions, queries
from alongside.domains.agents.events import DirectoryChanged, SessionRevoked
from alongside.domains.agents.joining_schemas import NewInvitation
from alongside.domains.agents.schemas import EditAgent, NewAgent
from alongside.platform.auth.actor import SystemActor
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Unauthorized
from tests.world import AGENT, PASSWORD, Browser, World, hire, make_role, sign_in


async def role_named(world: World, name: str) -> str:
    async with world.database.reading() as reading:
        return next(str(role.id) for role in await queries.roles(reading) if role.name == name)


async def test_only_admin_exists_by_default(database: object) -> None:
    async with database.reading() as reading:  # type: ignore[attr-defined]
        roles = await queries.roles(reading)
    assert [(role.name, role.permissions) for role in roles] == [("Admin", ["*"])]


async def test_the_list_names_everybody(world: World) -> None:
    async with world.database.reading() as reading:
        agents = await queries.agents(reading)
    assert [agent.display_name for agent in agents] == ["Ada", "Ben", "Sol"]
    ada = agents[0]
    assert (ada.email, ada.role.name, ada.area, ada.chat_limit) == ("ada@shop.test", "Agent", "chat", 5)
    assert (ada.active, ada.online, ada.logged_in, ada.picture_url, ada.locale) == (True, False, False, None, "en")


async def test_created_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    body = {
        "email": "Eva@Shop.test",
        "display_name": "  Eva\u202f M. ",
        "password": PASSWORD,
        "role_id": await role_named(world, "Agent"),
        "tags": ["german", "german", " "],
        "area": "both",
        "chat_limit": 3,
        "locale": "de",
    }
    answer = await browser.post("/agents", body)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["email"], made["display_name"], made["tags"]) == ("eva@shop.test", "Eva M.", ["german"])
    assert (made["area"], made["chat_limit"], made["locale"]) == ("both", 3, "de")
    assert (await browser.post("/agents", body | {"email": "EVA@shop.test"})).json()["code"] == "email-taken"
    assert (await browser.sign_in("eva@shop.test")).status_code == 200


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"email": "no address"}, "email-malformed"),
        ({"email": "a@b\r\nbcc: c@d"}, "email-malformed"),
        ({"email": "a" * 300 + "@b.test"}, "email-malformed"),
        ({"email": "a" * 400}, "invalid"),
        ({"email": "a\x00@b.test"}, "invalid"),
        ({"display_name": " \x07 "}, "display-name-empty"),
        ({"display_name": "\x00"}, "invalid"),
        ({"display_name": "x" * 81}, "display-name-too-long"),
        ({"password": "short"}, "password-too-short"),
        ({"password": "x" * 257 + "abc"}, "password-too-long"),
        ({"password": "aaaaaaaaaaaa"}, "password-too-easy"),
        ({"password": "Password2026!"}, "password-too-easy"),
        ({"password": "eva@shop.test"}, "password-holds-name"),
        ({"role_id": str(uuid4())}, "no-such-role"),
        ({"role_id": "admin"}, "invalid"),
        ({"team_ids": [str(uuid4())]}, "no-such-team"),
        ({"chat_limit": 0}, "invalid"),
        ({"area": "everything"}, "invalid"),
        ({"locale": "xx"}, "invalid"),
        ({"tags": ["x"] * 51}, "invalid"),
    ],
)
async def test_what_cannot_be_stored_is_refused_with_words(
    world: World, browser: Browser, change: dict[str, object], code: str
) -> None:
    body = {
        "email": "eva@shop.test",
        "display_name": "Eva",
        "password": PASSWORD,
        "role_id": await role_named(world, "Agent"),
    }
    answer = await browser.be(world.sol).post("/agents", body | change)
    assert answer.json()["code"] == code
    assert answer.status_code == (404 if code.startswith("no-such") else 422)
    assert len(answer.json()["message"]) > 20


async def test_edit_changes_what_is_given_and_nothing_else(world: World) -> None:
    async with world.database.work() as work:
        edited = await actions.edit_agent(
            work, world.sol.actor, world.ada.id, EditAgent(display_name="Ada L.", tags=["vip"], chat_limit=9)
        )
    assert (edited.display_name, edited.tags, edited.chat_limit) == ("Ada L.", ["vip"], 9)
    assert (edited.email, edited.role.name) == ("ada@shop.test", "Agent")
    assert len(world.facts.of(DirectoryChanged)) == 1


async def test_deactivation_ends_everything_but_history(world: World) -> None:
    await actions.extend_lease(world.database, world.ada.id)
    await actions.go_online(world.database, world.ada.actor, True)
    other = await sign_in(world.config, world.database, world.ada.email)
    gone = await actions.deactivate(world.database, world.sol.actor, world.ada.id)
    assert (gone.active, gone.online, gone.logged_in, gone.display_name) == (False, False, False, "Ada")
    ended = {fact.session_id for fact in world.facts.of(SessionRevoked)}
    assert ended == {world.ada.actor.session_id, other.actor.session_id}
    for token in (world.ada.token, other.token):
        with pytest.raises(Unauthorized):
            await actions.authenticate(world.database, token)
    async with world.database.work() as work:
        back = await actions.reactivate(work, world.sol.actor, world.ada.id)
    assert back.active
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, world.ada.token)
    await sign_in(world.config, world.database, world.ada.email)


async def test_the_last_admin_stays(world: World) -> None:
    agent_role = await make_role(world.database, "Helper", AGENT)
    with pytest.raises(Conflict, match="last active admin"):
        await actions.deactivate(world.database, world.sol.actor, world.sol.id)
    with pytest.raises(Conflict, match="last active admin"):
        async with world.database.work() as work:
            await actions.edit_agent(work, world.sol.actor, world.sol.id, EditAgent(role_id=agent_role))
    assert (await actions.authenticate(world.database, world.sol.token)).may("agents.manage")


async def test_two_admins_who_deactivate_each_other_leave_one(world: World) -> None:
    async with world.database.reading() as reading:
        admin = next(role.id for role in await queries.roles(reading) if role.name == "Admin")
    kim = await hire(world.config, world.database, "Kim", admin)
    results = await asyncio.gather(
        actions.deactivate(world.database, world.sol.actor, kim.id),
        actions.deactivate(world.database, kim.actor, world.sol.id),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Conflict) for result in results) == 1
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM agent WHERE active AND role_id = $1", admin) == 1


async def test_nobody_grants_more_than_they_hold(world: World) -> None:
    async with world.database.reading() as reading:
        admin = next(role.id for role in await queries.roles(reading) if role.name == "Admin")
    lead_role = await make_role(world.database, "Lead", [*AGENT, "agents.manage"])
    lead = await hire(world.config, world.database, "Lee", lead_role)
    new = NewAgent(email="x@shop.test", display_name="X", password=PASSWORD, role_id=admin)
    with pytest.raises(Forbidden):
        await actions.create_agent(world.database, lead.actor, new)
    with pytest.raises(Forbidden):
        await actions.invite(
            world.database, world.config, lead.actor, NewInvitation(email="y@shop.test", role_id=admin)
        )
    for change in (EditAgent(role_id=admin), EditAgent(email="lee2@shop.test", role_id=admin)):
        with pytest.raises(Forbidden):
            async with world.database.work() as work:
                await actions.edit_agent(work, lead.actor, lead.id, change)
    for touch in (EditAgent(email="mine@shop.test"), EditAgent(display_name="Sunk")):
        with pytest.raises(Forbidden):
            async with world.database.work() as work:
                await actions.edit_agent(work, lead.actor, world.sol.id, touch)
    with pytest.raises(Forbidden):
        await actions.deactivate(world.database, lead.actor, world.sol.id)
    assert (await actions.deactivate(world.database, lead.actor, world.ben.id)).active is False


async def test_agents_without_the_permission_manage_nobody(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    for call in (
        browser.post("/agents", {}),
        browser.patch(f"/agents/{world.ben.id}", {"display_name": "Bad"}),
        browser.post(f"/agents/{world.ben.id}/deactivate"),
        browser.post(f"/agents/{world.ben.id}/reactivate"),
        browser.get("/invitations"),
        browser.post("/invitations", {"email": "x@y.test", "role_id": str(uuid4())}),
        browser.delete(f"/invitations/{uuid4()}"),
        browser.post("/teams", {"name": "Mine"}),
        browser.patch(f"/teams/{uuid4()}", {}),
        browser.delete(f"/teams/{uuid4()}"),
        browser.post("/channels", {"name": "Mine"}),
        browser.patch(f"/channels/{world.site.id}", {"name": "Mine"}),
        browser.post(f"/channels/{world.site.id}/identity-keys"),
        browser.delete(f"/channels/{world.site.id}/identity-keys/k1"),
    ):
        answer = await call
        assert (answer.status_code, answer.json()["code"]) == (403, "not-permitted")


async def test_an_unknown_agent_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await actions.deactivate(world.database, world.sol.actor, uuid4())


async def test_create_admin_serves_the_command_line(world: World) -> None:
    made = await actions.create_admin(world.database, "Root@Shop.test", "Root", PASSWORD)
    assert (made.email, made.role.name) == ("root@shop.test", "Admin")
    with pytest.raises(Invalid):
        await actions.create_admin(world.database, "root2@shop.test", "Root", "short")


async def test_a_demoted_managers_invitations_go_with_the_role(world: World) -> None:
    lead_role = await make_role(world.database, "Lead", [*AGENT, "agents.manage"])
    lead = await hire(world.config, world.database, "Lee", lead_role)
    await actions.invite(
        world.database, world.config, lead.actor, NewInvitation(email="y@shop.test", role_id=lead_role)
    )
    agent_role = await make_role(world.database, "Helper", AGENT)
    async with world.database.work() as work:
        await actions.edit_agent(work, SystemActor(), lead.id, EditAgent(role_id=agent_role))
        assert await queries.invitations(work) == []
