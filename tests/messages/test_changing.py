"""Editing and deleting what one wrote: who may, for how long, and that nothing is left of what was there before."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import DeletedEntry, EditedEntry, Entry, MessageEntry, NoteEntry
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Edit
from alongside.domains.privacy import actions as privacy
from alongside.domains.workspace.actions import set_edit_minutes
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from alongside.platform.storage import Storage
from tests.files.media import wav
from tests.files.uploading import attach
from tests.messages.writing import LIMIT, write
from tests.world import World

Actor = AgentActor | VisitorActor
Written = MessageEntry | NoteEntry


async def edit(world: World, actor: Actor, seq: int, text: str, client_id: UUID | None = None) -> Written:
    async with world.database.work() as work:
        change = Edit(client_id or new_client_id(), text)
        return await messages.edit(work, actor, world.conversation_id, seq, change, LIMIT)


async def delete(world: World, actor: Actor, seq: int) -> Entry:
    async with world.database.work() as work:
        return await messages.delete(work, actor, world.conversation_id, seq)


async def log(world: World) -> list[Entry]:
    async with world.database.reading() as reading:
        return (await queries.entries_after(reading, world.conversation_id, 0, 100)).entries


def text_at(entries: list[Entry], seq: int) -> str:
    entry = entries[seq - 1]
    assert isinstance(entry, Written)
    return entry.text


async def preview(world: World) -> tuple[str, str | None]:
    async with world.database.reading() as reading:
        row = await queries.conversation(reading, world.conversation_id)
    assert row
    return row.preview, row.preview_attachment


async def everything(world: World) -> str:
    """All rows of all tables that could hold a text, as one text."""
    tables = ("entry", "conversation", "attachment", "attachment_part", "webhook_delivery", "webhook_fact")
    async with world.database.reading() as reading:
        rows = [await reading.value(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {each} t") for each in tables]
    return " ".join(rows)


async def age(world: World, minutes: int) -> None:
    """All that was written until now was written so much earlier."""
    async with world.database.work() as work:
        await work.run("UPDATE entry SET at = at - make_interval(mins => $1)", minutes)


async def test_an_edit_is_an_entry_and_the_message_says_what_is_true_now(world: World) -> None:
    said = await write(world, world.ada.actor, "It is sold out.")
    world.facts.clear()
    now_says = await edit(world, world.ada.actor, said.seq, "It is in stock.")
    assert isinstance(now_says, MessageEntry)
    assert (now_says.seq, now_says.text, now_says.client_id) == (said.seq, "It is in stock.", said.client_id)
    (fact,) = world.facts.of(EntryAdded)
    entry = fact.entry
    assert isinstance(entry, EditedEntry)
    assert (entry.seq, entry.of, entry.public_seq, entry.of_public) == (3, 2, 3, 2)
    assert (entry.text, fact.row.last_seq, fact.row.last_public_seq) == ("It is in stock.", 3, 3)
    assert fact.row.preview == "It is in stock."
    assert await log(world) == [(await log(world))[0], now_says, entry]
    assert "sold out" not in await everything(world)


async def test_of_several_edits_the_last_alone_holds_a_text(world: World) -> None:
    said = await write(world, world.vera.actor, "one")
    for text in ("two", "three"):
        await edit(world, world.vera.actor, 2, text)
    first, second = [entry for entry in await log(world) if isinstance(entry, EditedEntry)]
    assert (first.text, second.text) == (None, "three")
    assert text_at(await log(world), said.seq) == "three"


async def test_an_edit_of_a_note_has_no_number_in_the_visitors_log(world: World) -> None:
    note = await write(world, world.ada.actor, "careful", kind="note")
    before = await preview(world)
    await edit(world, world.ada.actor, note.seq, "she is nice")
    await delete(world, world.ada.actor, note.seq)
    edited, deleted = (await log(world))[-2:]
    assert isinstance(edited, EditedEntry)
    assert isinstance(deleted, DeletedEntry)
    assert (edited.public_seq, edited.of_public, deleted.public_seq, deleted.of_public) == (None,) * 4
    async with world.database.reading() as reading:
        row = await queries.conversation(reading, world.conversation_id)
    assert row
    assert (row.last_seq, row.last_public_seq) == (4, 1)
    assert await preview(world) == before


async def test_a_deleted_message_is_gone_with_its_files(world: World, storage: Storage) -> None:
    file = await attach(world, storage, world.vera.actor, wav(), "secret.wav")
    said = await write(world, world.vera.actor, "My password is hunter2", attachments=[file.id])
    await edit(world, world.vera.actor, 2, "My password is hunter3")
    left = await delete(world, world.vera.actor, 2)
    assert isinstance(left, MessageEntry)
    assert (left.seq, left.public_seq, left.text, left.attachments) == (said.seq, 2, "", [])
    assert left.deleted_at
    assert (await log(world))[1] == left
    assert await preview(world) == ("", None)
    kept = await everything(world)
    assert not [word for word in ("hunter", "secret.wav") if word in kept]
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM doomed_file") >= 1


async def test_the_list_keeps_showing_a_later_message(world: World) -> None:
    said = await write(world, world.ada.actor, "first")
    await write(world, world.ada.actor, "second")
    await write(world, world.ada.actor, "a note", kind="note")
    await edit(world, world.ada.actor, said.seq, "changed")
    await delete(world, world.ada.actor, said.seq)
    assert await preview(world) == ("second", None)


async def test_neither_changes_status_counts_or_the_order_of_the_list(world: World) -> None:
    await write(world, world.vera.actor, "one more")
    async with world.database.reading() as reading:
        before = await queries.conversation(reading, world.conversation_id)
    await edit(world, world.vera.actor, 2, "one more thing")
    await delete(world, world.vera.actor, 2)
    async with world.database.reading() as reading:
        after = await queries.conversation(reading, world.conversation_id)
    assert before
    assert after
    for field in ("status", "unread_count", "waiting_since", "last_message_at", "episode", "preview_author"):
        assert getattr(before, field) == getattr(after, field)
    # Who stood at the end of the log stands there still.
    assert (after.visitor_seen, after.last_public_seq) == (4, 4)


async def test_only_who_wrote_it_may(world: World) -> None:
    adas = await write(world, world.ada.actor, "Ada's")
    veras = await write(world, world.vera.actor, "Vera's")
    note = await write(world, world.ada.actor, "a note", kind="note")
    tries: list[tuple[Actor, int, type[Refusal]]] = [
        (world.ben.actor, adas.seq, Forbidden),
        (world.sol.actor, note.seq, Forbidden),
        (world.ada.actor, veras.seq, Forbidden),
        (world.vera.actor, 2, Forbidden),
        (world.vera.actor, note.seq, NotFound),
        (world.ada.actor, 99, NotFound),
    ]
    before = await log(world)
    for actor, seq, refusal in tries:
        with pytest.raises(refusal):
            await edit(world, actor, seq, "mine now")
        with pytest.raises(refusal):
            await delete(world, actor, seq)
    reader = AgentActor(**{**{f: getattr(world.ada.actor, f) for f in world.ada.actor.__struct_fields__},
                           "permissions": frozenset()})  # fmt: skip
    with pytest.raises(Forbidden):
        await edit(world, reader, adas.seq, "mine now")
    assert await log(world) == before


async def test_an_edit_or_a_deletion_cannot_be_changed_itself(world: World) -> None:
    said = await write(world, world.ada.actor, "one")
    await edit(world, world.ada.actor, said.seq, "two")
    with pytest.raises(NotFound):
        await edit(world, world.ada.actor, said.seq + 1, "three")
    with pytest.raises(NotFound):
        await delete(world, world.ada.actor, said.seq + 1)


async def test_what_is_out_of_sight_is_not_there(world: World) -> None:
    said = await write(world, world.ada.actor, "mine")
    async with world.database.work() as work:
        await conversations.assign(work, world.sol.actor, world.conversation_id, world.ben.id, None)
    narrow = AgentActor(**{**{f: getattr(world.ada.actor, f) for f in world.ada.actor.__struct_fields__},
                           "holders": frozenset((world.ada.id,))})  # fmt: skip
    for act in (edit(world, narrow, said.seq, "changed"), delete(world, narrow, said.seq)):
        with pytest.raises(NotFound) as refusal:
            await act
        assert refusal.value.code == "no-such-conversation"


async def test_after_the_time_is_over_the_servers_clock_says_so(world: World) -> None:
    over = await write(world, world.ada.actor, "over")
    await age(world, 2)
    open_still = await write(world, world.ada.actor, "open")
    await age(world, 14)
    await edit(world, world.ada.actor, open_still.seq, "open still")
    for act in (edit(world, world.ada.actor, over.seq, "later"), delete(world, world.ada.actor, over.seq)):
        with pytest.raises(Forbidden) as refusal:
            await act
        assert refusal.value.code == "edit-time-over"


async def test_the_company_sets_the_time_and_may_switch_it_off(world: World) -> None:
    said = await write(world, world.ada.actor, "text")
    await age(world, 100)
    async with world.database.work() as work:
        await set_edit_minutes(work, 120)
    await edit(world, world.ada.actor, said.seq, "other text")
    async with world.database.work() as work:
        await set_edit_minutes(work, 0)
    newest = await write(world, world.ada.actor, "new")
    with pytest.raises(Forbidden):
        await delete(world, world.ada.actor, newest.seq)


async def test_a_repeated_edit_changes_nothing(world: World) -> None:
    said, other = [await write(world, world.ada.actor, text) for text in ("one", "another")]
    client_id = new_client_id()
    await edit(world, world.ada.actor, said.seq, "two", client_id)
    await edit(world, world.ada.actor, said.seq, "three")
    before = await log(world)
    again = await edit(world, world.ada.actor, said.seq, "two", client_id)
    assert again.text == "three"
    assert await log(world) == before
    for seq, used in ((other.seq, client_id), (said.seq, other.client_id)):
        with pytest.raises(Conflict) as refusal:
            await edit(world, world.ada.actor, seq, "four", used)
        assert refusal.value.code == "client-id-reused"


async def test_a_repeated_send_is_answered_with_what_became_of_it(world: World) -> None:
    client_id = new_client_id()
    await write(world, world.ada.actor, "one", client_id=client_id)
    edited = await edit(world, world.ada.actor, 2, "two")
    assert await write(world, world.ada.actor, "one", client_id=client_id) == edited
    deleted = await delete(world, world.ada.actor, 2)
    assert await write(world, world.ada.actor, "one", client_id=client_id) == deleted


async def test_texts_are_held_to_the_same_rules_as_when_sent(world: World, storage: Storage) -> None:
    said = await write(world, world.ada.actor, "one")
    for text, refusal in (("  \n ", Invalid), ("x" * (LIMIT + 1), TooLarge)):
        with pytest.raises(refusal):
            await edit(world, world.ada.actor, said.seq, text)
    same = await edit(world, world.ada.actor, said.seq, " one ")
    assert (same, len(await log(world))) == (said, 2)
    file = await attach(world, storage, world.ada.actor, wav())
    photo = await write(world, world.ada.actor, "Look", attachments=[file.id])
    bare = await edit(world, world.ada.actor, photo.seq, "")
    assert (bare.text, len(bare.attachments)) == ("", 1)


async def test_deleted_is_deleted(world: World) -> None:
    said = await write(world, world.ada.actor, "one")
    left = await delete(world, world.ada.actor, said.seq)
    assert await delete(world, world.ada.actor, said.seq) == left
    with pytest.raises(Conflict) as refusal:
        await edit(world, world.ada.actor, said.seq, "two")
    assert refusal.value.code == "message-deleted"
    assert len(await log(world)) == 3


async def test_edits_and_deletion_at_once_stand_in_one_line(world: World) -> None:
    said = await write(world, world.ada.actor, "start")
    acts = [edit(world, world.ada.actor, said.seq, f"text {number}") for number in range(6)]
    acts += [delete(world, world.ada.actor, said.seq), write(world, world.vera.actor, "meanwhile")]
    await asyncio.gather(*acts, return_exceptions=True)
    entries = await log(world)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    numbers = [entry.public_seq for entry in entries if isinstance(entry, MessageEntry | EditedEntry | DeletedEntry)]
    assert numbers == list(range(1, len(entries) + 1))
    (deletion,) = [entry for entry in entries if isinstance(entry, DeletedEntry)]
    assert not [entry for entry in entries if isinstance(entry, EditedEntry) and entry.seq > deletion.seq]
    assert {entry.text for entry in entries if isinstance(entry, EditedEntry)} <= {None}
    assert text_at(entries, said.seq) == ""


async def test_an_edit_meets_the_erasure_of_the_customer(world: World) -> None:
    said = await write(world, world.ada.actor, "start")
    contact_id = world.vera.actor.contact_id

    outcomes = await asyncio.gather(
        privacy.erase(world.database, world.sol.actor, contact_id),
        *(edit(world, world.ada.actor, said.seq, f"text {one}") for one in range(4)),
        return_exceptions=True,
    )
    assert outcomes[0] is None
    assert {type(each) for each in outcomes[1:]} <= {MessageEntry, NotFound}
    with pytest.raises(NotFound):
        await edit(world, world.ada.actor, said.seq, "too late")
    assert await log(world) == []


async def test_what_never_was_cannot_be_changed(world: World) -> None:
    async with world.database.work() as work:
        with pytest.raises(NotFound):
            await messages.edit(work, world.ada.actor, uuid4(), 1, Edit(new_client_id(), "x"), LIMIT)
