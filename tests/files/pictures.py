"""Pictures, friendly and hostile, made in memory."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object) -> bytes:
    """A plain picture."""
    out = BytesIO()
    Image.new(mode, size, 80 if mode in ("L", "P") else "orange").save(out, kind, **options)
    return out.getvalue()


def photo_with_secrets() -> bytes:
    """A JPEG turned on its side, with a place and a note in its EXIF data and a comment."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET-NOTE"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0)}
    left_red = Image.new("RGB", (400, 200), "blue")
    left_red.paste("red", (0, 0, 200, 200))
    out = BytesIO()
    left_red.save(out, "JPEG", exif=exif, comment=b"SECRET-COMMENT", quality=95)
    return out.getvalue()


def animation() -> bytes:
    """A GIF whose first frame is red and whose others are blue."""
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue", "blue")]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def many_frames(count: int) -> bytes:
    """A GIF of a great many frames."""
    frames = [Image.new("P", (300, 300), number % 256) for number in range(count)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def film(count: int) -> bytes:
    """A GIF of many frames, each unlike the one before."""
    frames = [Image.new("L", (300, 300), number % 250) for number in range(count)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    return out.getvalue()


def png_that_claims(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG whose header announces a size that its body need not have."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def zeros_deflated(megabytes: int) -> bytes:
    """A thousandth of the bytes it unpacks to."""
    deflate = zlib.compressobj(9)
    return b"".join(deflate.compress(bytes(1_000_000)) for _ in range(megabytes)) + deflate.flush()


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
