"""Uploads: announced, sent in parts, gone on with after a cut, judged, cancelled, swept."""

from __future__ import annotations

import asyncio
from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from alongside.domains.files import actions as files
from alongside.domains.files import pictures, policy
from alongside.domains.files.actions import judging, uploads
from alongside.domains.files.actions.uploads import LEAST_PART_BYTES, MOST_PART_BYTES, PartGiven
from alongside.domains.files.policy import Allowance
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import NewUpload, Upload
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from alongside.platform.storage import Storage
from tests.files.media import wav, webm
from tests.files.pictures import animation, film, photo_with_secrets, picture, png_that_claims
from tests.files.uploading import GENEROUS, attach
from tests.world import World


async def begin(world: World, size: int, allowance: Allowance = GENEROUS, **more: str) -> Upload:
    new = NewUpload(name=more.get("name", "a.bin"), bytes=size, media_type=more.get("media_type", ""))
    async with world.database.work() as work:
        return await files.begin_upload(
            work, world.ada.actor, Place(conversation_id=world.conversation_id), new, allowance
        )


async def send(world: World, storage: Storage, upload: Upload, offset: int, content: bytes) -> Upload:
    part = PartGiven(offset, content)
    return await files.receive(world.database, storage, world.ada.actor, upload.id, part, GENEROUS)


async def count(world: World, table: str) -> int:
    async with world.database.reading() as reading:
        return int(await reading.value(f"SELECT count(*) FROM {table}"))


async def stored(world: World, storage: Storage, attachment_id: object, variant: str = "content") -> bytes:
    async with world.database.reading() as reading:
        keys = await reading.rows(
            "SELECT storage_key FROM attachment_part WHERE attachment_id = $1 AND variant = $2 ORDER BY start",
            attachment_id,
            variant,
        )
    return b"".join([await storage.get(row["storage_key"]) or b"" for row in keys])


async def test_parts_become_the_file(world: World, storage: Storage) -> None:
    content = bytes(range(256)) * 4_000
    upload = await begin(world, len(content), name="data.bin")
    assert (upload.offset, upload.attachment) == (0, None)
    upload = await send(world, storage, upload, 0, content[:LEAST_PART_BYTES])
    assert (upload.offset, upload.attachment) == (LEAST_PART_BYTES, None)
    assert await files.read_upload(world.database, world.ada.actor, upload.id) == upload
    upload = await send(world, storage, upload, LEAST_PART_BYTES, content[LEAST_PART_BYTES:])
    assert upload.attachment
    assert (upload.attachment.kind, upload.attachment.name, upload.attachment.bytes) == (
        "file",
        "data.bin",
        len(content),
    )
    assert await stored(world, storage, upload.id) == content
    assert await count(world, "doomed_file") == 0


async def test_bytes_that_do_not_follow_on_are_refused_and_told_where_to(world: World, storage: Storage) -> None:
    content = bytes(3 * LEAST_PART_BYTES)
    upload = await begin(world, len(content))
    await send(world, storage, upload, 0, content[:LEAST_PART_BYTES])
    for offset in (0, LEAST_PART_BYTES - 1, LEAST_PART_BYTES + 1, 2 * LEAST_PART_BYTES):
        with pytest.raises(Conflict) as refusal:
            await send(world, storage, upload, offset, content[:LEAST_PART_BYTES])
        assert (refusal.value.code, refusal.value.details) == ("upload-offset", {"offset": LEAST_PART_BYTES})
    with pytest.raises(Invalid, match="missing"):
        await send(world, storage, upload, LEAST_PART_BYTES, content)
    with pytest.raises(Invalid, match="at least"):
        await send(world, storage, upload, LEAST_PART_BYTES, b"x")


async def test_a_part_that_arrives_twice_at_once_counts_once(world: World, storage: Storage) -> None:
    content = bytes(2 * LEAST_PART_BYTES)
    upload = await begin(world, len(content))
    tries = [send(world, storage, upload, 0, content[:LEAST_PART_BYTES]) for _ in range(6)]
    answers = await asyncio.gather(*tries, return_exceptions=True)
    assert [each.offset for each in answers if isinstance(each, Upload)] == [LEAST_PART_BYTES]
    assert all(isinstance(each, Upload | Conflict) for each in answers)
    assert await count(world, "attachment_part") == 1
    await send(world, storage, upload, LEAST_PART_BYTES, content[LEAST_PART_BYTES:])
    assert await stored(world, storage, upload.id) == content


async def test_the_last_part_may_be_repeated(world: World, storage: Storage) -> None:
    upload = await begin(world, 5)
    first = await send(world, storage, upload, 0, b"hello")
    assert await send(world, storage, upload, 0, b"hello") == first
    assert await send(world, storage, upload, 5, b"") == first


async def test_an_upload_whose_judge_was_away_is_judged_by_the_repeat(
    world: World, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = picture()
    upload = await begin(world, len(content))
    put = storage.put

    async def full(key: str, given: bytes) -> None:
        raise OSError("no space left")

    await uploads._add(  # the bytes arrive, and the process dies before it has looked at them
        world.database, storage, await uploads._own(world.database, world.ada.actor, upload.id), PartGiven(0, content)
    )
    monkeypatch.setattr(storage, "put", full)
    with pytest.raises(OSError, match="no space"):
        await send(world, storage, upload, len(content), b"")
    monkeypatch.setattr(storage, "put", put)
    done = await send(world, storage, upload, len(content), b"")
    assert done.attachment
    assert done.attachment.kind == "image"


@pytest.mark.parametrize("content", [picture("PNG"), picture("JPEG"), picture("WEBP"), picture("GIF", mode="P")])
async def test_pictures_are_made_anew_with_a_thumbnail(world: World, storage: Storage, content: bytes) -> None:
    attachment = await attach(world, storage, world.ada.actor, content, "x.html")
    assert (attachment.kind, attachment.width, attachment.height) == ("image", 400, 300)
    anew = await stored(world, storage, attachment.id)
    image = Image.open(BytesIO(anew))
    assert f"image/{(image.format or '').lower()}" == attachment.media_type
    assert attachment.bytes == len(anew)
    assert not attachment.name.endswith(".html")
    thumbnail = Image.open(BytesIO(await stored(world, storage, attachment.id, "thumbnail")))
    assert (thumbnail.format, thumbnail.size) == ("WEBP", (400, 300))


async def test_nothing_of_the_camera_is_left(world: World, storage: Storage) -> None:
    attachment = await attach(world, storage, world.ada.actor, photo_with_secrets(), "photo.jpg")
    anew = await stored(world, storage, attachment.id)
    assert b"SECRET" not in anew
    assert b"Exif" not in anew
    image = Image.open(BytesIO(anew))
    assert dict(image.getexif()) == {}
    assert image.size == (200, 400)  # upright
    assert image.getpixel((100, 20))[0] > 200
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM attachment_part") == 2
        doomed = [row["storage_key"] for row in await reading.rows("SELECT storage_key FROM doomed_file")]
    assert len(doomed) == 1, "the bytes that came are to go"
    await files.delete_doomed(world.database, storage)
    assert await storage.get(doomed[0]) is None


async def test_animations_go_on_moving() -> None:
    inert = await pictures.make_inert(animation())
    image = Image.open(BytesIO(inert.content))
    assert (inert.media_type, image.n_frames) == ("image/gif", 2)  # equal frames become one
    assert Image.open(BytesIO(inert.thumbnail)).n_frames == 1


async def test_large_photos_are_reduced() -> None:
    inert = await pictures.make_inert(picture("JPEG", (5_000, 4_000)))
    assert (inert.width, inert.height) == (4_096, 3_277)
    huge = await pictures.make_inert(picture("JPEG", (12_000, 9_000)))
    assert (huge.width, huge.height) == (3_000, 2_250)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"GIF89a/*" + bytes(30) + b"*/=1;alert(1)",
        picture("JPEG")[:500],
        png_that_claims(9_000, 9_000),
        film(900),
    ],
)
async def test_broken_and_monstrous_pictures_are_refused_and_forgotten(
    world: World, storage: Storage, content: bytes
) -> None:
    with pytest.raises((Invalid, TooLarge)):
        await attach(world, storage, world.ada.actor, content, "x.png")
    assert await count(world, "attachment") == 0
    await files.delete_doomed(world.database, storage)
    assert await count(world, "doomed_file") == 0


async def test_what_cannot_be_accepted_is_refused_before_a_byte_is_sent(world: World) -> None:
    small = Allowance(max_bytes=1_000, kinds=["image", "audio"])
    cases: list[tuple[int, str, type[Refusal], str]] = [
        (0, "", Invalid, "file-empty"),
        (1_001, "", TooLarge, "file-too-large"),
        (10, "video/mp4", Forbidden, "file-kind-refused"),
        (10, "application/pdf", Forbidden, "file-kind-refused"),
    ]
    for size, media_type, kind, code in cases:
        with pytest.raises(kind) as refusal:
            await begin(world, size, small, media_type=media_type)
        assert refusal.value.code == code
    assert await count(world, "attachment") == 0
    await begin(world, 10, small, media_type="audio/wav")
    await begin(world, 10, small)


async def test_a_kind_that_is_refused_shows_by_the_content_too(world: World, storage: Storage) -> None:
    pictures_only = Allowance(max_bytes=10**6, kinds=["image"])
    content = wav()
    upload = await begin(world, len(content), pictures_only, name="lovely.png", media_type="image/png")
    with pytest.raises(Forbidden) as refusal:
        part = PartGiven(0, content)
        await files.receive(world.database, storage, world.ada.actor, upload.id, part, pictures_only)
    assert refusal.value.code == "file-kind-refused"
    assert await count(world, "attachment") == 0


async def test_shares(world: World) -> None:
    daily = Allowance(max_bytes=1_000, bytes_per_day=2_500)
    await begin(world, 1_000, daily)
    await begin(world, 1_000, daily)
    with pytest.raises(Forbidden) as refusal:
        await begin(world, 501, daily)
    assert refusal.value.code == "upload-share-used"
    await begin(world, 500, daily)
    for _ in range(policy.UNFINISHED_AT_ONCE - 3):
        await begin(world, 1)
    with pytest.raises(Forbidden) as refusal:
        await begin(world, 1)
    assert refusal.value.code == "too-many-uploads"


async def test_uploads_are_their_uploaders(world: World, storage: Storage) -> None:
    upload = await begin(world, 10)
    part = PartGiven(0, bytes(10))
    for stranger in (world.ben.actor, world.vera.actor):
        with pytest.raises(NotFound):
            await files.read_upload(world.database, stranger, upload.id)
        with pytest.raises(NotFound):
            await files.receive(world.database, storage, stranger, upload.id, part, GENEROUS)
        with pytest.raises(NotFound):
            await files.cancel_upload(world.database, stranger, upload.id)
    with pytest.raises(NotFound):
        async with world.database.work() as work:
            await files.begin_upload(
                work, world.ada.actor, Place(conversation_id=uuid4()), NewUpload(name="x", bytes=1), GENEROUS
            )


async def test_what_is_cancelled_or_never_sent_goes_with_its_bytes(world: World, storage: Storage) -> None:
    cancelled = await begin(world, 2 * LEAST_PART_BYTES)
    await send(world, storage, cancelled, 0, bytes(LEAST_PART_BYTES))
    kept = await attach(world, storage, world.ada.actor, webm())
    stale = await attach(world, storage, world.ada.actor, wav())
    draft = Draft(new_client_id(), "", attachments=[kept.id])
    await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    async with world.database.work() as work:
        keys = [row["storage_key"] for row in await work.rows("SELECT storage_key FROM attachment_part")]
        await work.run("UPDATE attachment SET touched_at = now() - interval '25 hours' WHERE id <> $1", cancelled.id)
    await files.cancel_upload(world.database, world.ada.actor, cancelled.id)
    with pytest.raises(NotFound):
        await files.cancel_upload(world.database, world.ada.actor, kept.id)
    assert await files.sweep_uploads(world.database) == 1
    assert await files.delete_doomed(world.database, storage) == 2
    assert [await storage.get(key) is not None for key in keys].count(True) == 1
    assert await stored(world, storage, kept.id) == webm()
    assert await stored(world, storage, stale.id) == b""


async def test_with_the_person_their_files_go(world: World, storage: Storage) -> None:
    await attach(world, storage, world.vera.actor, wav())
    async with world.database.work() as work:
        (key,) = [row["storage_key"] for row in await work.rows("SELECT storage_key FROM attachment_part")]
        await work.run("DELETE FROM contact WHERE id = $1", world.vera.actor.contact_id)
    assert await count(world, "attachment") == 0
    assert await files.delete_doomed(world.database, storage) == 1
    assert await storage.get(key) is None


async def test_bytes_that_are_being_written_are_not_swept(world: World, storage: Storage) -> None:
    (key,) = await judging.reserve(world.database, 1)
    await storage.put(key, b"on its way")
    assert await files.delete_doomed(world.database, storage) == 0
    assert await storage.get(key) == b"on its way"


async def test_parts_are_large_enough_to_be_few() -> None:
    assert 200_000_000 / MOST_PART_BYTES < 50


async def test_a_copy_shares_the_bytes_and_keeps_them(world: World, storage: Storage) -> None:
    photo = await attach(world, storage, world.vera.actor, picture(), "photo.png")
    async with world.database.work() as work:
        (copy,) = await files.copy_attachments(
            work, world.ada.actor, Place(conversation_id=world.conversation_id), [photo.id, uuid4()]
        )
    assert copy.id != photo.id
    assert (copy.name, copy.width, copy.bytes) == (photo.name, photo.width, photo.bytes)
    content = await stored(world, storage, photo.id)
    await files.cancel_upload(world.database, world.vera.actor, photo.id)
    assert await files.delete_doomed(world.database, storage) == 1, "only the bytes that came, not the picture"
    assert await stored(world, storage, copy.id) == content
    await files.cancel_upload(world.database, world.ada.actor, copy.id)
    assert await files.delete_doomed(world.database, storage) == 2
    assert await count(world, "doomed_file") == 0
