"""Where uploaded bytes lie: a local folder, or S3, Google or Azure by URL. Keys are random and made by us."""

from __future__ import annotations

from pathlib import Path

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from alongside.platform.config import Config


class Storage:
    """Bytes by key."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    @classmethod
    def of(cls, config: Config) -> Storage:
        """The configured store; a local folder is made when it is missing."""
        url = config.storage_url.reveal() if config.storage_url else ""
        if url and not url.startswith("file://"):
            return cls(from_url(url))
        folder = Path(url.removeprefix("file://")) if url else config.files_dir
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return cls(LocalStore(folder))

    async def put(self, key: str, content: bytes) -> None:
        """Store `content`; a reader sees all of it or nothing."""
        await obstore.put_async(self._store, key, content)

    async def get(self, key: str) -> bytes | None:
        """The bytes, or None when there are none by this key."""
        try:
            found = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return None
        return bytes(await found.bytes_async())

    async def delete(self, key: str) -> None:
        """Remove the bytes; it does not matter whether they were there."""
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return
