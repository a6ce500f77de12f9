"""Who has read a message, and when: told to agents who may see it; visitors learn that somebody did, and no more."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from msgspec.structs import replace

from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.events import TeamHasSeen, VisitorHasMarked
from alongside.domains.messages import queries
from alongside.domains.messages.schemas import SeenBy, SeenMessage
from alongside.domains.privacy import actions as privacy
from alongside.platform.errors import NotFound
from tests.messages.writing import write
from tests.world import Browser, Colleague, World


async def reads(world: World, who: Colleague, seq: int) -> None:
    async with world.database.work() as work:
        await conversations.mark_seen(work, who.actor, world.conversation_id, seq)


async def visitor_reads(world: World, seq: int, delivered: int = 0) -> None:
    async with world.database.work() as work:
        await conversations.mark_visitor(work, world.vera.actor, delivered, seq)


async def seen(world: World, seq: int) -> SeenMessage | None:
    async with world.database.reading() as reading:
        return await queries.seen_by(reading, world.conversation_id, seq)


async def marks(world: World) -> list[tuple[Any, int]]:
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT agent_id, seq FROM read_mark ORDER BY at, seq")
    return [(row["agent_id"], row["seq"]) for row in rows]


def when(by: SeenBy) -> datetime:
    assert by.at
    return by.at


async def test_each_message_tells_who_read_it_and_when(world: World) -> None:
    await write(world, world.vera.actor, "Anybody there?")
    await reads(world, world.ada, 1)
    await reads(world, world.ben, 2)
    await reads(world, world.ada, 2)
    first, second = await seen(world, 1), await seen(world, 2)
    assert first
    assert second
    assert [each.agent_id for each in first.agents] == [world.ada.id, world.ben.id]
    assert [each.agent_id for each in second.agents] == [world.ben.id, world.ada.id]
    # Ben read both at once, Ada one after the other.
    assert when(first.agents[1]) == when(second.agents[0])
    assert when(first.agents[0]) < when(second.agents[0]) < when(second.agents[1])
    # A visitor's message is not seen by the visitor: they wrote it.
    assert (first.visitor, second.visitor) == (None, None)


async def test_marks_only_move_forward_and_never_past_the_end(world: World) -> None:
    await write(world, world.vera.actor, "two")
    for seq in (2, 1, 2, 99, -3):
        await reads(world, world.ada, seq)
    assert await marks(world) == [(world.ada.id, 2)]
    assert len(world.facts.of(TeamHasSeen)) == 1


async def test_when_the_visitor_saw_an_answer(world: World) -> None:
    await write(world, world.ada.actor, "for us alone", kind="note")
    answer = (await write(world, world.ada.actor, "It is.")).seq
    assert answer == 3
    assert await seen(world, 3) == SeenMessage(agents=[], visitor=None)
    await visitor_reads(world, 1, delivered=2)
    assert await seen(world, 3) == SeenMessage(agents=[], visitor=None), "delivered is not read"
    await visitor_reads(world, 2)
    shown = await seen(world, 3)
    assert shown
    assert shown.visitor
    assert shown.visitor.at
    await visitor_reads(world, 1)
    await visitor_reads(world, 2)
    assert await seen(world, 3) == shown
    note = await seen(world, 2)
    assert note
    assert note.visitor is None, "a note is nothing a visitor could have seen"
    assert [fact.seen for fact in world.facts.of(VisitorHasMarked)] == [1, 2]


async def test_who_wrote_it_has_not_read_it(world: World) -> None:
    answer = (await write(world, world.ada.actor, "It is.")).seq
    for who in (world.ada, world.ben):
        await reads(world, who, answer)
    shown = await seen(world, answer)
    assert shown
    assert [each.agent_id for each in shown.agents] == [world.ben.id]


async def test_read_before_it_was_kept_when(world: World) -> None:
    await reads(world, world.ada, 1)
    async with world.database.work() as work:
        await work.run("UPDATE read_mark SET at = NULL")
    assert await seen(world, 1) == SeenMessage(agents=[SeenBy(world.ada.id, None)], visitor=None)


async def test_what_is_no_message_has_no_readers(world: World) -> None:
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
    assert [await seen(world, seq) for seq in (2, 3, 0, 2**62)] == [None] * 4


async def test_over_http_to_agents_who_may_see_it(world: World, browser: Browser) -> None:
    path = f"/conversations/{world.conversation_id}/entries/1/seen"
    await reads(world, world.ben, 1)
    browser.be(world.ada)
    answer = await browser.get(path)
    assert answer.status_code == 200
    (by,) = answer.json()["agents"]
    assert by["agent_id"] == str(world.ben.id)
    assert answer.json()["visitor"] is None
    for wrong in (path.replace("/1/", "/9/"), path.replace("/1/", f"/{2**70}/")):
        refused = await browser.get(wrong)
        assert (refused.status_code, refused.json()["code"]) == (404, "no-such-message")
    async with world.database.work() as work:
        await conversations.assign(work, world.sol.actor, world.conversation_id, world.ben.id, None)
        await work.run(
            "UPDATE role SET sees = 'own' FROM agent a WHERE a.role_id = role.id AND a.id = $1", world.ada.id
        )
    refused = await browser.get(path)
    assert (refused.status_code, refused.json()["code"]) == (404, "no-such-conversation")
    narrow = replace(world.ada.actor, holders=frozenset((world.ada.id,)))
    before = await marks(world)
    await write(world, world.vera.actor, "more")
    with pytest.raises(NotFound):
        async with world.database.work() as work:
            await conversations.mark_seen(work, narrow, world.conversation_id, 2)
    assert await marks(world) == before


async def test_visitors_learn_that_it_was_seen_and_no_more(world: World, browser: Browser) -> None:
    await reads(world, world.ada, 1)
    headers = {"authorization": f"Bearer {world.vera.token}"}
    own = await browser.call("GET", "/widget/conversation", headers=headers)
    assert own.json()["team_seen"] == 1
    assert str(world.ada.id) not in own.text
    for path in (
        f"/conversations/{world.conversation_id}/entries/1/seen",
        "/widget/conversation/messages/1/seen",
        "/widget/conversation/entries/1/seen",
    ):
        assert (await browser.call("GET", path, headers=headers)).status_code in (401, 404, 405)


async def test_it_goes_with_the_customer(world: World) -> None:
    await write(world, world.ada.actor, "It is.")
    await reads(world, world.ben, 2)
    await visitor_reads(world, 2)
    assert len(await marks(world)) == 2
    await privacy.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    assert await marks(world) == []
