"""P27, P36: a picture may be anything; the server neither grows nor stalls, and shows nothing but pixels."""

from __future__ import annotations

import asyncio
import resource
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Awaitable, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from alongside.domains.files import picture_worker, pictures
from alongside.platform.errors import Invalid, Refusal, TooLarge
from tests.files.pictures import animation, many_frames, picture, png_that_claims, zeros_deflated
from tests.harness.until import within

MEGABYTE = 1_000_000
WORKER = Path(picture_worker.__file__)

BOMBS = {
    "claims 60,000 x 60,000": png_that_claims(60_000, 60_000),
    "claims 2^31 x 2^31": png_that_claims(2**31 - 1, 2**31 - 1),
    "81 megapixels": png_that_claims(9_000, 9_000, zeros_deflated(243)),
    "claims little, unpacks much": png_that_claims(100, 100, zeros_deflated(400)),
    "no size at all": png_that_claims(0, 0),
    "a GIF of many frames": many_frames(300),
    "cut short": picture("JPEG", (3_000, 3_000))[:2_000],
    "half a PNG": picture("PNG", (3_000, 3_000))[:3_000],
    "random": zlib.compress(b"x" * 100_000),
}

NOT_PICTURES = {
    "html": b"<html><script>alert(1)</script></html>",
    "svg": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>endobj",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n(r) run",
    "tiff": picture("TIFF"),
    "bmp": picture("BMP"),
    "ico": picture("ICO", (64, 64)),
    "program": b"\x7fELF" + bytes(1_000),
    "xml bomb": b'<!DOCTYPE a [<!ENTITY b "b">]><svg>&b;</svg>',
    "image magick": b"push graphic-context\nfill 'url(https://example.com/)'",
}


def kept_waiting() -> float:
    """Seconds for which this thread wanted to run and others had the processor: they use this machine too."""
    with suppress(OSError):
        return int(Path("/proc/thread-self/schedstat").read_text().split()[1]) / 1e9
    return 0.0


async def absence(work: Callable[[], Awaitable[None]]) -> float:
    """Seconds for which the event loop was away at the longest, by its own doing."""
    longest, done = 0.0, asyncio.Event()

    async def ping() -> None:
        nonlocal longest
        while not done.is_set():
            began = time.perf_counter() - kept_waiting()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - kept_waiting() - began - 0.01)

    pinging = asyncio.create_task(ping())
    await work()
    done.set()
    await pinging
    return longest


async def portrait(content: bytes) -> None:
    made = await pictures.make_portrait(content)
    assert Image.open(BytesIO(made)).size == (256, 256)


async def inert(content: bytes) -> None:
    made = await pictures.make_inert(content)
    assert Image.open(BytesIO(made.content)).size == (made.width, made.height)
    assert max(Image.open(BytesIO(made.thumbnail)).size) <= picture_worker.THUMBNAIL_SIDE


@pytest.mark.parametrize("make", [portrait, inert])
@pytest.mark.parametrize("name", list(BOMBS))
async def test_a_bomb_harms_nobody(name: str, make: Callable[[bytes], Awaitable[None]]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    async def explode() -> None:
        try:
            await make(BOMBS[name])
        except Refusal as refusal:
            assert isinstance(refusal, Invalid | TooLarge)

    await within(0.25, lambda: absence(explode))
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < 100 * MEGABYTE


@pytest.mark.parametrize(("width", "height"), [(5_001, 5_000), (25_000_001, 1), (60_000, 60_000)])
async def test_too_many_pixels_are_told_from_the_header(width: int, height: int) -> None:
    with pytest.raises(TooLarge, match="25 million"):
        await pictures.make_portrait(png_that_claims(width, height))


@pytest.mark.parametrize("name", list(NOT_PICTURES))
async def test_only_four_formats_are_read(name: str) -> None:
    with pytest.raises(Invalid, match="PNG, JPEG, WebP or GIF"):
        await pictures.make_portrait(NOT_PICTURES[name])
    with pytest.raises(Invalid, match="PNG, JPEG, WebP or GIF"):
        await pictures.make_inert(NOT_PICTURES[name])


async def test_what_hides_behind_the_pixels_is_gone() -> None:
    payload = b"<script>alert('polyglot')</script>"
    for carrier in (animation(), picture("JPEG"), picture("PNG")):
        assert payload not in await pictures.make_portrait(carrier + payload)
        assert payload not in (await pictures.make_inert(carrier + payload)).content


async def test_many_at_once_wait_their_turn() -> None:
    most = 0

    async def watch(done: asyncio.Event) -> None:
        nonlocal most
        while not done.is_set():
            most = max(most, children())
            await asyncio.sleep(0.005)

    before, done = children(), asyncio.Event()
    watching = asyncio.create_task(watch(done))
    results = await asyncio.gather(*(pictures.make_portrait(picture("JPEG", (2_000, 2_000))) for _ in range(6)))
    done.set()
    await watching
    assert len(results) == 6
    assert most - before <= 2


def children() -> int:
    """How many processes this one has started that still run."""
    return len(Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split())


ATTEMPT = """
import runpy, signal, sys
worker = runpy.run_path(sys.argv[1])
worker["confine"]()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    bytearray(2_000_000_000)
    print("memory")
except MemoryError:
    pass
try:
    with open(sys.argv[2], "w") as file:
        file.write("x" * 100_000)
    print("disk")
except OSError:
    pass
"""


def test_the_worker_gives_up_its_powers(tmp_path: Path) -> None:
    command = [sys.executable, "-I", "-c", ATTEMPT, str(WORKER), str(tmp_path / "written")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert not (tmp_path / "written").exists() or (tmp_path / "written").stat().st_size == 0


async def test_a_worker_that_takes_too_long_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WALL_SECONDS", 0.02)
    before = children()
    with pytest.raises(Invalid):
        await pictures.make_portrait(picture("JPEG", (4_000, 4_000)))
    assert children() == before
