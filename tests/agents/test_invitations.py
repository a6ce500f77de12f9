"""Invitations: one link, one person, one time."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from alongside.domains.agents import actions, queries
from alongside.domains.agents.joining_schemas import AcceptInvitation, NewInvitation
from alongside.kit.ids import new_secret
from alongside.platform.errors import Conflict, Invalid, NotFound
from tests.world import HOME, PASSWORD, Browser, World


async def agent_role(world: World) -> UUID:
    async with world.database.reading() as reading:
        return next(role.id for role in await queries.roles(reading) if role.name == "Agent")


async def invite(world: World, email: str = "eva@shop.test") -> str:
    new = NewInvitation(email=email, role_id=await agent_role(world))
    made = await actions.invite(world.database, world.config, world.sol.actor, new)
    page, _, token = made.link.partition("#token=")
    assert page == "https://chat.test/console/invite"
    return token


def acceptance(token: str, password: str = PASSWORD) -> AcceptInvitation:
    return AcceptInvitation(token=token, display_name="Eva", password=password)


async def test_the_invited_person_becomes_an_agent_and_is_signed_in(world: World) -> None:
    token = await invite(world)
    invited = await actions.look_up_invitation(world.database, token, HOME)
    assert (invited.email, invited.workspace_name) == ("eva@shop.test", "Green Shop")
    session = await actions.accept_invitation(world.database, world.config, acceptance(token), HOME)
    actor = await actions.authenticate(world.database, session.token)
    assert (actor.display_name, actor.permissions) == ("Eva", world.ada.actor.permissions)
    async with world.database.reading() as reading:
        assert await queries.invitations(reading) == []


async def test_a_link_works_once_even_in_a_race(world: World) -> None:
    token = await invite(world)
    results = await asyncio.gather(
        *(actions.accept_invitation(world.database, world.config, acceptance(token), HOME) for _ in range(5)),
        return_exceptions=True,
    )
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert sum(isinstance(result, NotFound) for result in results) == 4
    with pytest.raises(NotFound):
        await actions.look_up_invitation(world.database, token, HOME)


async def test_a_weak_password_does_not_use_up_the_link(world: World) -> None:
    token = await invite(world)
    with pytest.raises(Invalid):
        await actions.accept_invitation(world.database, world.config, acceptance(token, "1234567890"), HOME)
    await actions.accept_invitation(world.database, world.config, acceptance(token), HOME)


async def test_a_second_invitation_replaces_the_first(world: World) -> None:
    first = await invite(world)
    second = await invite(world, "EVA@shop.test")
    with pytest.raises(NotFound):
        await actions.look_up_invitation(world.database, first, HOME)
    assert (await actions.look_up_invitation(world.database, second, HOME)).email == "eva@shop.test"


async def test_old_withdrawn_and_invented_links_are_dead(world: World) -> None:
    token = await invite(world)
    async with world.database.work() as work:
        await work.run("UPDATE invitation SET expires_at = now() - interval '1 second'")
    with pytest.raises(NotFound):
        await actions.look_up_invitation(world.database, token, HOME)
    token = await invite(world)
    async with world.database.work() as work:
        open_one = (await queries.invitations(work))[0]
        await actions.withdraw_invitation(work, world.sol.actor, open_one.id)
    for dead in (token, new_secret(), "", "\x00"):
        with pytest.raises(NotFound):
            await actions.look_up_invitation(world.database, dead, HOME)


async def test_who_is_an_agent_already_cannot_be_invited(world: World) -> None:
    with pytest.raises(Conflict):
        await invite(world, "ADA@shop.test")


async def test_links_of_a_deactivated_admin_are_dead(world: World) -> None:
    await actions.create_admin(world.database, "kim@shop.test", "Kim", PASSWORD)
    token = await invite(world)
    async with world.database.work() as work:
        await work.run("UPDATE invitation SET invited_by = $1", world.ben.id)
    await actions.deactivate(world.database, world.sol.actor, world.ben.id)
    with pytest.raises(NotFound):
        await actions.look_up_invitation(world.database, token, HOME)


async def test_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.sol)
    made = await browser.post("/invitations", {"email": "eva@shop.test", "role_id": str(await agent_role(world))})
    assert made.status_code == 201
    listed = (await browser.get("/invitations")).json()
    assert [row["email"] for row in listed] == ["eva@shop.test"]
    assert listed == [made.json()["invitation"]]
    token = made.json()["link"].partition("#token=")[2]
    browser.client.cookies.clear()
    browser.csrf = None
    looked_up = await browser.post("/invitations/lookup", {"token": token})
    assert looked_up.json() == {"email": "eva@shop.test", "workspace_name": "Green Shop", "display_name": ""}
    accepted = await browser.post("/invitations/accept", {"token": token, "display_name": "Eva", "password": PASSWORD})
    assert accepted.status_code == 201
    browser.csrf = accepted.json()["csrf"]
    assert (await browser.get("/session")).json()["me"]["display_name"] == "Eva"
    assert (await browser.get("/invitations")).status_code == 403
