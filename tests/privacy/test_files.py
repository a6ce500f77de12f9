"""A person's files: exported by name and address, erased with their bytes, and nobody else's."""

from __future__ import annotations

import asyncio

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.files import actions as files
from alongside.domains.files.actions.uploads import LEAST_PART_BYTES, PartGiven
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import NewUpload
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.privacy import actions
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.errors import NotFound
from alongside.platform.storage import Storage
from tests.files.media import wav
from tests.files.pictures import picture
from tests.files.uploading import GENEROUS, attach
from tests.privacy.test_erase import until_waiting
from tests.world import Browser, World


async def send(
    world: World, storage: Storage, actor: AgentActor | VisitorActor, content: bytes, name: str, kind: str = "message"
) -> None:
    """A message (or note) of Vera's conversation that carries one file."""
    file = await attach(world, storage, actor, content, name)
    draft = Draft(new_client_id(), "", "note" if kind == "note" else "message", attachments=[file.id])
    await messages.post(world.database, actor, world.conversation_id, draft, 1000)


async def keys(world: World) -> list[str]:
    """Of all bytes that any row names."""
    async with world.database.reading() as reading:
        return [row["storage_key"] for row in await reading.rows("SELECT storage_key FROM attachment_part")]


async def test_the_bytes_go_with_the_person_and_nobody_elses(world: World, storage: Storage) -> None:
    await send(world, storage, world.vera.actor, picture(), "seam.png")
    await send(world, storage, world.ada.actor, wav(1), "voice.wav", "note")
    await attach(world, storage, world.vera.actor, b"never sent", "draft.txt")
    hers = await keys(world)
    async with world.database.work() as work:
        zoe = await contacts.meet_visitor(work, world.site.id, None, "en")
        theirs = await conversations.begin(work, zoe.actor)
    await attach(world, storage, zoe.actor, b"Zoe's", "zoe.txt", theirs)
    await actions.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    # Whoever dies here leaves it to the next: what is to be deleted was written down with the erasure itself.
    assert await files.delete_doomed(world.database, storage) >= len(hers) == 4
    assert [await storage.get(key) for key in hers] == [None] * 4
    assert [await storage.get(key) for key in await keys(world)] == [b"Zoe's"]


async def test_the_export_names_them_and_says_where(world: World, storage: Storage, browser: Browser) -> None:
    await send(world, storage, world.vera.actor, b"a receipt", "receipt.txt")
    await send(world, storage, world.ada.actor, wav(1), "voice.wav", "note")
    await attach(world, storage, world.vera.actor, b"never sent", "draft.txt")
    answer = await browser.be(world.sol).get(f"/contacts/{world.vera.actor.contact_id}/personal-data")
    found = answer.json()["files"]
    assert [(each["name"], each["media_type"]) for each in found] == [
        ("receipt.txt", "application/octet-stream"),
        ("voice.wav", "audio/wav"),
    ]
    assert "storage_key" not in answer.text
    base = f"{world.config.public_url}/api/v1"
    assert found[0]["url"].startswith(base)
    assert (await browser.get(found[0]["url"].removeprefix(base))).content == b"a receipt"


async def test_an_upload_that_meets_an_erasure_is_refused(world: World, storage: Storage) -> None:
    """Each has begun before the erasure is committed and goes on after it."""
    new = NewUpload(name="long.bin", bytes=2 * LEAST_PART_BYTES)
    async with world.database.work() as work:
        upload = await files.begin_upload(
            work, world.vera.actor, Place(conversation_id=world.conversation_id), new, GENEROUS
        )

    async def begin() -> None:
        async with world.database.work() as work:
            await files.begin_upload(
                work, world.vera.actor, Place(conversation_id=world.conversation_id), new, GENEROUS
            )

    async def go_on() -> None:
        part = PartGiven(0, bytes(LEAST_PART_BYTES))
        await files.receive(world.database, storage, world.vera.actor, upload.id, part, GENEROUS)

    async with world.database.work() as work:
        await work.run("DELETE FROM contact WHERE id = $1", world.vera.actor.contact_id)
        answers = asyncio.gather(begin(), go_on(), return_exceptions=True)
        await until_waiting(world, 2)
    assert [type(each) for each in await answers] == [NotFound, NotFound]
    assert await keys(world) == []
