"""Text blocks in one line."""

from __future__ import annotations

from typing import Any

from alongside.domains.textblocks import actions, queries
from alongside.domains.textblocks.schemas import NewTextBlock, TextBlock
from tests.world import Colleague, World


async def make(world: World, title: str, text: str = "Some text", **rest: Any) -> TextBlock:
    """A text block of Sol's."""
    async with world.database.work() as work:
        return await actions.create_text_block(work, world.sol.actor, NewTextBlock(title=title, text=text, **rest))


async def found(world: World, typed: str, who: Colleague | None = None, language: str | None = None) -> list[str]:
    """Titles, best first."""
    async with world.database.reading() as reading:
        blocks = await queries.search(reading, (who or world.ada).id, typed, language)
    return [block.title for block in blocks]
