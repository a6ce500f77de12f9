"""How the bytes of an attachment are answered: inert, in the part that was asked for, never whole in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Any

from litestar import Request
from litestar.response import Stream

from alongside.domains.files import logic, queries
from alongside.domains.files.queries import Part
from alongside.domains.files.schemas import Attachment, Variant
from alongside.platform.db import Database
from alongside.platform.errors import NotFound
from alongside.platform.storage import Storage
from alongside.platform.web.ranges import Span, wanted_span

AnyRequest = Request[Any, Any, Any]

THUMBNAIL_TYPE = "image/webp"

# Whatever a browser makes of the bytes, they run nothing, load nothing, and stand in no other site's page.
INERT = {
    "content-security-policy": "sandbox; default-src 'none'",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "cache-control": "private, max-age=3600, immutable",
    "accept-ranges": "bytes",
}


async def serve(
    request: AnyRequest, database: Database, storage: Storage, attachment: Attachment, variant: Variant
) -> Stream:
    """The bytes, or the range of them that the request names. `?download` in the address asks for a download.

    Only pictures, video and audio that were known by their content are shown in place.
    """
    async with database.reading() as reading:
        parts = await queries.parts(reading, attachment.id, variant)
    span = wanted_span(request.headers.get("range"), sum(part.bytes for part in parts))
    if not parts:
        raise gone()
    headers = _headers(attachment, variant, download="download" in request.query_params)
    if span is None:
        total = parts[-1].start + parts[-1].bytes
        return Stream(_nothing(), status_code=416, headers=headers | {"content-range": f"bytes */{total}"})
    wanted = [part for part in parts if part.start < span.end and part.start + part.bytes > span.start]
    first = await _open(storage, wanted[0], span)
    if first is None:
        raise gone()
    headers["content-length"] = str(span.end - span.start)
    if not span.whole:
        headers["content-range"] = span.content_range
    media_type = THUMBNAIL_TYPE if variant == "thumbnail" else _served_type(attachment)
    status = 200 if span.whole else 206
    return Stream(_all(storage, first, wanted[1:], span), status_code=status, headers=headers, media_type=media_type)


def variant(text: str) -> Variant:
    """Which bytes the end of an address names. Raises `NotFound` for any other."""
    if text == "content":
        return "content"
    if text == "thumbnail":
        return "thumbnail"
    raise gone()


def gone() -> NotFound:
    """There is no such file, or none that the asker may see."""
    return NotFound("no-such-file", "This file does not exist (any more).")


def _served_type(attachment: Attachment) -> str:
    return logic.OTHER if attachment.kind == "file" else attachment.media_type


def _headers(attachment: Attachment, variant: Variant, *, download: bool) -> dict[str, str]:
    inline = not download and attachment.kind != "file"
    name = "thumbnail.webp" if variant == "thumbnail" else attachment.name
    return INERT | {"content-disposition": logic.content_disposition(name, inline=inline)}


async def _open(storage: Storage, part: Part, span: Span) -> AsyncIterator[bytes] | None:
    start, end = max(0, span.start - part.start), min(part.bytes, span.end - part.start)
    return await storage.open(part.storage_key, start, end)


async def _all(
    storage: Storage, first: AsyncIterator[bytes], others: Sequence[Part], span: Span
) -> AsyncIterator[bytes]:
    async for piece in first:
        yield piece
    for part in others:
        pieces = await _open(storage, part, span)
        if pieces is None:
            raise gone()  # too late for an answer: the connection ends, and the reader knows that bytes are missing
        async for piece in pieces:
            yield piece


async def _nothing() -> AsyncIterator[bytes]:
    yield b""
