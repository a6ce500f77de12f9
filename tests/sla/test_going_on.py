"""The clock of the end goes on where a conversation is set back after Done: by the rules of then, told once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.conversations import actions as conversations
from alongside.domains.labels import actions as labels
from alongside.domains.labels.schemas import NewLabel
from alongside.domains.rules import actions as rules
from alongside.domains.rules.schemas import Rule
from alongside.domains.sla import actions as sla
from alongside.domains.sla import queries
from alongside.kit.time import now
from alongside.platform.storage import Storage
from tests.sla.scene import change, clocks, follow, minutes_pass, rule, shown, tell, told, write
from tests.world import World

HOUR, DAY = 3_600, 86_400

# What a clock is, apart from what was told of it.
ENDS = """
SELECT kind, seq, episode, started_at, pauses, over_at, met, rule_id, due_at, warn_at FROM sla_clock
WHERE conversation_id = $1 AND kind = 'resolution' ORDER BY seq
"""

Change = Callable[[World, Rule], Awaitable[None]]


async def switch_off(world: World, made: Rule) -> None:
    async with world.database.work() as work:
        await rules.switch_rule(work, world.sol.actor, "sla", made.id, "off")


async def delete(world: World, made: Rule) -> None:
    async with world.database.work() as work:
        await rules.delete_rule(work, world.sol.actor, "sla", made.id)


async def lengthen(world: World, made: Rule) -> None:
    await change(world, made, resolution_seconds=4 * DAY)


async def set_to(world: World, status: Literal["unread", "unresolved", "done"]) -> None:
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, status)


async def vip(world: World) -> UUID:
    """A label, and the way to ask for it."""
    async with world.database.work() as work:
        return (await labels.create_label(work, world.sol.actor, NewLabel(name="VIP", colour="red"))).id


def labelled(label_id: UUID) -> dict[str, Any]:
    return {"kind": "group", "match": "all", "of": [{"kind": "label", "label_id": str(label_id)}]}


async def put_on(world: World, label_id: UUID) -> None:
    """And what the follower does then."""
    async with world.database.work() as work:
        await conversations.label_conversation(work, world.ada.actor, world.conversation_id, label_id, on=True)
    await follow(world, judge=True)


async def ends(world: World) -> list[dict[str, Any]]:
    """The clocks of the end, whether a rule set them or not."""
    async with world.database.reading() as reading:
        return [dict(row) for row in await reading.rows(ENDS, world.conversation_id)]


async def kept(world: World) -> list[str]:
    """All clocks there are, whether a rule set them or not."""
    async with world.database.reading() as reading:
        return [row["kind"] for row in await reading.rows("SELECT kind FROM sla_clock ORDER BY kind")]


async def holds(world: World) -> UUID | None:
    """The rule by which the last of them runs."""
    rule_id: UUID | None = (await ends(world))[-1]["rule_id"]
    return rule_id


async def counts(world: World) -> dict[UUID, tuple[int, int, int, int]]:
    """Of each rule: how often it was set, met, missed, and runs."""
    async with world.database.reading() as reading:
        found = await queries.statistics(reading, now() - timedelta(days=30), now())
    return {
        each.rule_id: (count.matched, count.met, count.missed, count.running)
        for each in found.rules
        for count in each.counts
    }


@pytest.mark.parametrize("changed", [switch_off, delete, lengthen])
@pytest.mark.parametrize("back", ["unread", "unresolved"])
async def test_rules_that_changed_while_it_was_done_count_when_it_goes_on(
    world: World, changed: Change, back: Literal["unread", "unresolved"]
) -> None:
    short = await rule(world, "Short", resolution_seconds=DAY)
    other = await rule(world, "Long", resolution_seconds=3 * DAY)
    await sla.keep_up(world.database)
    assert await holds(world) == short.id
    await set_to(world, "done")
    await follow(world)
    await changed(world, short)
    await sla.keep_up(world.database)
    await set_to(world, back)
    await follow(world)
    assert await holds(world) == other.id
    target = await shown(world)
    assert target is not None
    (end,) = await ends(world)
    assert (target.kind, target.due_at) == ("resolution", end["due_at"])
    stood_still = end["pauses"][1] - end["pauses"][0]
    assert target.due_at == end["started_at"] + timedelta(days=3) + stood_still
    assert await counts(world) == {other.id: (1, 0, 0, 1)}


async def test_a_label_that_came_while_it_was_done_counts_when_it_goes_on(world: World) -> None:
    label_id = await vip(world)
    all_of_them = await rule(world, "All", resolution_seconds=3 * DAY)
    urgent = await rule(world, "VIP", labelled(label_id), resolution_seconds=DAY)
    await sla.keep_up(world.database)
    await set_to(world, "done")
    await follow(world)
    await put_on(world, label_id)
    assert await holds(world) == all_of_them.id, "what is over keeps its rule"
    assert await counts(world) == {all_of_them.id: (1, 1, 0, 0)}
    await set_to(world, "unresolved")
    await follow(world)
    assert await holds(world) == urgent.id
    assert await counts(world) == {urgent.id: (1, 0, 0, 1)}
    await set_to(world, "done")
    await follow(world)
    assert await counts(world) == {urgent.id: (1, 1, 0, 0)}


async def test_a_rule_that_matches_when_it_goes_on_finds_the_end_that_none_matched_when_it_was_done(
    world: World,
) -> None:
    label_id = await vip(world)
    urgent = await rule(world, "VIP", labelled(label_id), resolution_seconds=DAY)
    await sla.keep_up(world.database)
    await set_to(world, "done")
    await follow(world)
    assert await counts(world) == {}
    await set_to(world, "unresolved")
    await follow(world)
    assert await shown(world) is None
    await put_on(world, label_id)
    assert await holds(world) == urgent.id
    target = await shown(world)
    assert target is not None
    assert target.kind == "resolution"


async def test_a_rule_that_is_switched_on_later_finds_it_too(world: World) -> None:
    label_id = await vip(world)
    await rule(world, "VIP", labelled(label_id), resolution_seconds=DAY)
    await sla.keep_up(world.database)
    await set_to(world, "done")
    await follow(world)
    await set_to(world, "unread")
    await follow(world)
    later = await rule(world, "All", resolution_seconds=2 * DAY)
    await sla.keep_up(world.database)
    assert await holds(world) == later.id
    assert await counts(world) == {later.id: (1, 0, 0, 1)}


async def test_an_end_that_no_rule_wanted_is_forgotten_with_the_next_episode(world: World) -> None:
    label_id = await vip(world)
    await rule(world, "VIP", labelled(label_id), first_seconds=HOUR, resolution_seconds=DAY)
    await sla.keep_up(world.database)
    for _ in range(2):
        await write(world, world.ada, then_done=True)
        await follow(world)
        assert await kept(world) == ["resolution"], "the answer waits for nothing more"
        await write(world, world.vera)
        await follow(world)
    (end,) = await ends(world)
    assert (end["over_at"], end["rule_id"]) == (None, None)
    await write(world, world.ada, then_done=True)
    await write(world, world.vera)  # in one go
    await follow(world)
    (last,) = await ends(world)
    assert last["episode"] == end["episode"] + 1
    assert await kept(world) == ["first", "resolution"], "of this episode alone"


async def test_what_went_on_and_is_done_again_before_anybody_followed_counts_for_the_rule_of_then(
    world: World,
) -> None:
    short = await rule(world, "Short", resolution_seconds=DAY)
    other = await rule(world, "Long", resolution_seconds=3 * DAY)
    await sla.keep_up(world.database)
    await set_to(world, "done")
    await follow(world)
    await switch_off(world, short)
    await sla.keep_up(world.database)
    assert await counts(world) == {short.id: (1, 1, 0, 0)}, "it was over: switched off is not undone"
    await set_to(world, "unresolved")
    await set_to(world, "done")
    await follow(world)
    assert await counts(world) == {other.id: (1, 1, 0, 0)}


async def test_followed_step_by_step_or_from_the_start_it_is_the_same(world: World) -> None:
    label_id = await vip(world)
    await rule(world, "All", resolution_seconds=3 * DAY)
    await rule(world, "VIP", labelled(label_id), resolution_seconds=DAY)
    await sla.keep_up(world.database)
    await set_to(world, "done")
    await follow(world)
    await put_on(world, label_id)
    await set_to(world, "unresolved")
    await follow(world)
    step_by_step, row = await ends(world), await shown(world)
    async with world.database.work() as work:
        await work.run("DELETE FROM sla_clock")
        await work.run("DELETE FROM sla_course")
    await follow(world)
    assert await ends(world) == step_by_step
    assert await shown(world) == row


async def look(world: World) -> int:
    """Three processes look at once."""
    return sum(await asyncio.gather(*(sla.sound_alarms(world.database) for _ in range(3))))


async def test_a_breach_that_was_told_before_done_is_not_told_again_when_it_goes_on(world: World) -> None:
    made = await rule(world, "All", resolution_seconds=2 * HOUR)
    await sla.keep_up(world.database)
    await minutes_pass(world, 70)
    assert await look(world) == 1
    await set_to(world, "done")
    await follow(world)
    assert await counts(world) == {made.id: (1, 0, 1, 0)}
    await set_to(world, "unresolved")
    await follow(world, judge=True)
    assert await look(world) == 0
    assert await clocks(world) == [("resolution", "missed")]
    await set_to(world, "done")
    await follow(world)
    assert await counts(world) == {made.id: (1, 0, 1, 0)}


async def test_the_rule_by_which_it_goes_on_tells_its_own_breach_once(world: World, storage: Storage) -> None:
    await agents.go_online(world.database, world.ada.actor, True)
    label_id = await vip(world)
    all_of_them = await rule(world, "All", resolution_seconds=3 * DAY)
    urgent = await rule(world, "VIP", labelled(label_id), resolution_seconds=2 * HOUR, warn_percent=None)
    await sla.keep_up(world.database)
    await minutes_pass(world, 70)
    await set_to(world, "done")
    await follow(world)
    await put_on(world, label_id)
    assert await look(world) == 0, "while it is Done nobody is told"
    assert await counts(world) == {all_of_them.id: (1, 1, 0, 0)}
    await set_to(world, "unresolved")
    await follow(world)
    assert [await look(world), await look(world)] == [1, 0]
    await tell(world, storage)
    assert await told(world, world.ada) == ["sla_breach"]
    assert await counts(world) == {urgent.id: (1, 0, 1, 0)}
