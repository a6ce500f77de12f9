"""Presence: a lease and a wish, and each change announced once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from alongside.domains.agents import actions, queries
from alongside.domains.agents.actions.presence import LEASE_SECONDS
from alongside.domains.agents.events import AgentPresenceChanged
from alongside.domains.agents.schemas import Agent
from tests.world import Browser, World, sign_in


async def ada(world: World) -> Agent:
    async with world.database.reading() as reading:
        agent = await queries.agent(reading, world.ada.id)
    assert agent is not None
    return agent


def changes(world: World) -> list[tuple[bool, bool]]:
    return [(fact.online, fact.logged_in) for fact in world.facts.of(AgentPresenceChanged)]


async def lapse(world: World) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE agent SET lease_until = now() - interval '1 millisecond'")


async def test_logged_in_by_a_live_connection_online_by_the_button(world: World) -> None:
    await actions.extend_lease(world.database, world.ada.id)
    assert ((await ada(world)).logged_in, (await ada(world)).online) == (True, False)
    await actions.go_online(world.database, world.ada.actor, True)
    assert ((await ada(world)).logged_in, (await ada(world)).online) == (True, True)
    await actions.go_online(world.database, world.ada.actor, False)
    assert ((await ada(world)).logged_in, (await ada(world)).online) == (True, False)
    assert changes(world) == [(False, True), (True, True), (False, True)]


async def test_the_wish_alone_is_not_presence(world: World) -> None:
    await actions.go_online(world.database, world.ada.actor, True)
    assert not (await ada(world)).online
    assert changes(world) == []
    await actions.extend_lease(world.database, world.ada.id)
    assert changes(world) == [(True, True)]


async def test_a_lost_connection_ends_it_and_a_new_one_brings_it_back(world: World) -> None:
    await actions.extend_lease(world.database, world.ada.id)
    await actions.go_online(world.database, world.ada.actor, True)
    await lapse(world)
    assert not (await ada(world)).online
    await actions.announce_presence_changes(world.database)
    await actions.extend_lease(world.database, world.ada.id)
    assert changes(world) == [(False, True), (True, True), (False, False), (True, True)]


async def test_extending_again_announces_nothing(world: World) -> None:
    for _ in range(3):
        await actions.extend_lease(world.database, world.ada.id)
    assert len(changes(world)) == 1


async def test_a_lease_lasts_some_seconds(world: World) -> None:
    async with world.database.reading() as reading:
        before = await reading.value("SELECT now()")
    await actions.extend_lease(world.database, world.ada.id)
    async with world.database.reading() as reading:
        ends = await reading.value("SELECT lease_until FROM agent WHERE id = $1", world.ada.id)
        after = await reading.value("SELECT now()")
    assert before <= ends - timedelta(seconds=LEASE_SECONDS) <= after


async def test_one_of_many_processes_announces(world: World) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE agent SET lease_until = now() + interval '1 minute'")
    found = await asyncio.gather(*(actions.announce_presence_changes(world.database) for _ in range(5)))
    assert sum(found) == 3
    assert len(changes(world)) == 3


async def test_signing_out_of_the_last_browser_is_leaving(world: World) -> None:
    other = await sign_in(world.config, world.database, world.ada.email)
    await actions.extend_lease(world.database, world.ada.id)
    await actions.go_online(world.database, world.ada.actor, True)
    await actions.sign_out(world.database, other.actor)
    assert (await ada(world)).online
    await actions.sign_out(world.database, world.ada.actor)
    assert ((await ada(world)).online, (await ada(world)).logged_in) == (False, False)
    again = await sign_in(world.config, world.database, world.ada.email)
    await actions.extend_lease(world.database, again.id)
    assert changes(world) == [(False, True), (True, True), (False, False), (False, True)]


async def test_a_deactivated_agent_takes_no_lease(world: World) -> None:
    await actions.deactivate(world.database, world.sol.actor, world.ada.id)
    await actions.extend_lease(world.database, world.ada.id)
    assert not (await ada(world)).logged_in
    assert changes(world) == []


async def test_by_the_door(world: World, browser: Browser) -> None:
    answer = await browser.be(world.ada).put("/me/online", {"online": True})
    assert (answer.status_code, answer.json()["wants_online"]) == (200, True)
    assert (await browser.put("/me/online", {"online": "yes"})).status_code == 422
