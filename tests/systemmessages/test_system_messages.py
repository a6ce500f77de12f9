"""System messages are made, changed and deleted by those who manage rules, and everybody else hears of it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from alongside.domains.systemmessages import actions, queries
from alongside.domains.systemmessages.events import SystemMessagesChanged
from alongside.domains.systemmessages.schemas import EditSystemMessage, NewSystemMessage, SystemMessage
from alongside.domains.workspace.events import SettingsChanged
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound
from tests.world import World

WAIT = NewSystemMessage(name=" All busy ", texts={"en": "You are number {place}.", "de": ""})


async def make(world: World, new: NewSystemMessage = WAIT) -> SystemMessage:
    async with world.database.work() as work:
        return await actions.create_system_message(work, world.sol.actor, new)


async def test_made_changed_deleted_and_each_is_told_and_kept(world: World) -> None:
    made = await make(world)
    assert (made.name, made.texts, made.version) == ("All busy", {"en": "You are number {place}."}, 1)
    async with world.database.work() as work:
        change = EditSystemMessage(name="Busy", texts={"de": "Platz {place}"}, version=1)
        changed = await actions.edit_system_message(work, world.sol.actor, made.id, change)
    assert (changed.name, changed.texts, changed.version) == ("Busy", {"de": "Platz {place}"}, 2)
    async with world.database.reading() as reading:
        assert await queries.system_message(reading, made.id) == changed
    async with world.database.work() as work:
        await actions.delete_system_message(work, world.sol.actor, made.id)
    async with world.database.reading() as reading:
        assert await queries.system_message(reading, made.id) is None
    assert len(world.facts.of(SystemMessagesChanged)) == 3
    deeds = [each for each in world.facts.of(SettingsChanged) if each.area == "system-messages"]
    assert [next(iter(each.values.items())) for each in deeds] == [
        ("created", "All busy"),
        ("edited", "Busy"),
        ("deleted", "Busy"),
    ]
    assert {each.actor_id for each in deeds} == {world.sol.id}


async def test_of_two_changes_at_once_the_second_is_refused(world: World) -> None:
    made = await make(world)
    async with world.database.work() as work:
        await actions.edit_system_message(
            work, world.sol.actor, made.id, EditSystemMessage(name="One", texts={"en": "One"}, version=1)
        )
    with pytest.raises(Conflict, match="meanwhile"):
        async with world.database.work() as work:
            await actions.edit_system_message(
                work, world.sol.actor, made.id, EditSystemMessage(name="Two", texts={"en": "Two"}, version=1)
            )


async def test_names_are_one_of_a_kind(world: World) -> None:
    await make(world)
    with pytest.raises(Invalid, match="with this name"):
        await make(world, NewSystemMessage(name="ALL BUSY", texts={"en": "x"}))
    with pytest.raises(Invalid, match="1 to 80"):
        await make(world, NewSystemMessage(name=" ", texts={"en": "x"}))


async def test_what_a_rule_tells_is_not_deleted(world: World) -> None:
    made = await make(world)
    async with world.database.work() as work:
        await work.run(
            "INSERT INTO rule (kind, name, position, conditions, body) VALUES ('routing', 'Busy', 1, '{}', $1)",
            {"actions": [{"kind": "tell", "system_message_id": str(made.id)}]},
        )
    with pytest.raises(Conflict, match="Busy"):
        async with world.database.work() as work:
            await actions.delete_system_message(work, world.sol.actor, made.id)


async def test_who_does_not_manage_rules_may_not(world: World) -> None:
    made = await make(world)
    async with world.database.work() as work:
        with pytest.raises(Forbidden):
            await actions.create_system_message(work, world.ada.actor, WAIT)
        with pytest.raises(Forbidden):
            await actions.delete_system_message(work, world.ada.actor, made.id)
        with pytest.raises(NotFound):
            await actions.delete_system_message(work, world.sol.actor, uuid4())
