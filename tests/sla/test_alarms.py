"""Warned before, told when it is missed: once, whoever looks, however often, and never of what was answered."""

from __future__ import annotations

import asyncio

import msgspec

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.conversations import actions as conversations
from alongside.domains.notifications import actions as notifications
from alongside.domains.notifications.events import TargetAlarmed
from alongside.domains.notifications.queries import digest
from alongside.domains.notifications.schemas import Choices, NotificationSettings, Ways
from alongside.domains.sla import actions as sla
from alongside.platform.storage import Storage
from tests.sla.scene import clocks, follow, minutes_pass, rule, shown, tell, told, write
from tests.world import World, hire, make_role


async def start(world: World, **body: object) -> None:
    """Vera begins a new episode, of which a rule knows, and whoever could answer is online."""
    for who in (world.sol, world.ada, world.ben):
        await agents.go_online(world.database, who.actor, True)
    await write(world, world.ada, then_done=True)
    await rule(world, "All", first_seconds=3_600, **body)
    await write(world, world.vera)
    await follow(world)


async def look(world: World) -> int:
    """Three processes look at once."""
    return sum(await asyncio.gather(*(sla.sound_alarms(world.database) for _ in range(3))))


async def test_a_warning_then_a_breach_each_once(world: World, storage: Storage) -> None:
    await start(world, warn_percent=50)
    async with world.database.work() as work:
        await conversations.assign(work, world.sol.actor, world.conversation_id, world.ada.id, None)
    assert await look(world) == 0
    await minutes_pass(world, 31)
    assert await look(world) == 1
    assert await look(world) == 0
    await tell(world, storage)
    assert (await told(world, world.ada), await told(world, world.ben)) == (["sla_warning"], [])
    (fact,) = world.facts.of(TargetAlarmed)
    assert (fact.alarm, fact.row.id, list(fact.agent_ids)) == ("warning", world.conversation_id, [world.ada.id])
    await minutes_pass(world, 30)
    assert await look(world) == 1
    assert await look(world) == 0
    await tell(world, storage)
    assert await told(world, world.ada) == ["sla_warning", "sla_breach"]
    assert await clocks(world) == [("first", "missed")]
    await write(world, world.ada)
    await follow(world)
    assert await clocks(world) == [("first", "missed")], "answered too late"


async def test_a_breach_is_told_to_the_team_of_the_rule_as_far_as_it_may_see(world: World, storage: Storage) -> None:
    sees_own = await make_role(world.database, "Own", ["conversations.reply"])
    async with world.database.work() as work:
        await work.run("UPDATE role SET sees = 'own' WHERE id = $1", sees_own)
    narrow = await hire(world.config, world.database, "Nora", sees_own)
    async with world.database.work() as work:
        new = NewTeam(name="Leads", member_ids=[world.ben.id, narrow.id])
        team = await agents.create_team(work, world.sol.actor, new)
    await start(world, team_id=str(team.id))
    async with world.database.work() as work:
        await conversations.assign(work, world.sol.actor, world.conversation_id, world.ada.id, None)
    await minutes_pass(world, 61)
    assert await look(world) == 1, "the breach alone: it is too late for a warning"
    await tell(world, storage)
    heard = [await told(world, who) for who in (world.sol, world.ada, world.ben, narrow)]
    assert heard == [[], ["sla_breach"], ["sla_breach"], []]


async def test_who_is_not_online_for_visitors_is_told_in_the_console_they_have_open(
    world: World, storage: Storage
) -> None:
    """As those who lead a team: whom it was left to is told, yet a phone or a mailbox is left in peace."""
    async with world.database.work() as work:
        team = await agents.create_team(
            work, world.sol.actor, NewTeam(name="Leads", member_ids=[world.sol.id, world.ben.id])
        )
        for who in (world.sol, world.ben):
            settings = NotificationSettings(choices=Choices(sla_breach=Ways(mail=True)))
            await notifications.choose(work, who.actor, settings)
    await start(world, team_id=str(team.id))
    for who in (world.sol, world.ben):
        await agents.go_online(world.database, who.actor, False)
    await minutes_pass(world, 61)
    async with world.database.work() as work:
        # Sol has the console open, for as long as the test lasts.
        await work.run("UPDATE agent SET lease_until = now() + interval '1 day' WHERE id = $1", world.sol.id)
    await look(world)
    await tell(world, storage)
    assert [await told(world, world.sol, way) for way in ("page", "mail")] == [["sla_breach"], []]
    assert [await told(world, world.ben, way) for way in ("page", "mail")] == [[], []]


async def test_whoever_may_answer_what_nobody_has_hears_it_by_the_ways_they_chose(
    world: World, storage: Storage
) -> None:
    quiet = Ways(popup=False, sound=False, browser=False, push=False, mail=False)
    choices = Choices(sla_warning=quiet, sla_breach=msgspec.structs.replace(quiet, mail=True))
    async with world.database.work() as work:
        await notifications.choose(work, world.ben.actor, NotificationSettings(choices=choices))
    await start(world)
    await minutes_pass(world, 50)
    await look(world)
    await minutes_pass(world, 15)
    await look(world)
    await tell(world, storage)
    assert await told(world, world.ada) == ["sla_warning", "sla_breach"]
    assert (await told(world, world.ben), await told(world, world.ben, "mail")) == (["sla_breach"], ["sla_breach"])


async def test_what_was_answered_is_no_alarm_though_nobody_followed(world: World, storage: Storage) -> None:
    await start(world)
    await write(world, world.ada)  # the process died before it followed
    await minutes_pass(world, 61)
    assert await look(world) == 0
    assert await clocks(world) == [("first", "met")]
    assert await shown(world) is None


async def test_what_was_missed_long_ago_is_shown_and_counted_but_no_news(world: World, storage: Storage) -> None:
    await start(world)
    await minutes_pass(world, 60 * 48)
    assert await look(world) == 0
    assert await clocks(world) == [("first", "missed")]
    assert await look(world) == 0


async def test_an_alarm_whose_job_comes_late_tells_nobody_of_what_was_answered_since(
    world: World, storage: Storage
) -> None:
    mailed = Choices(sla_breach=Ways(push=False, mail=True))
    async with world.database.work() as work:
        await notifications.choose(work, world.ada.actor, NotificationSettings(choices=mailed))
    await start(world)
    await minutes_pass(world, 61)
    await look(world)
    await tell(world, storage)
    assert await told(world, world.ada, "mail") == ["sla_breach"]
    await write(world, world.ben)
    await follow(world)
    async with world.database.reading() as reading:
        (each,) = await digest(reading, world.ada.id)
    assert (each.event, each.settled) == ("sla_breach", "answered")
