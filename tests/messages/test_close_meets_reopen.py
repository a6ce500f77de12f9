"""An agent's answer-and-close that waited for a visitor's reopening closes the episode that had just begun."""

from __future__ import annotations

import asyncio

import asyncpg

from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.messages.queries import POST
from alongside.kit.ids import new_client_id
from tests.world import World

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


async def test_the_episode_that_began_meanwhile_is_closed(world: World, fresh_database_url: str) -> None:
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
    reopening = await asyncpg.connect(fresh_database_url)
    watching = await asyncpg.connect(fresh_database_url)
    try:
        transaction = reopening.transaction()
        await transaction.start()
        visitor = ["visitor"], [world.vera.actor.contact_id], [new_client_id()]
        await reopening.fetch(POST, [world.conversation_id], *visitor, ["message"], ["Wait"], ["Wait"], [False])
        draft = Draft(new_client_id(), "Goodbye", then_done=True)
        closing = asyncio.create_task(
            messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
        )
        while not await watching.fetchval(WAITING):
            assert not closing.done()
        await transaction.commit()
        await closing
        open_episodes = await watching.fetchval(
            "SELECT count(*) FROM episode WHERE conversation_id = $1 AND done_at IS NULL", world.conversation_id
        )
        assert open_episodes == 0
    finally:
        await reopening.close()
        await watching.close()
