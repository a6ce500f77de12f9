"""P04: one order for everybody, without gaps, whoever writes and whenever one joins."""

from __future__ import annotations

import asyncio
import random
from contextlib import AsyncExitStack

from tests.harness.client import Client
from tests.harness.crowd import agrees
from tests.harness.log import Log
from tests.harness.stage import Stage

EACH = 20


async def test_ten_writers_thirty_observers(deployed: Stage, seed: int) -> None:
    """Five tabs of the visitor and five consoles write; observers of both kinds come and go meanwhile."""
    journal = deployed.begin()
    dice = random.Random(seed)
    cast = deployed.world
    token = await deployed.newcomer()
    async with AsyncExitStack() as stack:
        tabs = [await stack.enter_async_context(deployed.visitor(token, name=f"tab {n}", seed=seed)) for n in range(5)]
        await tabs[0].send("first")
        conversation_id = await deployed.conversation_of(token)
        consoles = []
        for place, who in enumerate([cast.sol, cast.ada, cast.ben, cast.ada, cast.ben]):
            console = deployed.agent(who, name=f"console {place}", seed=seed)
            consoles.append(await stack.enter_async_context(console))
            await console.open(conversation_id)
        saw: list[tuple[Client, Log]] = []

        async def visitor_writes(place: int) -> None:
            for number in range(EACH):
                await tabs[place].send(f"tab {place} writes {number}")

        async def agent_writes(place: int) -> None:
            for number in range(EACH):
                write = consoles[place].note if number % 3 == 0 else consoles[place].send
                await write(conversation_id, f"console {place} writes {number}")

        async def observe(place: int) -> None:
            await asyncio.sleep(dice.uniform(0, 0.5))
            if place % 2:
                client = await stack.enter_async_context(deployed.visitor(token, name=f"observer {place}"))
                saw.append((client, client.log))
                return
            console = await stack.enter_async_context(deployed.agent(cast.ada, name=f"observer {place}"))
            saw.append((console, await console.open(conversation_id)))
            if place % 4 == 0:  # leaves and comes back, knowing where it was
                await console.stop()
                console.start()

        writers = [visitor_writes(n) for n in range(5)] + [agent_writes(n) for n in range(5)]
        await asyncio.gather(*writers, *(observe(n) for n in range(30)))
        for client, log in saw:
            await agrees(deployed, client, log, conversation_id)
        for tab in tabs:
            await agrees(deployed, tab, tab.log, conversation_id)
        for console in consoles:
            await agrees(deployed, console, console.logs[str(conversation_id)], conversation_id)
    stored = deployed.entries(conversation_id)
    assert [seq for seq, _, _ in stored] == list(range(1, 10 * EACH + 2))
    print(f"{len(saw) + 10} saw one order; {journal.check(deployed.database_url)}")
