"""The same files in a real S3 server, named by its URL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from moto.server import ThreadedMotoServer

from alongside.domains.files import actions as files
from alongside.platform.config import Secret
from alongside.platform.storage import Storage
from tests.files.pictures import picture
from tests.files.uploading import attach
from tests.world import World, make_config

LARGE = 9_000_000  # more than one part of ours, and of theirs


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The URL of a bucket."""
    server = ThreadedMotoServer(port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    endpoint = f"http://127.0.0.1:{port}"
    httpx.put(f"{endpoint}/shop", timeout=60).raise_for_status()
    yield f"s3://shop/files?endpoint={endpoint}&region=us-east-1&access_key_id=key&secret_access_key=secret"
    server.stop()


@pytest.fixture
def remote(s3: str, tmp_path: Path) -> Storage:
    return Storage.of(make_config("postgresql://nobody@localhost/none", tmp_path, storage_url=Secret(s3)))


async def test_put_get_open_delete(remote: Storage) -> None:
    assert await remote.get("a/b") is None
    assert await remote.open("a/b", 0, 1) is None
    content = bytes(range(250)) * (LARGE // 250)
    await remote.put("a/b", content)
    assert await remote.get("a/b") == content
    pieces = await remote.open("a/b", 3, 2_000_003)
    assert pieces
    assert b"".join([piece async for piece in pieces]) == content[3:2_000_003]
    await remote.delete("a/b")
    await remote.delete("a/b")
    assert await remote.get("a/b") is None


async def test_uploads(world: World, remote: Storage) -> None:
    content = bytes(range(250)) * (LARGE // 250)
    file = await attach(world, remote, world.vera.actor, content, "large.bin")
    photo = await attach(world, remote, world.vera.actor, picture(), "photo.png")
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT attachment_id, storage_key FROM attachment_part ORDER BY attachment_id, start"
        )
    assert [row["attachment_id"] for row in rows].count(file.id) == 3
    stored = [await remote.get(row["storage_key"]) or b"" for row in rows if row["attachment_id"] == file.id]
    assert b"".join(stored) == content
    for each in (file, photo):
        await files.cancel_upload(world.database, world.vera.actor, each.id)
    assert await files.delete_doomed(world.database, remote) == 6
    assert [await remote.get(row["storage_key"]) for row in rows] == [None] * len(rows)
