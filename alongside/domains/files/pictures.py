"""Untrusted pictures become harmless ones, in a process that dies without taking the server along."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from weakref import WeakKeyDictionary

import msgspec

from alongside.domains.files import picture_worker
from alongside.platform.errors import Invalid, TooLarge

MEDIA_TYPE = "image/webp"
WALL_SECONDS = 20.0

# A decoding process may take some hundred megabytes: two at once, the others wait their turn.
_AT_ONCE = 2
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class InertPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture made anew, and a small WebP of it."""

    media_type: str
    width: int
    height: int
    content: bytes
    thumbnail: bytes


class _Head(msgspec.Struct, frozen=True):
    media_type: str
    width: int
    height: int
    content: int
    thumbnail: int


async def make_portrait(content: bytes) -> bytes:
    """The picture as 256 x 256 WebP without metadata.

    Raises `Invalid` for what is no PNG, JPEG, WebP or GIF or breaks the reader; `TooLarge` over 25 Mpx.
    """
    return await _made(content, "portrait")


async def make_picture(content: bytes, longest: int) -> bytes:
    """As `make_portrait`, but in its own shape: the longer side has at most `longest` pixels."""
    return await _made(content, "reduced", str(longest))


async def make_inert(content: bytes) -> InertPicture:
    """The whole picture without metadata, at most 4096 pixels long, with a thumbnail. Animations go on moving.

    Raises as `make_portrait` does; a JPEG may have 120 Mpx.
    """
    made = await _made(content, "inert")
    line, _, rest = made.partition(b"\n")
    head = msgspec.json.decode(line, type=_Head)
    return InertPicture(
        media_type=head.media_type,
        width=head.width,
        height=head.height,
        content=rest[: head.content],
        thumbnail=rest[head.content : head.content + head.thumbnail],
    )


async def _made(content: bytes, *how: str) -> bytes:
    async with _turns.setdefault(asyncio.get_running_loop(), asyncio.Semaphore(_AT_ONCE)):
        exit_code, made = await _run_worker(content, *how)
    if exit_code == picture_worker.TOO_MANY_PIXELS:
        raise TooLarge("picture-too-many-pixels", "This picture has more than 25 million pixels. Choose a smaller one.")
    if exit_code != 0 or not made:
        raise Invalid("not-a-picture", "This file is not a picture that can be read. Choose a PNG, JPEG, WebP or GIF.")
    return made


async def _run_worker(content: bytes, *how: str) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(Path(picture_worker.__file__)),
        *how,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={},
        cwd="/",
    )
    try:
        async with asyncio.timeout(WALL_SECONDS):
            made, _ = await process.communicate(content)
    except TimeoutError:
        return -1, b""
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return process.returncode or 0, made
