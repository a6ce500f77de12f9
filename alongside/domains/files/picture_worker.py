"""A process of its own that turns an untrusted picture (stdin) into a small harmless one (stdout), or dies.

Run by `pictures.py` and imported by nobody. Exit codes: 0 done, 3 not a picture we take, 4 too many pixels.
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


def reduce_picture(content: bytes) -> bytes:
    """The first frame, upright, square from the middle, 256 x 256, as WebP without any metadata.

    Exits with `TOO_MANY_PIXELS` before decoding where the header announces too many.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - the parsers are loaded only once we are confined

    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and tells what is wrong
    picture = Image.open(BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > MOST_PIXELS:
        sys.exit(TOO_MANY_PIXELS)
    picture.seek(0)
    picture.draft("RGB", (SIDE * 2, SIDE * 2))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    mode = "RGBA" if "A" in upright.getbands() or "transparency" in upright.info else "RGB"
    square = ImageOps.fit(upright.convert(mode), (SIDE, SIDE), Image.Resampling.LANCZOS)
    bare = Image.frombytes(mode, square.size, square.tobytes())
    out = BytesIO()
    bare.save(out, "WEBP", quality=85, method=4)
    return out.getvalue()


def main() -> None:
    """Read, reduce, write."""
    confine()
    content = sys.stdin.buffer.read()
    try:
        reduced = reduce_picture(content)
    except Exception:  # whatever a parser throws at hostile bytes means the same to us
        sys.exit(NOT_A_PICTURE)
    sys.stdout.buffer.write(reduced)


if __name__ == "__main__":
    main()
