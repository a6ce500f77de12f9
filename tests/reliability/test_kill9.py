"""P01: an acknowledged message survives SIGKILL of any server process. One process, and three with NATS."""

from __future__ import annotations

import random

import pytest

from tests.harness.crowd import crowd
from tests.harness.nemesis import Nemesis
from tests.harness.nodes import Node
from tests.harness.stage import Stage
from tests.harness.until import until

SENDERS = (14, 6)


async def kill_one(stage: Stage, dice: random.Random) -> str:
    """SIGKILL for a process that serves; it is started again at once, and not waited for while others serve."""
    serving: list[Node] = []

    async def anybody() -> bool:
        serving[:] = [node for node in stage.nodes if await node.serves()]
        return bool(serving)

    await until(anybody, what="some process serves")
    node = dice.choice(serving)
    node.kill()
    node.start()
    return f"killed the one on port {node.port}"


async def kill_and_check(stage: Stage, seed: int, seconds: float, least: int) -> None:
    """20 senders; every 1 to 3 seconds a process that serves is killed."""
    nemesis = Nemesis(seed)
    journal = stage.begin()
    async with crowd(stage, *SENDERS, seed=seed) as people:
        people.talk()
        await nemesis.strike(lambda dice: kill_one(stage, dice), (1, 3), seconds, least)
        for node in stage.nodes:
            await node.ready()
        await until(lambda: len(journal.acknowledged) > 100, what="enough was promised")
        await people.hush()
        compared = await people.agree()
    print(f"{len(nemesis.blows)} kills; {journal.check(stage.database_url)}; {compared} compared with what people saw")


async def test_acknowledged_survives(fragile: Stage, seed: int) -> None:
    await kill_and_check(fragile, seed, 6, least=3)


@pytest.mark.deep
@pytest.mark.timeout(600)
async def test_acknowledged_survives_long(fragile: Stage, seed: int) -> None:
    await kill_and_check(fragile, seed, 90, least=20)
