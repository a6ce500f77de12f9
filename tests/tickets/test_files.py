"""Files of tickets: carried by comments, deleted, gone with the person whom a ticket was about."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.files import actions as files
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment
from alongside.domains.privacy import actions as privacy
from alongside.domains.tickets import actions, queries
from alongside.domains.tickets.events import TicketChanged
from alongside.domains.tickets.schemas import CommentEntry, FilesRemovedEntry, NewComment, NewTicket, TicketDetails
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from alongside.platform.storage import Storage
from tests.files.pictures import picture
from tests.files.uploading import Door, attach
from tests.world import Browser, World, hire, make_role


async def make(world: World, **fields: Any) -> int:
    """The number of a ticket of Ada's."""
    async with world.database.work() as work:
        new = NewTicket(client_id=new_client_id(), title="A broken zip", **fields)
        return (await actions.create(work, world.ada.actor, new)).number


async def put(world: World, storage: Storage, number: int, content: bytes, name: str = "file.bin") -> Attachment:
    """A whole upload of Ada's for a ticket."""
    return await attach(world, storage, world.ada.actor, content, name, place=Place(ticket_number=number))


async def comment(
    world: World, number: int, ids: list[UUID], text: str = "", client_id: UUID | None = None
) -> CommentEntry:
    async with world.database.work() as work:
        new = NewComment(client_id=client_id or new_client_id(), text=text, attachments=ids)
        return await actions.comment(work, world.ada.actor, number, new)


async def remove(world: World, number: int, file_id: UUID, actor: AgentActor | None = None) -> None:
    async with world.database.work() as work:
        await actions.remove_file(work, actor or world.ada.actor, number, file_id)


async def read(world: World, number: int) -> TicketDetails:
    async with world.database.snapshot() as reading:
        details = await queries.details(reading, number)
    assert details
    return details


async def test_a_comment_carries_files_and_may_be_of_files_alone(world: World, storage: Storage) -> None:
    number = await make(world)
    photo, paper = await put(world, storage, number, picture(), "seam.png"), await put(world, storage, number, b"x")
    said = await comment(world, number, [photo.id], "See")
    alone = await comment(world, number, [paper.id])
    assert (said.text, said.attachments, alone.text, alone.attachments) == ("See", [photo], "", [paper])
    details = await read(world, number)
    assert details.entries[1:] == [said, alone]
    assert [(each.attachment, each.seq, each.author_id) for each in details.files] == [
        (photo, 2, world.ada.id),
        (paper, 3, world.ada.id),
    ]
    assert world.facts.of(TicketChanged)[-1].row.last_seq == 3
    async with world.database.work() as work:
        await work.run("UPDATE attachment SET touched_at = now() - interval '2 days'")
    await files.sweep_uploads(world.database)
    assert len((await read(world, number)).files) == 2, "what a comment carries is not swept away"


async def test_a_repeat_is_answered_and_anything_else_refused(world: World, storage: Storage) -> None:
    number, other = await make(world), await make(world)
    mine, more = await put(world, storage, number, b"mine"), await put(world, storage, number, b"more")
    elsewhere = await put(world, storage, other, b"of another ticket")
    chatted = await attach(world, storage, world.ada.actor, b"of a conversation")
    client_id = new_client_id()
    first = await comment(world, number, [mine.id], "See", client_id)
    assert await comment(world, number, [mine.id], "See", client_id) == first
    refused: list[tuple[list[UUID], type[Refusal], UUID | None]] = [
        ([mine.id, more.id], Conflict, client_id),
        ([], Conflict, client_id),
        ([mine.id], Conflict, None),
        ([elsewhere.id], NotFound, None),
        ([chatted.id], NotFound, None),
        ([uuid4()], NotFound, None),
        ([more.id, more.id], Invalid, None),
        ([uuid4() for _ in range(11)], Invalid, None),
    ]
    for ids, refusal, again in refused:
        with pytest.raises(refusal):
            await comment(world, number, ids, "See", again)
    with pytest.raises(Invalid, match="nothing to send"):
        await comment(world, number, [])
    assert (await read(world, number)).row.comment_count == 1


async def test_two_comments_race_for_one_file_and_one_has_it(world: World, storage: Storage) -> None:
    number = await make(world)
    file = await put(world, storage, number, b"once")
    answers = await asyncio.gather(*(comment(world, number, [file.id]) for _ in range(4)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in answers) == ["CommentEntry", "Conflict", "Conflict", "Conflict"]


async def test_a_deleted_file_is_gone_with_its_bytes_and_the_history_says_so(world: World, storage: Storage) -> None:
    number, other = await make(world), await make(world)
    file = await put(world, storage, number, b"secret", "secret.txt")
    client_id = new_client_id()
    await comment(world, number, [file.id], "See", client_id)
    with pytest.raises(NotFound):
        await remove(world, other, file.id)
    nobody = await make_role(world.database, "Reader", ["tickets.read"])
    reader = await hire(world.config, world.database, "Rita", nobody)
    with pytest.raises(Forbidden):
        await remove(world, number, file.id, reader.actor)
    await remove(world, number, file.id)
    details = await read(world, number)
    assert details.files == []
    said, removed = details.entries[1:]
    assert isinstance(said, CommentEntry) and (said.text, said.attachments) == ("See", [])
    assert isinstance(removed, FilesRemovedEntry) and (removed.count, removed.author_id) == (1, world.ada.id)
    assert (await comment(world, number, [file.id], "See", client_id)).seq == said.seq, (
        "a late repeat is no new comment"
    )
    async with world.database.reading() as reading:
        keys = [row["storage_key"] for row in await reading.rows("SELECT storage_key FROM doomed_file")]
    await files.delete_doomed(world.database, storage)
    assert [await storage.get(key) for key in keys] == [None] * len(keys) != []
    with pytest.raises(NotFound):
        await remove(world, number, file.id)


async def test_over_http_in_parts_and_only_who_may(world: World, browser: Browser, storage: Storage) -> None:
    number = await make(world)
    door = Door(browser.be(world.ada), f"/tickets/{number}/uploads", "/tickets/uploads")
    file = await door.upload("seam.png", picture(), "image/png")
    assert (await browser.get(f"/attachments/{file['id']}/content")).status_code == 200, "one's own"
    told = await browser.be(world.ben).get(f"/attachments/{file['id']}/content")
    assert (told.status_code, told.json()["code"]) == (404, "no-such-file"), "nobody else sees what is not sent"
    assert (await Door(browser, "", "/tickets/uploads").cancel(file["id"])).status_code == 404
    body = {"client_id": str(new_client_id()), "text": "", "attachments": [file["id"]]}
    entry = (await browser.be(world.ada).post(f"/tickets/{number}/comments", body)).json()["entry"]
    assert entry["attachments"] == [file]
    assert (await browser.delete(f"/tickets/uploads/{file['id']}")).status_code == 404, "it is no upload any more"
    blind = await hire(world.config, world.database, "Bea", await make_role(world.database, "Blind", []))
    reader = await hire(
        world.config, world.database, "Rita", await make_role(world.database, "Reader", ["tickets.read"])
    )
    for who, status in ((world.ben, 200), (reader, 200), (blind, 404)):
        for variant in ("content", "thumbnail"):
            answer = await browser.be(who).get(f"/attachments/{file['id']}/{variant}")
            assert answer.status_code == status
    begun = await browser.be(reader).post(f"/tickets/{number}/uploads", {"name": "x", "bytes": 1})
    assert begun.json()["code"] == "not-permitted"
    browser.be(world.ada)
    assert (await browser.post("/tickets/99999/uploads", {"name": "x", "bytes": 1})).json()["code"] == "no-such-ticket"
    large = await browser.post(f"/tickets/{number}/uploads", {"name": "x", "bytes": 10**12})
    assert large.json()["code"] == "file-too-large"
    assert (await browser.delete(f"/tickets/{number}/files/{file['id']}")).status_code == 200
    assert (await browser.get(f"/attachments/{file['id']}/content")).status_code == 404


async def test_files_go_with_the_person_whom_alone_a_ticket_is_about(world: World, storage: Storage) -> None:
    alone = await make(world, conversation_id=world.conversation_id)
    shared, nobodys = await make(world, conversation_id=world.conversation_id), await make(world)
    async with world.database.work() as work:
        zoe = await contacts.meet_visitor(work, world.site.id, None, "en")
        await actions.link_contact(work, world.ada.actor, shared, zoe.actor.contact_id)
    placed = {}
    for number in (alone, shared, nobodys):
        placed[number] = (await put(world, storage, number, b"of %d" % number, f"{number}.txt")).id
        await comment(world, number, [placed[number]], "See")
    await put(world, storage, alone, b"never sent")
    vera = world.vera.actor.contact_id
    async with world.database.snapshot() as reading:
        told = await privacy.personal_data(reading, vera, "https://chat.test")
        extent = await privacy.extent(reading, world.sol.actor, vera)
    assert [each.name for each in told.files] == [f"{alone}.txt"]
    assert told.files[0].url == f"https://chat.test/api/v1/attachments/{placed[alone]}/content?download"
    assert extent.rows["attachment"] == 1
    await privacy.erase(world.database, world.sol.actor, vera)
    left = {number: await read(world, number) for number in placed}
    assert {number: len(details.files) for number, details in left.items()} == {alone: 0, shared: 1, nobodys: 1}
    last = left[alone].entries[-1]
    assert isinstance(last, FilesRemovedEntry) and (last.count, last.author_id) == (1, world.sol.id)
    assert world.facts.of(TicketChanged)[-1].row.number == alone
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM attachment WHERE ticket_number = $1", alone) == 0
