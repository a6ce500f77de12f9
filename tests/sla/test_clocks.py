"""Clocks in the database follow the log, by the rules of now."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from alongside.domains.conversations import actions as conversations
from alongside.domains.labels import actions as labels
from alongside.domains.labels.schemas import NewLabel
from alongside.domains.rules import actions as rules
from alongside.domains.sla import actions as sla
from alongside.domains.sla.events import TargetShown
from tests.sla.scene import change, clocks, follow, minutes_pass, rule, shown, write
from tests.world import World


async def test_a_first_answer_a_later_one_and_an_end(world: World) -> None:
    await rule(world, "All", first_seconds=600, second_seconds=1_200, resolution_seconds=86_400)
    await sla.keep_up(world.database)
    target = await shown(world)
    assert target is not None
    assert (target.kind, target.left_seconds) == ("first", None)
    assert target.due_at is not None
    assert target.warn_at == target.due_at - timedelta(seconds=120), "at 80 %"
    await write(world, world.ada)
    await follow(world)
    assert [each.row.sla.kind for each in world.facts.of(TargetShown) if each.row.sla] == ["first", "resolution"]
    assert await clocks(world) == [("first", "missed"), ("resolution", "runs")], "the cast's message is an hour old"
    await write(world, world.vera)
    await write(world, world.vera)
    await follow(world)
    target = await shown(world)
    assert target is not None
    assert target.kind == "second"
    await write(world, world.ada, then_done=True)
    await follow(world)
    assert await shown(world) is None
    assert (await clocks(world))[1:] == [("resolution", "met"), ("second", "met")]


async def test_done_stands_still_and_goes_on_by_hand(world: World) -> None:
    await write(world, world.ada, then_done=True)
    await rule(world, "All", first_seconds=600)
    await write(world, world.vera)
    await follow(world)
    await minutes_pass(world, 4)
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
    await follow(world)
    target = await shown(world)
    assert target is not None
    assert (target.kind, target.due_at) == ("first", None)
    assert target.left_seconds == pytest.approx(360, abs=30)
    await minutes_pass(world, 600)
    await follow(world)
    assert await shown(world) == target, "however long it stays Done"
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, "unresolved")
    await follow(world)
    assert await clocks(world) == [("first", "runs")]
    await write(world, world.ada)
    await follow(world)
    assert await clocks(world) == [("first", "met")]


async def test_of_several_rules_the_one_that_is_up_first_and_a_label_counts_at_once(world: World) -> None:
    async with world.database.work() as work:
        label = await labels.create_label(work, world.sol.actor, NewLabel(name="VIP", colour="red"))
    urgent = {"kind": "group", "match": "all", "of": [{"kind": "label", "label_id": str(label.id)}]}
    await rule(world, "All", first_seconds=86_400)
    await rule(world, "VIP", urgent, first_seconds=7_200)
    await sla.keep_up(world.database)
    before = await shown(world)
    async with world.database.work() as work:
        await conversations.label_conversation(work, world.ada.actor, world.conversation_id, label.id, on=True)
    await follow(world)
    assert await shown(world) == before, "nothing that was written asks for another rule"
    await follow(world, judge=True)
    after = await shown(world)
    assert before and after and before.due_at and after.due_at
    assert after.due_at == before.due_at - timedelta(seconds=79_200)


async def test_rules_that_are_changed_switched_off_or_deleted_are_followed_by_running_clocks(world: World) -> None:
    made = await rule(world, "All", first_seconds=7_200)
    await sla.keep_up(world.database)
    before = await shown(world)
    await change(world, made, first_seconds=14_400, warn_percent=None)
    await sla.keep_up(world.database)
    after = await shown(world)
    assert before and after and before.due_at and after.due_at
    assert (after.due_at - before.due_at, after.warn_at) == (timedelta(hours=2), None)
    async with world.database.work() as work:
        await rules.switch_rule(work, world.sol.actor, "sla", made.id, "off")
    await sla.keep_up(world.database)
    assert await shown(world) is None
    await write(world, world.ada)
    async with world.database.work() as work:
        await rules.switch_rule(work, world.sol.actor, "sla", made.id, "on")
    await sla.keep_up(world.database)
    assert await shown(world) is None, "answered while it was off, which the log knows"
    assert await clocks(world) == []
    async with world.database.work() as work:
        await rules.delete_rule(work, world.sol.actor, "sla", made.id)
    await sla.keep_up(world.database)


async def test_what_a_process_left_that_died_is_found_by_the_next_round(world: World) -> None:
    await rule(world, "All", first_seconds=600, second_seconds=600)
    await sla.keep_up(world.database)
    await write(world, world.ada)
    await write(world, world.vera)  # and nobody followed
    await asyncio.gather(*(sla.keep_up(world.database) for _ in range(3)))
    assert await clocks(world) == [("first", "missed"), ("second", "runs")]
    world.facts.clear()
    await sla.keep_up(world.database)
    assert world.facts.of(TargetShown) == []


async def test_without_a_rule_nothing_is_kept(world: World) -> None:
    await sla.keep_up(world.database)
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM sla_course") == 0
