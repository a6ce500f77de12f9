"""Writing: what is stored, what is refused, and what the sequence of texts makes of status, episodes and counts."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import ConversationRow, Entry, MessageEntry, NoteEntry
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from tests.world import World

LIMIT = 1_000


async def post(world: World, actor: AgentActor | VisitorActor, text: str, **more: Any) -> Entry:
    conversation_id = more.pop("conversation_id", world.conversation_id)
    draft = Draft(more.pop("client_id", None) or new_client_id(), text, **more)
    return await messages.post(world.database, actor, conversation_id, draft, LIMIT)


async def row(world: World, conversation_id: UUID | None = None) -> ConversationRow:
    async with world.database.reading() as reading:
        found = await queries.conversation(reading, conversation_id or world.conversation_id)
    assert found is not None
    return found


async def test_an_answer_moves_unread_to_unresolved(world: World) -> None:
    assert ((await row(world)).status, (await row(world)).unread_count) == ("unread", 1)
    entry = await post(world, world.ada.actor, "It is.")
    assert isinstance(entry, MessageEntry)
    assert (entry.seq, entry.public_seq, entry.status) == (2, 2, "unresolved")
    after = await row(world)
    assert (after.status, after.unread_count, after.waiting_since) == ("unresolved", 0, None)
    assert (after.preview, after.preview_author) == ("It is.", "agent")


async def test_an_answer_that_closes(world: World) -> None:
    entry = await post(world, world.ada.actor, "Goodbye.", then_done=True)
    assert entry.status == "done"
    assert (await post(world, world.ada.actor, "One more thing.")).status is None
    assert (await row(world)).status == "done"


async def test_a_visitor_reopens_and_begins_an_episode(world: World) -> None:
    await post(world, world.ada.actor, "Goodbye.", then_done=True)
    entry = await post(world, world.vera.actor, "Wait!")
    assert (entry.status, entry.episode) == ("unread", 2)
    assert ((await row(world)).episode, (await row(world)).unread_count) == (2, 1)


async def test_a_note_changes_nothing_but_the_log(world: World) -> None:
    before = await row(world)
    entry = await post(world, world.ada.actor, "Only two left.", kind="note")
    assert isinstance(entry, NoteEntry)
    assert (entry.seq, entry.status) == (2, None)
    after = await row(world)
    assert after.last_seq == before.last_seq + 1
    for field in ("status", "preview", "last_message_at", "unread_count", "waiting_since", "last_public_seq"):
        assert getattr(after, field) == getattr(before, field)


async def test_a_visitors_message_says_nothing_of_what_they_have_not_seen(world: World) -> None:
    """Written offline, it arrives after an answer that nobody has looked at."""

    async def marks() -> tuple[int, int]:
        return (await row(world)).visitor_delivered, (await row(world)).visitor_seen

    assert await marks() == (1, 1)
    await post(world, world.vera.actor, "Nothing stands between.")
    assert await marks() == (2, 2)
    await post(world, world.ada.actor, "An answer")
    await post(world, world.vera.actor, "Written before the answer came.")
    assert await marks() == (2, 2)
    async with world.database.work() as work:
        await conversations.mark_visitor(work, world.vera.actor, 4, 3)
    await post(world, world.vera.actor, "Received, not read.")
    assert await marks() == (5, 3)


async def test_waiting_since_the_first_unanswered(world: World) -> None:
    first = (await row(world)).waiting_since
    await post(world, world.vera.actor, "Hello?")
    assert ((await row(world)).waiting_since, (await row(world)).unread_count) == (first, 2)


async def test_repeats_answer_with_the_first(world: World) -> None:
    client_id = new_client_id()
    first = await post(world, world.vera.actor, "Twice", client_id=client_id)
    world.facts.clear()
    again = await asyncio.gather(*(post(world, world.vera.actor, " Twice\r\n", client_id=client_id) for _ in range(8)))
    assert again == [first] * 8
    assert world.facts.of(EntryAdded) == [], "a repeat is told to nobody"


@pytest.mark.parametrize("change", [{"text": "Other"}, {"kind": "note"}])
async def test_an_id_is_used_once(world: World, change: dict[str, Any]) -> None:
    client_id = new_client_id()
    await post(world, world.ada.actor, "Text", client_id=client_id)
    with pytest.raises(Conflict) as refusal:
        await post(world, world.ada.actor, **{"text": "Text", "client_id": client_id, **change})
    assert refusal.value.code == "client-id-reused"


async def test_ids_belong_to_sender_and_conversation(world: World) -> None:
    client_id = new_client_id()
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        elsewhere = await conversations.begin(work, new.actor)
    numbers = [
        (await post(world, world.ada.actor, "a", client_id=client_id)).seq,
        (await post(world, world.ben.actor, "b", client_id=client_id)).seq,
        (await post(world, world.ada.actor, "c", client_id=client_id, conversation_id=elsewhere)).seq,
    ]
    assert numbers == [2, 3, 1]


@pytest.mark.parametrize("text", ["", " \n\t ", "\x00\x01", "\r\n"])
async def test_nothing_is_no_message(world: World, text: str) -> None:
    with pytest.raises(Invalid, match="empty"):
        await post(world, world.vera.actor, text)


async def test_text_is_stored_as_it_may_be(world: World) -> None:
    """Controls and lone surrogates go; everything that people type stays, markup included."""
    entry = await post(world, world.vera.actor, " <b>a\x00\x07b</b>\r\n\tc \ud800👩‍👧 ")
    assert isinstance(entry, MessageEntry)
    assert entry.text == "<b>ab</b>\n\tc 👩‍👧"


async def test_the_limit_counts_characters(world: World) -> None:
    await post(world, world.vera.actor, "👍" * LIMIT)
    with pytest.raises(TooLarge) as refusal:
        await post(world, world.vera.actor, "x" * (LIMIT + 1))
    assert refusal.value.details == {"max_chars": LIMIT}
    assert (await row(world)).last_seq == 2


async def test_only_who_may_reply_writes(world: World) -> None:
    powerless = AgentActor(world.ada.id, world.ada.actor.session_id, "Ada", frozenset())
    for kind in ("message", "note"):
        with pytest.raises(Forbidden):
            await post(world, powerless, "I may not", kind=kind)


async def test_no_conversation_no_message(world: World) -> None:
    with pytest.raises(NotFound):
        await post(world, world.ada.actor, "hello?", conversation_id=new_client_id())


async def test_the_first_message_begins_the_row(world: World) -> None:
    """Until then the conversation is on no list; the fact says that it stood nowhere before."""
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        begun = await conversations.begin(work, new.actor)
        assert await conversations.begin(work, new.actor) == begun
    async with world.database.reading() as reading:
        listed = await queries.inbox(reading, queries.InboxQuestion(folder="all"))
    assert begun not in [each.id for each in listed.rows]
    await post(world, new.actor, "hello", conversation_id=begun)
    assert world.facts.of(EntryAdded)[-1].was_status is None


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["visitor", "ada", "ben"]),
        st.integers(0, 5),  # which client id
        st.sampled_from(["one", "two"]),
        st.sampled_from(["message", "note"]),
        st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
async def test_any_sequence_is_exactly_once(world: World, acts: list[tuple[str, int, str, str, bool]]) -> None:
    """Against a model: a new id is stored with the next number, a repeat answers with the first, a change is refused.

    What the row must be after each sequence is recomputed from the log after the test.
    """
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        place = await conversations.begin(work, new.actor)
    people: dict[str, AgentActor | VisitorActor] = {
        "visitor": new.actor,
        "ada": world.ada.actor,
        "ben": world.ben.actor,
    }
    ids = [new_client_id() for _ in range(6)]
    known: dict[tuple[str, int], tuple[str, str, int]] = {}
    last = 0
    for name, which, text, wanted, then_done in acts:
        kind = "message" if name == "visitor" else wanted
        sending = post(
            world, people[name], text, client_id=ids[which], kind=kind, then_done=then_done, conversation_id=place
        )
        first = known.get((name, which))
        if first and first[:2] != (text, kind):
            with pytest.raises(Conflict):
                await sending
            continue
        seq = (await sending).seq
        if first:
            assert seq == first[2]
            continue
        last += 1
        assert seq == last
        known[name, which] = text, kind, seq
