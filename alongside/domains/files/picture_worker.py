"""A process of its own that turns an untrusted picture (stdin) into a harmless one (stdout), or dies.

Run by `pictures.py` and imported by nobody. The arguments say what is wanted: `portrait`, the bytes of a small square
WebP; `reduced 1200`, a WebP in its own shape whose longer side is at most so many pixels; or `inert`, the whole picture
made anew, with a thumbnail: a line of JSON (`_Head` of `pictures.py`), then the bytes of both.
Exit codes: 0 done, 3 not a picture we take, 4 too many pixels.
"""

from __future__ import annotations

import json
import resource
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from PIL.Image import Image

SIDE = 256
THUMBNAIL_SIDE = 640
# Longer sides are reduced: enough to read a type plate on a photo, and what screens and printers can show.
LONGEST_SIDE = 4096
MOST_PIXELS = 25_000_000
# A JPEG can be decoded at half or a quarter of its size, so cameras may bring more.
MOST_JPEG_PIXELS = 120_000_000
# All frames of an animation together.
MOST_MOVING_PIXELS = 60_000_000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
NOT_A_PICTURE = 3
TOO_MANY_PIXELS = 4

MOST_MEMORY = 768 * 1024 * 1024
MOST_CPU_SECONDS = 12


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


def portrait(content: bytes) -> bytes:
    """The first frame, upright, square from the middle, 256 x 256, as WebP without any metadata.

    Exits with `TOO_MANY_PIXELS` before decoding where the header announces too many.
    """
    from PIL import Image, ImageOps  # noqa: PLC0415 - the parsers are loaded only once we are confined

    return _web_picture(ImageOps.fit(_upright(content, SIDE), (SIDE, SIDE), Image.Resampling.LANCZOS))


def reduced(content: bytes, longest: int) -> bytes:
    """As `portrait`, but in its own shape, its longer side at most so many pixels."""
    from PIL import Image  # noqa: PLC0415 - as above

    picture = _upright(content, longest)
    picture.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return _web_picture(picture)


def _upright(content: bytes, enough: int) -> Image:
    from PIL import ImageOps  # noqa: PLC0415 - as above

    picture = _opened(content, MOST_PIXELS)
    picture.draft("RGB", (enough * 2, enough * 2))
    picture.load()
    upright = ImageOps.exif_transpose(picture)
    return upright.convert(_mode_of(upright))


def _web_picture(picture: Image) -> bytes:
    return _written(picture, "WEBP", quality=85, method=4)


def inert(content: bytes) -> bytes:
    """The picture in its own format, upright, in sRGB, without any metadata, and its first frame as a thumbnail."""
    picture = _opened(content, MOST_JPEG_PIXELS)
    kind = str(picture.format)
    if picture.width * picture.height > MOST_PIXELS:
        if kind != "JPEG":
            sys.exit(TOO_MANY_PIXELS)
        picture.draft("RGB", (LONGEST_SIDE // 2, LONGEST_SIDE // 2))  # at least so large, by halves
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and kind in {"GIF", "WEBP"}:
        first, anew = _moving(picture, kind, frames)
    else:
        first = _still(picture)
        anew = _written(first, "PNG" if kind == "GIF" else kind, **_options(kind))
    thumbnail = first.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    small = _written(thumbnail, "WEBP", quality=80, method=4)
    head = {"width": first.width, "height": first.height, "content": len(anew), "thumbnail": len(small)}
    if kind == "GIF" and frames == 1:
        kind = "PNG"
    return json.dumps(head | {"media_type": f"image/{kind.lower()}"}).encode() + b"\n" + anew + small


def _opened(content: bytes, most_pixels: int) -> Any:
    from PIL import Image  # noqa: PLC0415 - as above

    Image.MAX_IMAGE_PIXELS = None  # ours is lower, and tells what is wrong
    picture = Image.open(BytesIO(content), formats=FORMATS)
    if picture.width * picture.height > most_pixels:
        sys.exit(TOO_MANY_PIXELS)
    picture.seek(0)
    return picture


def _still(picture: Any) -> Image:
    from PIL import ImageOps  # noqa: PLC0415 - as above

    picture.load()
    if picture.width * picture.height > MOST_PIXELS:
        sys.exit(TOO_MANY_PIXELS)
    return _reduced(_in_srgb(ImageOps.exif_transpose(picture)))


def _moving(picture: Any, kind: str, frames: int) -> tuple[Image, bytes]:
    from PIL import ImageSequence  # noqa: PLC0415 - as above

    if frames * picture.width * picture.height > MOST_MOVING_PIXELS:
        sys.exit(TOO_MANY_PIXELS)
    loop = picture.info.get("loop", 0 if kind == "WEBP" else 1)
    drawn, times = [], []
    for frame in ImageSequence.Iterator(picture):
        times.append(max(20, int(frame.info.get("duration") or 100)))
        drawn.append(_bare(frame.convert("RGBA")))
    options = {"method": 1, "quality": 80} if kind == "WEBP" else {"disposal": 2}
    anew = _written(drawn[0], kind, save_all=True, append_images=drawn[1:], duration=times, loop=loop, **options)
    return drawn[0], anew


def _in_srgb(picture: Image) -> Image:
    """Phones write other colour spaces; the profile that says so goes with the rest of the metadata."""
    from PIL import ImageCms  # noqa: PLC0415 - as above

    mode = _mode_of(picture)
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return picture.convert(mode)
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        turned = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode=picture.mode)
    except (ImageCms.PyCMSError, OSError):
        return picture.convert(mode)
    return turned or picture.convert(mode)


def _reduced(picture: Image) -> Image:
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    return _bare(picture)


def _bare(picture: Image) -> Image:
    """Pixels and nothing else."""
    from PIL import Image  # noqa: PLC0415 - as above

    return Image.frombytes(picture.mode, picture.size, picture.tobytes())


def _mode_of(picture: Image) -> str:
    return "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"


def _options(kind: str) -> dict[str, Any]:
    return {
        "JPEG": {"quality": 88, "optimize": False, "progressive": False},
        "WEBP": {"quality": 88, "method": 3},
    }.get(kind, {"compress_level": 6})


def _written(picture: Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    _bare(picture).save(out, kind, **options)
    return out.getvalue()


MAKERS: dict[str, Callable[..., bytes]] = {"portrait": portrait, "reduced": reduced, "inert": inert}


def main() -> None:
    """Read, make anew, write."""
    confine()
    make = MAKERS[sys.argv[1]]
    content = sys.stdin.buffer.read()
    try:
        made = make(content, *(int(each) for each in sys.argv[2:]))
    except Exception:  # whatever a parser throws at hostile bytes means the same to us
        sys.exit(NOT_A_PICTURE)
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
