"""Where uploaded bytes lie: a local folder, or S3, Google or Azure by URL. Keys are random and made by us."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit, urlunsplit

import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

from alongside.platform.config import Config
from alongside.platform.ownership import leave, leave_down_to, owner_of

# What a store raises when it is away, full, or refuses us.
FAILURES: tuple[type[Exception], ...] = (BaseError, OSError)

if TYPE_CHECKING:
    from obstore import GetResult

# What is read at once: several requests of a slow reader must not fill the memory.
PIECE_BYTES = 256 * 1024


class Storage:
    """Bytes by key. `folder` is where a local store lies."""

    def __init__(self, store: ObjectStore, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder

    @classmethod
    def of(cls, config: Config) -> Storage:
        """The configured store; a local folder is made when it is missing."""
        url = config.storage_url.reveal() if config.storage_url else ""
        if url and not url.startswith("file://"):
            return cls(_remote(url))
        folder = Path(url.removeprefix("file://")) if url else config.files_dir
        owner = None if folder.exists() else owner_of(folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        leave(folder, owner)
        return cls(LocalStore(folder), folder)

    async def put(self, key: str, content: bytes) -> None:
        """Store `content`; a reader sees all of it or nothing."""
        await obstore.put_async(self._store, key, content)
        if self._folder is not None:
            leave_down_to(self._folder / key, self._folder, owner_of(self._folder))

    async def get(self, key: str) -> bytes | None:
        """The bytes, or None when there are none by this key."""
        try:
            found = await obstore.get_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return None
        return bytes(await found.bytes_async())

    async def open(self, key: str, start: int, end: int) -> AsyncIterator[bytes] | None:
        """The bytes from `start` to before `end`, piece by piece, or None when there are none by this key."""
        try:
            found = await obstore.get_async(self._store, key, options={"range": (start, end)})
        except (NotFoundError, FileNotFoundError):
            return None
        return _pieces(found)

    async def delete(self, key: str) -> None:
        """Remove the bytes; it does not matter whether they were there."""
        try:
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return


def _remote(url: str) -> ObjectStore:
    """A store by URL. What a provider needs besides stands in the query: `s3://bucket/prefix?endpoint=https://…`."""
    parts = urlsplit(url)
    settings: Any = dict(parse_qsl(parts.query))
    insecure = settings.get("endpoint", "").startswith("http://")
    bare = urlunsplit(parts._replace(query=""))
    return from_url(bare, config=settings or None, client_options={"allow_http": True} if insecure else None)


async def _pieces(found: GetResult) -> AsyncIterator[bytes]:
    async for piece in found.stream(min_chunk_size=PIECE_BYTES):
        yield bytes(piece)
