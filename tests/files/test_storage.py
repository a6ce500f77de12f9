"""The store of bytes."""

from __future__ import annotations

from pathlib import Path

from alongside.platform.config import Config, Secret
from alongside.platform.storage import Storage
from tests.world import make_config


async def test_put_get_delete(storage: Storage, config: Config) -> None:
    assert await storage.get("a/b") is None
    await storage.put("a/b", b"one")
    await storage.put("a/b", b"two")
    assert await storage.get("a/b") == b"two"
    assert (config.files_dir / "a" / "b").read_bytes() == b"two"
    await storage.delete("a/b")
    await storage.delete("a/b")
    assert await storage.get("a/b") is None


async def test_a_folder_by_address(tmp_path: Path) -> None:
    folder = tmp_path / "else where"
    config = make_config("postgresql://nobody@localhost/none", tmp_path, storage_url=Secret(f"file://{folder}"))
    await Storage.of(config).put("key", b"bytes")
    assert (folder / "key").read_bytes() == b"bytes"


async def test_the_local_folder_is_private(config: Config) -> None:
    Storage.of(config)
    assert config.files_dir.stat().st_mode & 0o077 == 0
