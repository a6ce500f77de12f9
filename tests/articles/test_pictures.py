"""Pictures of articles: in their own shape, without their secrets, kept as long as the article."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID

import pytest
from PIL import Image

from alongside.domains.articles import actions, queries
from alongside.domains.files import actions as files
from alongside.domains.files import pictures
from alongside.domains.files.actions.portraits import PICTURE_SIDE
from alongside.platform.errors import Forbidden, Invalid, TooLarge
from alongside.platform.storage import Storage
from tests.articles.desk import written
from tests.files.pictures import photo_with_secrets, picture
from tests.world import Browser, World


async def test_a_picture_keeps_its_shape_and_loses_its_secrets() -> None:
    for size, expected in (((4_000, 1_000), (1_200, 300)), ((300, 200), (300, 200)), ((200, 3_000), (80, 1_200))):
        made = Image.open(BytesIO(await pictures.make_picture(picture("PNG", size), PICTURE_SIDE)))
        assert (made.format, made.size) == ("WEBP", expected)
    bare = await pictures.make_picture(photo_with_secrets(), PICTURE_SIDE)
    assert b"SECRET" not in bare
    assert Image.open(BytesIO(bare)).size == (200, 400)


async def test_by_the_door(world: World, browser: Browser) -> None:
    article_id, _ = await written(world)
    browser.be(world.sol)
    upload = {"picture": ("x.png", picture("PNG", (800, 400)), "image/png")}
    answer = await browser.call("PUT", f"/articles/{article_id}/picture", files=upload)
    assert answer.status_code == 200, answer.text
    url = answer.json()["picture_url"]
    shown = await browser.client.get(url)
    assert Image.open(BytesIO(shown.content)).size == (800, 400)
    assert "sandbox" in shown.headers["content-security-policy"]
    inside = await browser.call("POST", f"/articles/{article_id}/pictures", files=upload)
    assert inside.status_code == 201
    preview = await browser.post("/articles/preview", {"body": f"![A tent]({inside.json()['url']})"})
    assert preview.json()["body"][0]["children"][0] == {
        "tag": "img", "src": inside.json()["url"], "text": "A tent",
    }  # fmt: skip
    wrong = await browser.call(
        "PUT", f"/articles/{article_id}/picture", files={"picture": ("x", b"<svg onload=pwn()>")}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (422, "not-a-picture")
    assert (await browser.delete(f"/articles/{article_id}/picture")).json()["picture_url"] is None
    refused = await browser.be(world.ada).call("PUT", f"/articles/{article_id}/picture", files=upload)
    assert refused.status_code == 403


async def test_pictures_live_as_long_as_their_article(world: World, storage: Storage) -> None:
    article_id, _ = await written(world)
    content = picture()
    await actions.set_cover(world.database, storage, world.config, world.sol.actor, article_id, content)
    made = await actions.add_picture(world.database, storage, world.config, world.sol.actor, article_id, content)
    async with world.database.work() as work:
        await actions.remove_cover(work, world.sol.actor, article_id)
        await work.run("UPDATE file SET created_at = now() - interval '2 hours'")
    assert await files.sweep_orphans(world.database, storage) == 0
    async with world.database.work() as work:
        await actions.delete_article(work, world.sol.actor, article_id)
    assert await files.sweep_orphans(world.database, storage) == 2
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM file WHERE id = $1", UUID(made.url.split("/")[2])) == 0


async def test_what_is_no_picture_changes_nothing(world: World, storage: Storage) -> None:
    article_id, _ = await written(world)
    for content, refusal in ((b"", Invalid), (b"x" * 6_000_000, TooLarge), (b"<svg/>", Invalid)):
        with pytest.raises(refusal):
            await actions.set_cover(world.database, storage, world.config, world.sol.actor, article_id, content)
    with pytest.raises(Forbidden):
        await actions.add_picture(world.database, storage, world.config, world.ada.actor, article_id, picture())
    async with world.database.reading() as reading:
        article = await queries.article(reading, article_id)
    assert article is not None
    assert article.picture_url is None
