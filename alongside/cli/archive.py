"""The file that a backup is: a tar of `database.dump`, `files/<key>`, and `manifest.json` at its end.

The manifest tells the size and SHA-256 of everything before it, and how many rows each table had; it comes last,
so a file that was cut off has none.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO

import msgspec

from alongside.platform.problem import OperatorError

FORMAT = 1
PRODUCT = "alongside"
DATABASE = "database.dump"
MANIFEST = "manifest.json"
FILES = "files/"
BLOCK = 1 << 20


class Part(msgspec.Struct, frozen=True):
    """One member of the archive."""

    bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What the archive holds. `missing` are files that the database named but the store did not have."""

    product: str
    format: int
    version: str
    created_at: datetime
    postgres: str
    migrations: list[str]
    counts: dict[str, int]
    parts: dict[str, Part]
    missing: list[str] = []


class Writer:
    """Adds members and remembers what the manifest has to tell."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: dict[str, Part] = {}

    def add_bytes(self, name: str, content: bytes) -> None:
        """A member from memory."""
        self.parts[name] = Part(len(content), hashlib.sha256(content).hexdigest())
        self._tar.addfile(_member(name, len(content)), io.BytesIO(content))

    def add_file(self, name: str, path: Path) -> None:
        """A member from disk."""
        with path.open("rb") as source:
            digest = hashlib.file_digest(source, "sha256").hexdigest()
            size = source.tell()
            source.seek(0)
            self.parts[name] = Part(size, digest)
            self._tar.addfile(_member(name, size), source)

    def finish(self, manifest: Manifest) -> None:
        """The last member."""
        content = msgspec.json.format(msgspec.json.encode(manifest), indent=2)
        self._tar.addfile(_member(MANIFEST, len(content)), io.BytesIO(content))


class Archive:
    """An archive that was read through and found whole."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest) -> None:
        self._tar = tar
        self.manifest = manifest

    def open(self, name: str) -> IO[bytes]:
        """A member's content."""
        found = self._tar.extractfile(name)
        if found is None:
            raise OperatorError(f"The backup is damaged: {name} is no file in it.", exit_code=1)
        return found

    def file_keys(self) -> Iterator[str]:
        """The storage keys of the files in it."""
        return (name.removeprefix(FILES) for name in self.manifest.parts if name.startswith(FILES))


@contextmanager
def at_hand(path: Path) -> Iterator[Path]:
    """The file itself; what comes through a pipe (`-`, a FIFO) is first written down, as it is read twice."""
    piped = str(path) == "-"
    if not piped and (not path.exists() or path.is_file() or path.is_dir()):
        yield path
        return
    with tempfile.NamedTemporaryFile(prefix="alongside-", suffix=".tar") as whole:
        with contextlib.nullcontext(sys.stdin.buffer) if piped else path.open("rb") as source:
            shutil.copyfileobj(source, whole, BLOCK)
        whole.flush()
        yield Path(whole.name)


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """An archive whose every byte was compared with its manifest. Raises `OperatorError` where they differ."""
    try:
        with tarfile.open(path, "r:") as tar:
            manifest = _manifest(tar, path)
            _verify(tar, manifest)
            yield Archive(tar, manifest)
    except FileNotFoundError:
        raise OperatorError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise OperatorError(f"{path} is a folder. Name the file that `alongside backup` wrote.") from None
    except PermissionError:
        raise OperatorError(f"{path} may not be read by this user.") from None
    except tarfile.TarError:
        raise OperatorError(
            f"{path} is no backup of Alongside, or its beginning or end is missing.", exit_code=1
        ) from None


def _manifest(tar: tarfile.TarFile, path: Path) -> Manifest:
    try:
        member = tar.extractfile(MANIFEST)
        content = member.read() if member else b""
        manifest = msgspec.json.decode(content, type=Manifest)
    except KeyError:
        raise OperatorError(
            f"{path} is incomplete or no backup of Alongside: it has no manifest. Use another copy.", exit_code=1
        ) from None
    except msgspec.MsgspecError:
        raise OperatorError(f"{path} is damaged: its manifest cannot be read. Use another copy.", exit_code=1) from None
    if manifest.product != PRODUCT:
        raise OperatorError(f"{path} is a backup of something else ({manifest.product}).")
    if manifest.format > FORMAT:
        raise OperatorError(f"{path} was made by a newer Alongside ({manifest.version}). Install that one first.")
    return manifest


def _verify(tar: tarfile.TarFile, manifest: Manifest) -> None:
    seen = {}
    for member in tar:
        content = tar.extractfile(member) if member.isfile() else None
        if content is not None and member.name != MANIFEST:
            digest = hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
            seen[member.name] = Part(member.size, digest)
    for name in sorted(set(seen) | set(manifest.parts)):
        if seen.get(name) != manifest.parts.get(name):
            raise OperatorError(
                f"The backup is damaged: {name} is not what it was when it was written. Use another copy.", exit_code=1
            )


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size = size
    member.mode = 0o600
    return member
