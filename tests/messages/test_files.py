"""Messages with files: what is written, what a repeat answers, and that a file is sent once."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import Entry, MessageEntry, NoteEntry
from alongside.domains.files import actions as files
from alongside.domains.files.schemas import Attachment
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import MOST_ATTACHMENTS, Draft, posting
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.errors import Conflict, Invalid, NotFound
from alongside.platform.storage import Storage
from tests.files.media import wav
from tests.files.pictures import picture
from tests.files.uploading import attach
from tests.world import World


async def post(
    world: World, actor: AgentActor | VisitorActor, attachments: list[UUID], text: str = "", **more: object
) -> Entry:
    conversation_id = more.pop("conversation_id", world.conversation_id)
    draft = Draft(more.pop("client_id", None) or new_client_id(), text, attachments=attachments, **more)  # type: ignore[arg-type]
    return await messages.post(world.database, actor, conversation_id, draft, 1_000)  # type: ignore[arg-type]


async def test_a_message_of_files_alone(world: World, storage: Storage) -> None:
    photo = await attach(world, storage, world.vera.actor, picture(), "photo.png")
    sound = await attach(world, storage, world.vera.actor, wav(), "voice.wav")
    entry = await post(world, world.vera.actor, [sound.id, photo.id])
    assert isinstance(entry, MessageEntry)
    assert (entry.text, entry.attachments) == ("", [sound, photo])
    (fact,) = world.facts.of(EntryAdded)
    assert fact.entry == entry
    assert (fact.row.preview, fact.row.preview_attachment, fact.row.preview_author) == ("", "audio", "visitor")
    async with world.database.reading() as reading:
        page = await queries.entries_after(reading, world.conversation_id, 1, 10)
        row = await queries.conversation(reading, world.conversation_id)
    assert page.entries == [entry]
    assert row == fact.row


async def test_the_preview_forgets_the_file_of_the_message_before(world: World, storage: Storage) -> None:
    photo = await attach(world, storage, world.ada.actor, picture())
    note = await attach(world, storage, world.ada.actor, wav())
    await post(world, world.ada.actor, [photo.id], "Look")
    await post(world, world.ada.actor, [note.id], kind="note")
    async with world.database.reading() as reading:
        row = await queries.conversation(reading, world.conversation_id)
    assert row
    assert (row.preview, row.preview_attachment) == ("Look", "image")
    await post(world, world.ada.actor, [], "Seen?")
    assert world.facts.of(EntryAdded)[-1].row.preview_attachment is None


async def test_a_note_with_a_file(world: World, storage: Storage) -> None:
    photo = await attach(world, storage, world.ada.actor, picture())
    entry = await post(world, world.ada.actor, [photo.id], kind="note")
    assert isinstance(entry, NoteEntry)
    assert entry.attachments == [photo]


async def test_repeats_answer_with_the_first_and_other_files_are_a_conflict(world: World, storage: Storage) -> None:
    one, two = [await attach(world, storage, world.vera.actor, wav()) for _ in range(2)]
    client_id = new_client_id()
    first = await post(world, world.vera.actor, [one.id], "Hear", client_id=client_id)
    repeats = [post(world, world.vera.actor, [one.id], "Hear", client_id=client_id) for _ in range(5)]
    assert await asyncio.gather(*repeats) == [first] * 5
    for ids, text in (([two.id], "Hear"), ([one.id, two.id], "Hear"), ([], "Hear"), ([one.id], "Other")):
        with pytest.raises(Conflict) as refusal:
            await post(world, world.vera.actor, ids, text, client_id=client_id)
        assert refusal.value.code == "client-id-reused"
    assert await post(world, world.vera.actor, [two.id])


async def test_a_file_is_sent_once_whoever_is_quicker(world: World, storage: Storage) -> None:
    for _ in range(5):
        file = await attach(world, storage, world.vera.actor, wav())
        posts = [post(world, world.vera.actor, [file.id], str(number)) for number in range(8)]
        posts += [post(world, world.vera.actor, [], "beside it") for _ in range(3)]
        answers = await asyncio.gather(*posts, return_exceptions=True)
        assert [type(each) for each in answers].count(MessageEntry) == 1 + 3
        refused = [each.code for each in answers if isinstance(each, Conflict)]
        assert refused == ["file-sent-already"] * 7


async def test_what_is_not_ones_own_cannot_be_sent(world: World, storage: Storage) -> None:
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        elsewhere = await conversations.begin(work, new.actor)
    veras = await attach(world, storage, world.vera.actor, wav())
    adas = await attach(world, storage, world.ada.actor, wav())
    others = await attach(world, storage, world.ada.actor, wav(), conversation_id=elsewhere)
    tries: list[tuple[AgentActor | VisitorActor, UUID, UUID]] = [
        (world.ben.actor, adas.id, world.conversation_id),
        (world.ada.actor, veras.id, world.conversation_id),
        (world.vera.actor, adas.id, world.conversation_id),
        (new.actor, veras.id, elsewhere),
        (world.ada.actor, others.id, world.conversation_id),
        (world.ada.actor, uuid4(), world.conversation_id),
    ]
    for actor, file_id, conversation_id in tries:
        with pytest.raises(NotFound) as refusal:
            await post(world, actor, [file_id], "Mine!", conversation_id=conversation_id)
        assert refusal.value.code == "no-such-upload"


async def test_a_file_that_is_swept_meanwhile_takes_the_message_along(world: World, storage: Storage) -> None:
    file = await attach(world, storage, world.ada.actor, wav())
    chosen = posting._choose

    async def too_late(*given: object) -> list[Attachment] | None:
        found = await chosen(*given)  # type: ignore[arg-type]
        await files.cancel_upload(world.database, world.ada.actor, file.id)
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(posting, "_choose", too_late)
        with pytest.raises(NotFound) as refusal:
            await post(world, world.ada.actor, [file.id], "Here")
    assert refusal.value.code == "no-such-upload"


async def test_how_many(world: World, storage: Storage) -> None:
    ids = [(await attach(world, storage, world.ada.actor, wav())).id for _ in range(MOST_ATTACHMENTS)]
    for wrong in ([*ids, uuid4()], [ids[0], ids[0]]):
        with pytest.raises(Invalid) as refusal:
            await post(world, world.ada.actor, wrong)
        assert refusal.value.code == "too-many-files"
    entry = await post(world, world.ada.actor, ids)
    assert isinstance(entry, MessageEntry)
    assert [file.id for file in entry.attachments] == ids
    with pytest.raises(Invalid, match="empty"):
        await post(world, world.ada.actor, [], " ")
