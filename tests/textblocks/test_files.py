"""Files that go along with a text block: attached, copied into messages, outliving the block."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest

from alongside.domains.files import actions as files
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.textblocks import actions
from alongside.domains.textblocks.schemas import EditTextBlock, TextBlock
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Invalid, NotFound, Refusal
from alongside.platform.storage import Storage
from tests.files.pictures import picture
from tests.files.uploading import Door, attach
from tests.textblocks.making import make
from tests.world import Browser, Colleague, World


async def bring(world: World, storage: Storage, content: bytes, name: str, who: Colleague | None = None) -> Attachment:
    """A whole upload for a text block, of Sol's."""
    return await attach(world, storage, (who or world.sol).actor, content, name, place=Place())


async def edit(world: World, block: TextBlock, **change: Any) -> TextBlock:
    async with world.database.work() as work:
        return await actions.edit_text_block(work, world.sol.actor, block.id, EditTextBlock(**change))


async def rows(world: World) -> int:
    async with world.database.reading() as reading:
        return int(await reading.value("SELECT count(*) FROM attachment"))


async def test_files_are_given_taken_and_put_in_order(world: World, storage: Storage) -> None:
    photo, paper = await bring(world, storage, picture(), "a.png"), await bring(world, storage, b"x", "b.txt")
    block = await make(world, "Returns", files=[photo.id, paper.id])
    assert block.files == [photo, paper]
    assert (await edit(world, block, title="Returning")).files == [photo, paper], "left out, they stay"
    assert (await edit(world, block, files=[paper.id, photo.id])).files == [paper, photo]
    assert (await edit(world, block, files=[photo.id])).files == [photo]
    assert await rows(world) == 1, "what a block gives up is gone"
    async with world.database.work() as work:
        await work.run("UPDATE attachment SET touched_at = now() - interval '2 days'")
    await files.sweep_uploads(world.database)
    copy = await make(world, "A copy", files=[photo.id])
    assert [(each.name, each.id != photo.id) for each in copy.files] == [("a.png", True)]
    async with world.database.work() as work:
        await actions.delete_text_block(work, world.sol.actor, block.id)
    assert await rows(world) == 1


async def test_what_may_not_be_taken(world: World, storage: Storage) -> None:
    adas = await bring(world, storage, b"x", "adas.txt", world.ada)
    chatted = await attach(world, storage, world.sol.actor, b"of a conversation")
    mine = await bring(world, storage, b"y", "mine.txt")
    refused: list[tuple[list[UUID], type[Refusal]]] = [
        ([adas.id], NotFound),
        ([chatted.id], NotFound),
        ([uuid4()], NotFound),
        ([mine.id, mine.id], Invalid),
        ([uuid4() for _ in range(11)], Invalid),
    ]
    for ids, refusal in refused:
        with pytest.raises(refusal):
            await make(world, "Refused", files=ids)
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM text_block") == 0


async def test_inserted_they_are_copies_that_outlive_the_block(
    world: World, storage: Storage, browser: Browser
) -> None:
    photo = await bring(world, storage, picture(), "a.png")
    block = await make(world, "Returns", files=[photo.id])
    path = f"/conversations/{world.conversation_id}/uploads/from-text-block"
    browser.be(world.ada)
    taken = [(await browser.post(path, {"text_block_id": str(block.id)})).json() for _ in range(2)]
    (first,), (second,) = taken
    assert {first["name"], second["name"]} == {"a.png"}
    assert len({first["id"], second["id"], str(photo.id)}) == 3
    draft = Draft(new_client_id(), "Here", attachments=[UUID(first["id"])])
    await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    assert (await browser.delete(f"/uploads/{second['id']}")).status_code == 204, "taken away before sending"
    async with world.database.work() as work:
        await actions.delete_text_block(work, world.sol.actor, block.id)
    await files.delete_doomed(world.database, storage)
    for variant in ("content", "thumbnail"):
        answer = await browser.get(f"/attachments/{first['id']}/{variant}")
        assert (answer.status_code, len(answer.content) > 100) == (200, True)
    assert (await browser.get(f"/attachments/{photo.id}/content")).status_code == 404
    gone = await browser.post(path, {"text_block_id": str(block.id)})
    assert gone.json()["code"] == "no-such-text-block"


async def test_only_who_may_use_the_block_gets_its_files(
    world: World, storage: Storage, browser: Browser, returns: UUID
) -> None:
    door = Door(browser.be(world.sol), "/text-blocks/uploads", "/text-blocks/uploads")
    photo = await door.upload("a.png", picture(), "image/png")
    assert (await browser.be(world.ada).get(f"/attachments/{photo['id']}/content")).status_code == 404
    block = await make(world, "Returns", files=[UUID(photo["id"])], team_ids=[returns])
    path = f"/conversations/{world.conversation_id}/uploads/from-text-block"
    for who, fetched, copied in ((world.sol, 200, 201), (world.ada, 200, 201), (world.ben, 404, 404)):
        browser.be(who)
        assert (await browser.get(f"/attachments/{photo['id']}/content")).status_code == fetched
        assert (await browser.post(path, {"text_block_id": str(block.id)})).status_code == copied
    elsewhere = f"/conversations/{uuid4()}/uploads/from-text-block"
    answer = await browser.be(world.ada).post(elsewhere, {"text_block_id": str(block.id)})
    assert answer.json()["code"] == "no-such-conversation"
    assert (await browser.post("/text-blocks/uploads", {"name": "x", "bytes": 1})).json()["code"] == "not-permitted"


async def test_a_table_names_files_for_people_and_brings_none(world: World, storage: Storage, browser: Browser) -> None:
    await make(world, "With", files=[(await bring(world, storage, b"x", "care | wash.txt")).id])
    await make(world, "Without")
    exported = await browser.be(world.sol).get("/text-blocks/export")
    assert "care _ wash.txt" in exported.text
    again = await browser.call("POST", "/text-blocks/import", files={"file": ("t.csv", exported.content)})
    assert (again.json()["same"], again.json()["without_files"]) == (2, 0)
    file = "title,text,files\nWith,Other words,care _ wash.txt\nWithout,Some text,lost.pdf\nNew,Some text,a.pdf/b.pdf\n"
    report = (await browser.call("POST", "/text-blocks/import", files={"file": ("t.csv", file.encode())})).json()
    assert (report["changed"], report["same"], report["new"], report["without_files"]) == (1, 1, 1, 2)
    assert report["ignored"] == []
    found = (await browser.get("/text-blocks/search?q=with")).json()
    assert [[each["name"] for each in one["files"]] for one in found if one["title"] == "With"] == [["care _ wash.txt"]]
