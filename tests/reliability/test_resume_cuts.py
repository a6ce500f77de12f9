"""P05: a link that is cut anywhere loses nothing and doubles nothing, whichever way and in whichever frame."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

import pytest

from tests.harness.crowd import agrees
from tests.harness.proxy import Fault, FaultProxy, Way
from tests.harness.stage import Stage

AT_ONCE = 8


async def survive(stage: Stage, fault: Fault, name: str) -> None:
    """The first connection of each side is cut; both write meanwhile; in the end all see what is stored."""
    token = await stage.newcomer()
    async with stage.visitor(token, name=f"{name}, before") as before:
        await before.send("hello")
        conversation_id = await stage.conversation_of(token)
        async with FaultProxy(stage.node.port) as proxy, stage.agent(stage.world.ada, name=f"{name}, ada") as ada:
            await ada.open(conversation_id)
            await ada.send(conversation_id, "written before the cut")
            proxy.fault = fault
            visitor = stage.visitor(token, proxy.url, name=f"{name}, visitor")
            ben = stage.agent(stage.world.ben, proxy.url, name=f"{name}, ben")
            visitor.start()
            ben.start()
            await visitor.until(lambda: len(proxy.links) >= 2)
            proxy.fault = Fault()
            answers = [
                visitor.send("written by the visitor during the cut"),
                ada.send(conversation_id, "written by the agent during the cut"),
            ]
            log = await ben.open(conversation_id)
            await ben.note(conversation_id, "noted during the cut")
            await asyncio.gather(*answers)
            await agrees(stage, visitor, visitor.log, conversation_id)
            await agrees(stage, ben, log, conversation_id)
            await visitor.stop()
            await ben.stop()
        await agrees(stage, before, before.log, conversation_id)


async def survive_all(stage: Stage, faults: Sequence[Fault]) -> None:
    journal = stage.begin()
    waiting = list(enumerate(faults))

    async def worker() -> None:
        while waiting:
            place, fault = waiting.pop()
            try:
                await survive(stage, fault, str(place))
            except AssertionError as error:
                raise AssertionError(f"{fault}: {error}") from error

    await asyncio.gather(*(worker() for _ in range(AT_ONCE)))
    print(f"{len(faults)} cuts; {journal.check(stage.database_url)}")


def in_frames(last: int) -> list[Fault]:
    return [Fault(way, cut_after_frames=count) for way in Way for count in range(1, last + 1)]


async def test_cuts(one: Stage, seed: int) -> None:
    """After each of the first frames, and after byte counts drawn from handshake, snapshot and what follows."""
    dice = random.Random(seed)
    counts = [*dice.sample(range(1, 400), 15), *dice.sample(range(400, 4_000), 10)]
    await survive_all(one, [*in_frames(5), *(Fault(dice.choice(list(Way)), cut_after_bytes=count) for count in counts)])


@pytest.mark.deep
@pytest.mark.timeout(1500)
async def test_every_cut(one: Stage) -> None:
    """After each of the first 400 bytes and every seventh up to 6,000, both ways."""
    counts = [*range(1, 401), *range(401, 6_000, 7)]
    await survive_all(one, [*in_frames(12), *(Fault(way, cut_after_bytes=count) for way in Way for count in counts)])
