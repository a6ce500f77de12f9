"""Posts of one moment share a statement: the rules of the log hold for each of them as if it were alone."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import Entry, MessageEntry, NoteEntry
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.errors import Conflict, NotFound
from tests.world import World

Actor = AgentActor | VisitorActor


async def post(world: World, actor: Actor, conversation_id: UUID, text: str, **options: Any) -> Entry:
    draft = Draft(options.pop("client_id", None) or new_client_id(), text, **options)
    return await messages.post(world.database, actor, conversation_id, draft, 1000)


async def another_visitor(world: World) -> tuple[VisitorActor, UUID]:
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        return new.actor, await conversations.begin(work, new.actor)


async def log(world: World, conversation_id: UUID) -> list[Entry]:
    async with world.database.reading() as reading:
        return (await queries.entries_after(reading, conversation_id, 0, 500)).entries


async def row(world: World, conversation_id: UUID) -> Any:
    async with world.database.reading() as reading:
        return await queries.conversation(reading, conversation_id)


async def test_each_kind_changes_only_its_own_conversation(world: World) -> None:
    places = [await another_visitor(world) for _ in range(4)]
    for visitor, place in places:
        await post(world, visitor, place, "hello")
    ada = world.ada.actor
    await asyncio.gather(
        post(world, places[0][0], places[0][1], "are you there?"),
        post(world, ada, places[1][1], "yes"),
        post(world, ada, places[2][1], "a regular", kind="note"),
        post(world, ada, places[3][1], "bye", then_done=True),
    )
    rows = [await row(world, place) for _, place in places]
    assert [each.status for each in rows] == ["unread", "unresolved", "unread", "done"]
    assert [each.unread_count for each in rows] == [2, 0, 1, 0]
    assert [each.preview for each in rows] == ["are you there?", "yes", "hello", "bye"]
    assert [each.preview_author for each in rows] == ["visitor", "agent", "visitor", "agent"]
    assert [(each.last_seq, each.last_public_seq) for each in rows] == [(2, 2), (2, 2), (2, 1), (2, 2)]
    assert [each.waiting_since is None for each in rows] == [False, True, False, True]


async def test_a_done_conversation_reopens_with_a_new_episode(world: World) -> None:
    vera, place = world.vera.actor, world.conversation_id
    await post(world, world.ada.actor, place, "bye", then_done=True)
    reopened = await post(world, vera, place, "one more thing")
    assert (reopened.episode, reopened.status) == (2, "unread")
    async with world.database.reading() as reading:
        episodes = await reading.rows(
            "SELECT number, first_seq, done_at IS NOT NULL AS done FROM episode WHERE conversation_id = $1 ORDER BY 1",
            place,
        )
    assert [tuple(each) for each in episodes] == [(1, 1, True), (2, 3, False)]


async def test_many_writers_of_one_conversation_leave_no_gap(world: World) -> None:
    writers: list[Actor] = [world.ada.actor, world.ben.actor, world.vera.actor]
    texts = [(writers[n % 3], f"number {n}", "note" if n % 6 == 0 else "message") for n in range(60)]
    answers = await asyncio.gather(
        *(post(world, actor, world.conversation_id, text, kind=kind) for actor, text, kind in texts)
    )
    entries = await log(world, world.conversation_id)
    assert [each.seq for each in entries] == list(range(1, 62))
    assert [each.public_seq for each in entries if isinstance(each, MessageEntry)] == list(range(1, 52))
    assert entries[1:] == sorted(answers, key=lambda each: each.seq)
    assert [fact.entry.seq for fact in world.facts.of(EntryAdded)] == list(range(2, 62))


async def test_repeats_of_one_send_are_answered_with_the_one_entry(world: World) -> None:
    client_id = new_client_id()
    answers = await asyncio.gather(
        *(post(world, world.vera.actor, world.conversation_id, "once", client_id=client_id) for _ in range(20))
    )
    assert len({each.seq for each in answers}) == 1
    assert len(await log(world, world.conversation_id)) == 2
    assert len(world.facts.of(EntryAdded)) == 1
    with pytest.raises(Conflict):
        await post(world, world.vera.actor, world.conversation_id, "another text", client_id=client_id)


async def test_a_conversation_that_is_gone_refuses_alone(world: World) -> None:
    gone = UUID(int=1)
    answers = await asyncio.gather(
        post(world, world.ada.actor, gone, "anybody?"),
        post(world, world.ada.actor, world.conversation_id, "hello", kind="note"),
        return_exceptions=True,
    )
    assert isinstance(answers[0], NotFound)
    assert isinstance(answers[1], NoteEntry)
