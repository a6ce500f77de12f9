"""A process of its own that turns an untrusted picture (stdin) into a small harmless one (stdout), or dies.

Run by `pictures.py` and imported by nobody. With a number as its argument it keeps the picture's shape and makes its
longer side at most so many pixels; without, it cuts a square.
Exit codes: 0 done, 3 not a picture we take, 4 too many pixels.
"""

from __future__ import annotations

import resource
import sys
from io import BytesIO

SIDE = 256
MOST_PIXELS = 25_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
NOT_A_PICTURE = 3
TOO_MANY_PIXELS = 4

MOST_MEMORY = 768 * 1024 * 1024
MOST_CPU_SECONDS = 8


def confine() -> None:
    """Give up memory, time, files and core dumps before the first untrusted byte is read."""
    for limit, value in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(limit, (value, value))
        except (
            ValueError,
            OSError,
        ):  # macOS knows RLIMIT_AS and refuses to set it; the wall clock still holds.
            continue


def reduce_picture(content: bytes, longest: int | None = None) -> bytes:
    """The first frame, upright, square from the middle, 256 x 256, as WebP without any metadata.

    With `longest` in its own shape instead, its longer side at most so many pixels. Exits with `TOO_MANY_PIXELS`
    before decoding where the header announces too many.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - the parsers are loaded only once we are confined

    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and tells what is wrong
    picture = Image.open(BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        sys.exit(TOO_MANY_PIXELS)
    picture.seek(0)
    enough = longest or SIDE
    picture.draft("RGB", (enough * 2, enough * 2))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    plain = upright.convert(mode)
    if longest is None:
        plain = ImageOps.fit(plain, (SIDE, SIDE), Image.Resampling.LANCZOS)
    else:
        plain.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    bare = Image.frombytes(mode, plain.size, plain.tobytes())
    out = BytesIO()
    bare.save(out, "WEBP", quality=85, method=4)
    return out.getvalue()


def main() -> None:
    """Read, reduce, write."""
    confine()
    content = sys.stdin.buffer.read()
    try:
        reduced = reduce_picture(content, int(sys.argv[1]) if len(sys.argv) > 1 else None)
    except Exception:  # whatever a parser throws at hostile bytes means the same to us
        sys.exit(NOT_A_PICTURE)
    sys.stdout.buffer.write(reduced)


if __name__ == "__main__":
    main()
