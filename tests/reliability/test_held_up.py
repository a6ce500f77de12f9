"""P14: a transaction that is held open delays its own conversation and no other, and what it delays is not skipped."""

from __future__ import annotations

import asyncio

import psycopg

from tests.harness.crowd import agrees
from tests.harness.stage import Stage
from tests.harness.until import within

# Far above what a message takes, far below what the held transaction lasts.
UNDELAYED_SECONDS = 3.0
HELD_SECONDS = 8.0


async def test_one_conversation_waits_alone(deployed: Stage) -> None:
    journal = deployed.begin()
    slowest = await within(UNDELAYED_SECONDS, lambda: holding(deployed))
    print(f"slowest of the others {slowest * 1000:.0f} ms; {journal.check(deployed.database_url)}")


async def holding(deployed: Stage) -> float:
    """Seconds that the slowest message took to a conversation that nobody held."""
    held_token, free_token = await deployed.newcomer(), await deployed.newcomer()
    async with (
        deployed.visitor(held_token) as held,
        deployed.visitor(free_token) as free,
        deployed.agent(deployed.world.ada) as ada,
    ):
        await asyncio.gather(held.send("hello"), free.send("hello"))
        locked, open_ = await deployed.conversation_of(held_token), await deployed.conversation_of(free_token)
        await ada.open(locked)
        await ada.open(open_)
        with psycopg.connect(deployed.database_url) as connection:
            connection.execute("SELECT FROM conversation WHERE id = %s FOR UPDATE", [locked])
            waiting = [held.send("I wait"), ada.send(locked, "so do I"), ada.note(locked, "and I")]
            loop = asyncio.get_running_loop()
            until, slowest = loop.time() + HELD_SECONDS, 0.0
            while loop.time() < until:
                began = loop.time()
                await free.send(f"I do not, at {began:.3f}")
                slowest = max(slowest, loop.time() - began)
            assert not any(answer.done() for answer in waiting)
            connection.rollback()
        await asyncio.gather(*waiting)
        for client, log, conversation_id in (
            (held, held.log, locked),
            (free, free.log, open_),
            (ada, ada.logs[str(locked)], locked),
            (ada, ada.logs[str(open_)], open_),
        ):
            await agrees(deployed, client, log, conversation_id)
    return slowest
