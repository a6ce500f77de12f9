"""Pictures of agents: reduced, stripped, served inert, forgotten when nobody shows them."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from PIL import Image

from alongside.domains.agents.events import DirectoryChanged
from alongside.domains.files import actions, pictures
from alongside.platform.errors import Invalid, TooLarge
from alongside.platform.storage import Storage
from tests.files.pictures import animation, photo_with_secrets, picture
from tests.world import Browser, World


async def reduced(content: bytes) -> Image.Image:
    return Image.open(BytesIO(await pictures.make_portrait(content)))


@pytest.mark.parametrize(
    "content",
    [
        picture("PNG"),
        picture("PNG", mode="RGBA"),
        picture("PNG", mode="L"),
        picture("PNG", mode="P"),
        picture("PNG", mode="1"),
        picture("PNG", (1, 900)),
        picture("JPEG"),
        picture("JPEG", mode="CMYK"),
        picture("JPEG", (4_000, 3_000)),
        picture("WEBP"),
        picture("GIF", mode="P"),
        animation(),
    ],
)
async def test_every_kind_becomes_a_small_square(content: bytes) -> None:
    image = await reduced(content)
    assert (image.format, image.size, getattr(image, "n_frames", 1)) == ("WEBP", (256, 256), 1)


async def test_nothing_but_pixels_is_left_and_they_stand_upright() -> None:
    original = photo_with_secrets()
    assert b"SECRET" in original
    content = await pictures.make_portrait(original)
    assert b"SECRET" not in content
    assert b"EXIF" not in content
    image = Image.open(BytesIO(content))
    assert dict(image.getexif()) == {}
    top, bottom = image.getpixel((128, 20)), image.getpixel((128, 236))
    assert top[0] > 200 > top[2]
    assert bottom[2] > 200 > bottom[0]


async def test_an_animation_stands_still_at_its_first_frame() -> None:
    red, _, blue = (await reduced(animation())).convert("RGB").getpixel((128, 128))
    assert red > 200 > blue


async def test_transparency_stays() -> None:
    out = BytesIO()
    Image.new("RGBA", (50, 50), (0, 0, 0, 0)).save(out, "PNG")
    assert (await reduced(out.getvalue())).convert("RGBA").getpixel((128, 128))[3] == 0


async def test_by_the_door(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    upload = {"picture": ("../../etc/passwd\x00.svg", photo_with_secrets(), "image/svg+xml")}
    answer = await browser.call("PUT", "/me/picture", files=upload)
    assert answer.status_code == 200
    url = answer.json()["picture_url"]
    assert (await browser.get("/agents")).json()[0]["picture_url"] == url
    served = await browser.client.get(url)
    assert served.status_code == 200
    assert served.headers["content-type"] == "image/webp"
    assert served.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert served.headers["x-content-type-options"] == "nosniff"
    assert "immutable" in served.headers["cache-control"]
    assert "set-cookie" not in served.headers
    assert Image.open(BytesIO(served.content)).size == (256, 256)
    assert len(world.facts.of(DirectoryChanged)) == 0  # the application announces by its own database
    gone = await browser.delete("/me/picture")
    assert (gone.status_code, gone.json()["picture_url"]) == (200, None)


async def test_unknown_files_are_not_found(browser: Browser) -> None:
    for address in (
        f"/files/{uuid4()}/picture.webp",
        "/files/1/picture.webp",
        "/files/../etc/passwd",
        "/files/%2e%2e/%2e%2e/etc/passwd",
        f"/files/{uuid4()}/..%2f..%2fetc%2fpasswd",
    ):
        assert (await browser.client.get(address)).status_code == 404


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"", 422, "not-a-picture"),
        (b"hello", 422, "not-a-picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 422, "not-a-picture"),
        (b"x" * 5_000_001, 413, "picture-too-large"),
    ],
)
async def test_what_is_no_picture_is_refused(
    world: World, browser: Browser, content: bytes, status: int, code: str
) -> None:
    answer = await browser.be(world.ada).call("PUT", "/me/picture", files={"picture": ("me.png", content, "image/png")})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await browser.get("/session")).json()["me"]["picture_url"] is None


async def test_the_limit_of_bytes_is_the_configured_one(world: World, storage: Storage) -> None:
    content = picture()
    with pytest.raises(TooLarge):
        await actions.store_portrait(world.database, storage, world.ada.actor, content, len(content) - 1)
    with pytest.raises(Invalid):
        await actions.store_portrait(world.database, storage, world.ada.actor, b"", 10)


async def test_orphans_are_swept_and_pictures_that_are_shown_are_not(world: World, storage: Storage) -> None:
    shown = await actions.store_portrait(world.database, storage, world.ada.actor, picture(), 10**6)
    orphan = await actions.store_portrait(world.database, storage, world.ada.actor, picture(), 10**6)
    fresh = await actions.store_portrait(world.database, storage, world.ada.actor, picture(), 10**6)
    async with world.database.work() as work:
        await work.run("UPDATE agent SET picture_file_id = $1 WHERE id = $2", shown, world.ada.id)
        await work.run("UPDATE file SET created_at = now() - interval '2 hours' WHERE id <> $1", fresh)
        keys = {row["id"]: row["storage_key"] for row in await work.rows("SELECT id, storage_key FROM file")}
    assert await actions.sweep_orphans(world.database, storage) == 1
    assert await storage.get(keys[orphan]) is None
    assert await storage.get(keys[shown])
    assert await storage.get(keys[fresh])
    async with world.database.reading() as reading:
        left = {row["id"] for row in await reading.rows("SELECT id FROM file")}
    assert left == {shown, fresh}
    assert await actions.sweep_orphans(world.database, storage) == 0


async def test_keys_are_random_and_told_to_nobody(world: World, storage: Storage, browser: Browser) -> None:
    file_id = await actions.store_portrait(world.database, storage, world.ada.actor, picture(), 10**6)
    async with world.database.reading() as reading:
        key = await reading.value("SELECT storage_key FROM file WHERE id = $1", file_id)
    served = await browser.client.get(f"/files/{file_id}/x")
    assert key.startswith("pictures/")
    assert len(key) == len("pictures/") + 43
    assert key.removeprefix("pictures/") not in str(served.headers)
