"""Answering to one particular message: a reference in both numberings, and never a way for a note to get out."""

from __future__ import annotations

import pytest

from alongside.domains.conversations.schemas import MessageEntry
from alongside.domains.messages import actions as messages
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Conflict, Invalid, NotFound, Refusal
from tests.messages.writing import write
from tests.world import World


async def test_both_sides_quote_each_in_their_numbering(world: World) -> None:
    await write(world, world.ada.actor, "a note", kind="note")
    ours = await write(world, world.ada.actor, "It is blue.", quote=1)
    assert isinstance(ours, MessageEntry)
    assert (ours.quote, ours.quote_public) == (1, 1)
    theirs = await write(world, world.vera.actor, "Which blue?", quote=2)
    assert isinstance(theirs, MessageEntry)
    assert (theirs.quote, theirs.quote_public) == (3, 2)
    note = await write(world, world.ada.actor, "She always asks.", kind="note", quote=2)
    assert note.quote == 2


@pytest.mark.parametrize(
    ("who", "quote", "refused"),
    [("ada", 2, Invalid), ("ada", 99, NotFound), ("vera", 2, NotFound), ("vera", 0, NotFound), ("ada", -1, NotFound)],
)
async def test_what_cannot_be_quoted(world: World, who: str, quote: int, refused: type[Refusal]) -> None:
    """Number 2 of the log is a note, which the visitor's numbering does not know."""
    await write(world, world.ada.actor, "a note", kind="note")
    with pytest.raises(refused):
        await write(world, getattr(world, who).actor, "about that", quote=quote)


async def test_a_repeat_quotes_the_same(world: World) -> None:
    client_id = new_client_id()
    for actor, text in ((world.ada.actor, "an answer"), (world.vera.actor, "a question")):
        first = await write(world, actor, text, quote=1, client_id=client_id)
        assert await write(world, actor, text, quote=1, client_id=client_id) == first
        with pytest.raises(Conflict):
            await write(world, actor, text, client_id=client_id)


async def test_a_quote_stays_when_the_original_goes(world: World) -> None:
    original = await write(world, world.ada.actor, "wrong")
    answer = await write(world, world.vera.actor, "really?", quote=2)
    async with world.database.work() as work:
        await messages.delete(work, world.ada.actor, world.conversation_id, original.seq)
    assert answer.quote == original.seq
