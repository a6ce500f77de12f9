"""A system message is seen by everybody and answers nothing: what it leaves as it was, and to whom it is what."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import ConversationRow, Entry, MessageEntry
from alongside.domains.messages import actions as messages
from alongside.domains.transcripts.logic import Names, Wish, lines
from alongside.domains.webhooks.logic import events_of
from alongside.domains.webhooks.queries import FACTS
from alongside.kit.ids import new_client_id
from alongside.platform.db import Database
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from tests.messages.writing import write
from tests.world import Browser, World

HEARD = {"message.created", "conversation.status_changed"}
INSERT_WEBHOOK = """
INSERT INTO webhook (name, url, events, secret, created_by) VALUES ('all', 'https://x.test', $1, 'whsec_eA==', $2)
"""


async def tell(world: World, text: str = "You are number 2 in line.", client_id: UUID | None = None) -> Entry | None:
    return await messages.tell(world.database, world.conversation_id, text, client_id or new_client_id())


async def row(world: World) -> ConversationRow:
    async with world.database.reading() as reading:
        found = await queries.conversation(reading, world.conversation_id)
    assert found is not None
    return found


async def entries(world: World) -> list[Entry]:
    async with world.database.reading() as reading:
        return (await queries.entries_before(reading, world.conversation_id, queries.END, 100)).entries


def standing(found: ConversationRow) -> tuple[object, ...]:
    """Everything of a row that only people move."""
    return (
        found.status, found.unread_count, found.waiting_since, found.preview, found.preview_author,
        found.last_message_at, found.assignee_id, found.visitor_seen, found.visitor_delivered,
    )  # fmt: skip


async def test_it_is_told_and_everything_stays_as_it_was(world: World) -> None:
    before = await row(world)
    told = await tell(world)
    assert isinstance(told, MessageEntry)
    assert (told.author.kind, told.author.id, told.status, told.episode) == ("system", None, None, 1)
    after = await row(world)
    assert (told.seq, told.public_seq) == (before.last_seq + 1, before.last_seq + 1)
    assert after.last_seq == told.seq
    assert standing(after) == standing(before), "no answer: it still waits"
    (fact,) = [each for each in world.facts.of(EntryAdded) if each.entry.seq == told.seq]
    assert (fact.was_status, fact.author_name, fact.row.unread_count) == ("unread", None, 1)


async def test_what_is_done_stays_done(world: World) -> None:
    await write(world, world.ada.actor, "Goodbye.", then_done=True)
    before = await row(world)
    told = await tell(world, "We are closed until Monday.")
    assert told is not None and (told.status, told.episode) == (None, 1)
    assert standing(await row(world)) == standing(before)
    reopened = await write(world, world.vera.actor, "Still there?")
    assert (reopened.status, reopened.episode) == ("unread", 2)


async def test_a_repeat_is_answered_and_another_text_refused(world: World) -> None:
    client_id = uuid4()
    many = await asyncio.gather(*(tell(world, client_id=client_id) for _ in range(5)))
    assert len({each.seq for each in many if each}) == 1
    assert len([each for each in await entries(world) if each.author.kind == "system"]) == 1
    with pytest.raises(Conflict, match="client_id"):
        await tell(world, "Another text", client_id)


async def test_what_cannot_be_told(world: World) -> None:
    with pytest.raises(Invalid, match="empty"):
        await tell(world, " \n ")
    with pytest.raises(TooLarge, match="4,000"):
        await tell(world, "a" * 4_001)
    with pytest.raises(NotFound):
        await messages.tell(world.database, uuid4(), "Hello", uuid4())


async def test_a_log_begins_with_a_person(world: World) -> None:
    async with world.database.work() as work:
        await work.run("DELETE FROM conversation WHERE id = $1", world.conversation_id)
        empty = await conversations.begin(work, world.vera.actor)
    assert await messages.tell(world.database, empty, "Welcome", uuid4()) is None


async def test_nobody_edits_it_and_the_list_follows_an_edit_of_what_stands_before_it(world: World) -> None:
    answer = await write(world, world.ada.actor, "It is.")
    told = await tell(world)
    assert told is not None
    async with world.database.work() as work:
        with pytest.raises(Forbidden):
            await messages.delete(work, world.sol.actor, world.conversation_id, told.seq)
        edit = messages.Edit(client_id=uuid4(), text="It is not.")
        await messages.edit(work, world.ada.actor, world.conversation_id, answer.seq, edit, 1_000)
    assert (await row(world)).preview == "It is not."


async def test_the_visitor_sees_that_nobody_wrote_it(world: World, browser: Browser) -> None:
    await write(world, world.ada.actor, "It is.")
    await tell(world)
    mine = {"authorization": f"Bearer {world.vera.token}"}
    answer = await browser.call("GET", "/widget/conversation", headers=mine)
    said = answer.json()["messages"]
    assert [(each.get("automatic", False), bool(each["person"])) for each in said] == [
        (False, False),
        (False, True),
        (True, False),
    ]
    assert said[-1]["text"] == "You are number 2 in line."
    assert said[-1]["client_id"] is None


async def test_it_stands_in_a_transcript_by_nobody(world: World) -> None:
    await tell(world)
    wish = Wish(format="csv", inside=False, locale="de", zone=ZoneInfo("UTC"))
    told = list(lines(await entries(world), Names("Vera", {}, {}), wish))[-1]
    assert (told.kind, told.side, told.author, told.at.tzinfo) == (
        "message",
        "system",
        "Automatische Nachricht",
        wish.zone,
    )


async def test_programs_hear_who_said_it(world: World, database: Database) -> None:
    async with database.work() as work:
        await work.run(INSERT_WEBHOOK, list(HEARD), world.sol.id)
    await tell(world)
    async with database.reading() as reading:
        facts = [each for each in await reading.rows(FACTS, 100) if each["author_kind"] == "system"]
    (told,) = events_of(facts[0], HEARD, "https://chat.test")
    assert told.type == "message.created"
    assert '"author":{"kind":"system","id":null,"name":null}' in told.body
