"""Built front ends, read once into memory and served with a policy for each page.

They are a few hundred kilobytes, so memory is cheaper than a file system call and each file is compressed only once.
In development a changed file is read again.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
import re
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response

from alongside.platform.errors import NotFound

FOREVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"
SMALL = 256

_INLINE_SCRIPT = re.compile(rb"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
_HASHED = re.compile(r"[.-][A-Za-z0-9_-]{8,}\.[a-z0-9]+$")


class Asset(msgspec.Struct, frozen=True):
    """A file, its gzip form where that is smaller, and its fingerprint."""

    body: bytes
    packed: bytes | None
    media_type: str
    etag: str
    immutable: bool
    stamp: float


class Shelf:
    """The files below one folder."""

    def __init__(self, folder: Path, *, fresh: bool) -> None:
        self._folder = folder
        self._fresh = fresh
        self._assets: dict[str, Asset] = {}

    def asset(self, name: str) -> Asset:
        """A file by its path below the folder. Raises `NotFound` for anything outside or absent."""
        known = self._assets.get(name)
        if known and not self._fresh:
            return known
        path = (self._folder / name).resolve()
        if not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            raise NotFound("not-found", "There is nothing at this address.")
        stamp = path.stat().st_mtime
        if known is None or known.stamp != stamp:
            known = _read(path, stamp)
            self._assets[name] = known
        return known

    def answer(
        self, request: Request[Any, Any, Any], name: str, headers: dict[str, str] | None = None
    ) -> Response[bytes]:
        """The file as an answer: 304 where the browser has it, gzip where it can."""
        asset = self.asset(name)
        sent = {
            "etag": asset.etag,
            "cache-control": FOREVER if asset.immutable else ASK_AGAIN,
            "vary": "accept-encoding",
        }
        sent |= headers or {}
        if request.headers.get("if-none-match") == asset.etag:
            return Response(b"", status_code=304, headers=sent, media_type=asset.media_type)
        body = asset.body
        if asset.packed and "gzip" in request.headers.get("accept-encoding", ""):
            body = asset.packed
            sent["content-encoding"] = "gzip"
        return Response(body, headers=sent, media_type=asset.media_type)

    def script_hashes(self, name: str) -> str:
        """CSP sources for the inline scripts of a page, such as a bundler's start-up line."""
        found = _INLINE_SCRIPT.findall(self.asset(name).body)
        digests = (base64.b64encode(hashlib.sha256(script).digest()).decode() for script in found)
        return " ".join(f"'sha256-{digest}'" for digest in digests)


def _read(path: Path, stamp: float) -> Asset:
    body = path.read_bytes()
    packed = gzip.compress(body, 9, mtime=0) if len(body) > SMALL else None
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if media_type.startswith("text/") or media_type.endswith(("javascript", "json", "xml")):
        media_type += "; charset=utf-8"
    return Asset(
        body=body,
        packed=packed if packed and len(packed) < len(body) else None,
        media_type=media_type,
        etag=f'"{hashlib.sha256(body).hexdigest()[:24]}"',
        immutable=_HASHED.search(path.name) is not None,
        stamp=stamp,
    )
