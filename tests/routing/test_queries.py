"""Who is there, asked with each page that a visitor opens and with each decision: by indexes, and as routing counts."""

from __future__ import annotations

import re

from alongside.domains.conditions.queries import agents_now
from alongside.domains.routing import queries as routing
from tests.harness.thousands import Explaining, empty, fill
from tests.world import World

MANY = 3_000


async def test_who_has_room_is_counted_by_an_index_of_open_ones(world: World) -> None:
    await fill(world, MANY)
    async with world.database.work() as work:
        await work.run("UPDATE agent SET wants_online = true, lease_until = now() + interval '1 hour'")
    async with world.database.reading() as reading:
        asked = Explaining(reading, "FROM agent a")
        now = await agents_now(asked)
        candidates = [each for each in await routing.candidates(asked) if each.online and each.area in ("chat", "both")]
    ways = re.findall(r"Scan (?:using (\w+) )?on conversation ", asked.plan)
    assert ways == ["conversation_open_of_agent"] * 2, asked.plan
    assert now.online == len(candidates)
    full = [each.id for each in candidates if each.open >= each.chat_limit]
    assert full == [world.ada.id]
    assert now.available == now.online - 1
    await empty(world)
