"""Alarms are raised and told once, however many processes look, and called off when they are over."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.mail.letters import Item, Unwanted
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.notifications.events import AlarmTold
from alongside.domains.watchdogs import actions, letters, queries
from alongside.domains.watchdogs.events import WatchdogsChanged
from alongside.domains.watchdogs.schemas import EditWatchdog, NewWatchdog, Watchdog
from alongside.domains.workspace.events import SettingsChanged
from alongside.kit.ids import new_client_id
from alongside.kit.time import now
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound
from alongside.platform.mail import Letter
from tests.world import Browser, World

LETTER = """
SELECT id, kind, address, agent_id, invitation_id, contact_id, conversation_id, episode, watchdog_id, tries
FROM mail WHERE watchdog_id = $1 ORDER BY created_at, id
"""

ENQUEUE = """
INSERT INTO routing_queue (conversation_id, episode, priority, since, until, rules)
VALUES ($1, 1, 5, now(), now() + interval '1 hour', '')
"""


async def make(world: World, **given: Any) -> Watchdog:
    """A watchdog that tells Ada, unless it is said otherwise."""
    wanted = {"name": "Rex", "threshold": 5, "agent_ids": [str(world.ada.id)]} | given
    async with world.database.work() as work:
        return await actions.create_watchdog(work, world.sol.actor, msgspec.convert(wanted, NewWatchdog))


async def edit(world: World, before: Watchdog, **given: Any) -> Watchdog:
    same = {name: getattr(before, name) for name in EditWatchdog.__struct_fields__}
    async with world.database.work() as work:
        return await actions.edit_watchdog(work, world.sol.actor, before.id, EditWatchdog(**same | given))


async def read(world: World, watchdog_id: UUID) -> Watchdog:
    async with world.database.reading() as reading:
        found = await queries.watchdog(reading, watchdog_id)
    assert found is not None
    return found


async def run(world: World, sql: str, *values: object) -> None:
    async with world.database.work() as work:
        await work.run(sql, *values)


async def look(world: World, at: datetime | None = None) -> int:
    """Three processes look at once."""
    looking = (actions.check(world.database, at or now()) for _ in range(3))
    return sum(await asyncio.gather(*looking))


async def mails(world: World, dog: Watchdog) -> list[Item]:
    async with world.database.reading() as reading:
        return [Item(**dict(row)) for row in await reading.rows(LETTER, dog.id)]


async def write(world: World, item: Item) -> Letter | Unwanted:
    kind = next(kind for kind in letters.KINDS if kind.name == item.kind)
    async with world.database.work() as work:
        return await kind.write(work, world.config, item)


def told(world: World) -> list[tuple[bool, list[UUID]]]:
    return [(fact.over, list(fact.agent_ids)) for fact in world.facts.of(AlarmTold)]


async def test_who_waits_too_long_is_told_once_and_that_it_is_over_once(world: World) -> None:
    dog = await make(world, kind="waits_longer")
    async with world.database.reading() as reading:
        since: datetime = await reading.value("SELECT waiting_since FROM conversation")
    at = since + timedelta(minutes=5)
    assert await look(world, at) == 0
    assert await look(world, at + timedelta(minutes=2)) == 1
    assert await look(world, at + timedelta(minutes=3)) == 0
    standing = await read(world, dog.id)
    assert (standing.raised, standing.raised_at, standing.figure) == (True, at + timedelta(minutes=2), 7)
    assert told(world) == [(False, [world.ada.id])]
    (item,) = await mails(world, dog)
    letter = await write(world, item)
    assert isinstance(letter, Letter)
    assert (letter.to, letter.subject) == (world.ada.email, "Alarm: Rex")
    assert "for 7 min" in letter.text
    await messages.post(
        world.database, world.ada.actor, world.conversation_id, Draft(new_client_id(), "Here I am."), 10_000
    )
    assert await look(world, at + timedelta(minutes=12)) == 1
    assert await look(world, at + timedelta(minutes=13)) == 0
    assert told(world) == [(False, [world.ada.id]), (True, [world.ada.id])]
    standing = await read(world, dog.id)
    assert (standing.raised, standing.cleared_at) == (False, at + timedelta(minutes=12))
    raised, cleared = await mails(world, dog)
    assert await write(world, raised) == Unwanted("alarm-over"), "a letter that comes late says nothing that is wrong"
    letter = await write(world, cleared)
    assert isinstance(letter, Letter)
    assert letter.subject == "All clear: Rex"
    assert "10 min" in letter.text
    async with world.database.reading() as reading:
        noted = "SELECT event, about FROM notification WHERE agent_id = $1 ORDER BY created_at, event DESC"
        events = [(row["event"], row["about"]) for row in await reading.rows(noted, world.ada.id)]
    assert events == [("watchdog_raised", str(dog.id)), ("watchdog_cleared", str(dog.id))]


async def test_a_process_whose_clock_is_behind_takes_nothing_back(world: World) -> None:
    await make(world, kind="waits_longer")
    async with world.database.reading() as reading:
        since: datetime = await reading.value("SELECT waiting_since FROM conversation")
    at = since + timedelta(minutes=5, seconds=1)
    assert await look(world, at) == 1
    assert await look(world, at - timedelta(seconds=1)) == 0
    assert await look(world, at + timedelta(seconds=1)) == 0


async def test_nobody_online(world: World) -> None:
    dog = await make(world, kind="nobody_online")
    at = now()
    assert await look(world, at) == 0, "since now"
    assert await look(world, at + timedelta(minutes=4)) == 0
    assert await look(world, at + timedelta(minutes=5)) == 1
    assert (await read(world, dog.id)).figure == 5
    here = "UPDATE agent SET wants_online = true, lease_until = now() + interval '1 day' WHERE id = $1"
    await run(world, here, world.ben.id)
    assert await look(world, at + timedelta(minutes=6)) == 1
    await run(world, "UPDATE agent SET lease_until = NULL WHERE id = $1", world.ben.id)
    assert await look(world, at + timedelta(minutes=7)) == 0, "and from now on again"
    assert [over for over, _ in told(world)] == [False, True]


async def test_nobody_has_to_be_online_while_it_is_closed(world: World) -> None:
    closed = {"zone": "Europe/Berlin", "week": [[], [], [], [], [], [], []], "special": []}
    await make(world, kind="nobody_online", threshold=0, in_hours=True)
    await run(world, "UPDATE opening_hours SET hours = $1", closed)
    assert await look(world) == 0
    always = {**closed, "week": [[{"opens": "00:00", "closes": "24:00"}]] * 7}
    await run(world, "UPDATE opening_hours SET hours = $1", always)
    assert await look(world) == 1
    await run(world, "UPDATE opening_hours SET hours = $1", closed)
    assert await look(world) == 1, "the day is over"


async def test_a_queue_that_is_too_long(world: World) -> None:
    dog = await make(world, kind="queue_longer", threshold=0, channel_id=str(world.site.id))
    assert await look(world) == 0
    await run(world, ENQUEUE, world.conversation_id)
    assert await look(world) == 1
    assert (await read(world, dog.id)).figure == 1
    await run(world, "DELETE FROM routing_queue")
    assert await look(world) == 1


async def test_a_site_without_its_widget(world: World) -> None:
    await run(world, "DELETE FROM visit")
    dog = await make(world, kind="widget_unseen", threshold=24, channel_id=str(world.site.id))
    at = now()
    assert await look(world, at + timedelta(hours=24, minutes=-1)) == 0, "never seen: missed from now on"
    assert await look(world, at + timedelta(hours=25)) == 1
    seen = """
    INSERT INTO visit (contact_id, channel_id, last_seen_at)
    SELECT contact_id, channel_id, now() + interval '24 hours' FROM conversation WHERE id = $1
    """
    await run(world, seen, world.conversation_id)
    assert await look(world, at + timedelta(hours=26)) == 1
    assert not (await read(world, dog.id)).raised


async def test_members_of_a_team_are_told_each_once_and_nobody_who_has_left(world: World) -> None:
    async with world.database.work() as work:
        new = NewTeam(name="Leads", member_ids=[world.ada.id, world.ben.id])
        team = await agents.create_team(work, world.sol.actor, new)
    dog = await make(world, kind="nobody_online", threshold=0, team_ids=[str(team.id)])
    await run(world, "UPDATE agent SET active = false WHERE id = $1", world.ben.id)
    await look(world)
    assert told(world) == [(False, [world.ada.id])]
    assert [item.agent_id for item in await mails(world, dog)] == [world.ada.id]


async def test_what_is_off_tells_nothing_and_what_is_changed_begins_anew(world: World) -> None:
    dog = await make(world, kind="nobody_online", threshold=0)
    assert await look(world) == 1
    renamed = await edit(world, dog, name="Bello")
    assert renamed.raised, "it watches over the same"
    off = await edit(world, renamed, active=False)
    assert (off.raised, off.raised_at) == (False, None)
    assert await look(world) == 0
    (item,) = await mails(world, dog)
    assert await write(world, item) == Unwanted("watchdog-gone")
    await edit(world, off, active=True)
    assert await look(world) == 1
    assert [over for over, _ in told(world)] == [False, False]


async def test_made_changed_deleted_and_each_is_told_and_kept(world: World) -> None:
    dog = await make(world, name=" Rex ", kind="nobody_online")
    changed = await edit(world, dog, name="Bello")
    assert (dog.name, changed.name, changed.version) == ("Rex", "Bello", 2)
    with pytest.raises(Conflict, match="meanwhile"):
        await edit(world, dog, name="Hasso")
    async with world.database.work() as work:
        await actions.delete_watchdog(work, world.sol.actor, dog.id)
    deeds = [fact for fact in world.facts.of(SettingsChanged) if fact.area == "watchdogs"]
    assert [next(iter(deed.values.items())) for deed in deeds] == [
        ("created", "Rex"),
        ("edited", "Bello"),
        ("deleted", "Bello"),
    ]
    assert len(world.facts.of(WatchdogsChanged)) == 3


async def test_what_does_not_exist_is_refused_where_it_stands(world: World) -> None:
    await make(world, kind="nobody_online")
    for field, wrong in {
        "name": {"name": "REX"},
        "agent_ids": {"agent_ids": [str(uuid4())]},
        "team_ids": {"team_ids": [str(uuid4())]},
        "channel_id": {"channel_id": str(uuid4())},
        "hours_id": {"in_hours": True, "hours_id": str(uuid4())},
    }.items():
        with pytest.raises(Invalid) as caught:
            await make(world, **{"name": "Other", "kind": "waits_longer"} | wrong)
        assert caught.value.details["field"] == field
    with pytest.raises(NotFound):
        async with world.database.work() as work:
            await actions.delete_watchdog(work, world.sol.actor, uuid4())


async def test_who_does_not_manage_rules_may_not(world: World, browser: Browser) -> None:
    dog = await make(world, kind="nobody_online")
    async with world.database.work() as work:
        with pytest.raises(Forbidden):
            await actions.delete_watchdog(work, world.ada.actor, dog.id)
    body = {"name": "Mine", "kind": "nobody_online", "threshold": 1, "agent_ids": [str(world.ada.id)]}
    browser.be(world.ada)
    assert (await browser.get("/watchdogs")).status_code == 403
    assert (await browser.post("/watchdogs", body)).status_code == 403
    browser.be(world.sol)
    made = (await browser.post("/watchdogs", body)).json()
    change = {**body, "name": "Yours", "version": made["version"]}
    assert (await browser.put(f"/watchdogs/{made['id']}", change)).json()["name"] == "Yours"
    assert [dog["name"] for dog in (await browser.get("/watchdogs")).json()] == ["Rex", "Yours"]
    assert (await browser.post("/watchdogs", {**body, "kind": "cat"})).status_code == 422
    assert (await browser.delete(f"/watchdogs/{made['id']}")).status_code == 204
