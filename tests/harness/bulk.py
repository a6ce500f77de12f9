"""More rows than a server would ever write in one statement."""

from __future__ import annotations

import asyncpg

from alongside.platform.database_url import for_asyncpg
from tests.world import World


async def write_many(world: World, sql: str, *values: object) -> None:
    """By a connection of the test's own: it takes as long as it takes, where a server's statements have a limit."""
    assert world.config.database_url is not None
    connection = await asyncpg.connect(for_asyncpg(world.config.database_url.reveal()))
    try:
        await connection.execute(sql, *values)
    finally:
        await connection.close()
