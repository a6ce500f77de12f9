"""Names, kinds, headers and signatures of files. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import unicodedata
from urllib.parse import quote
from uuid import UUID

from alongside.domains.files.schemas import AttachmentKind
from alongside.kit.text import clean_line

NAME_CHARS = 120
ENDING_CHARS = 12
NAMELESS = "file"

# What turns the direction of text around, or is there and cannot be seen: "invoice<RLO>fdp.exe" reads "invoiceexe.pdf".
_INVISIBLE = re.compile("[\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]")
# What no file system takes, and what ends a quoted header value.
_UNSAFE = re.compile(r'[<>:"|?*\\/;]')

# How the head of a file is told apart. Only what is named here is ever shown or played in place.
HEAD_BYTES = 65_536
_ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/gif": "gif",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
    "video/ogg": "ogv",
    "audio/mpeg": "mp3",
    "audio/mp4": "m4a",
    "audio/webm": "weba",
    "audio/ogg": "ogg",
    "audio/wav": "wav",
    "audio/flac": "flac",
}
# Other endings of the same content that are as good.
_ALSO = {
    "image/jpeg": {"jpeg", "jfif", "jpe"},
    "video/mp4": {"m4v"},
    "audio/mp4": {"mp4"},
    "audio/webm": {"webm"},
    "audio/ogg": {"oga", "opus"},
    "audio/wav": {"wave"},
}
OTHER = "application/octet-stream"

# How files begin. Containers that say more further in are looked at one by one.
_MARKS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"fLaC", "audio/flac"),
    (b"ID3", "audio/mpeg"),
)
_MP3_KILOBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_LOW_KILOBITS = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)


def file_name(text: str) -> str:
    """A name as it can be shown and saved: no path, no controls, nothing that turns text around, its ending kept."""
    text = unicodedata.normalize("NFC", text[:2_000].encode("utf-8", "ignore").decode())
    text = text.replace("\\", "/").rstrip("/ ").rpartition("/")[2]
    text = clean_line(_UNSAFE.sub("_", _INVISIBLE.sub("", text)), 1_000).strip(" .")
    stem, dot, ending = text.rpartition(".")
    if not dot or len(ending) > ENDING_CHARS:
        stem, ending = text, ""
    if len(text) > NAME_CHARS:
        text = stem[: NAME_CHARS - len(ending) - bool(ending)].rstrip(" .") + ("." + ending if ending else "")
    return text or NAMELESS


def fitting_name(name: str, media_type: str) -> str:
    """`name` with the ending of what the content is, where that is known: a picture called x.html becomes x.jpg."""
    ending = _ENDINGS.get(media_type)
    stem, dot, given = name.rpartition(".")
    if ending is None or (dot and given.lower() in {ending, *_ALSO.get(media_type, ())}):
        return name
    if not dot or len(given) > ENDING_CHARS:
        stem = name
    return f"{(stem or NAMELESS)[: NAME_CHARS - len(ending) - 1]}.{ending}"


def media_type_of(head: bytes) -> str:
    """What a file is, by its first `HEAD_BYTES`; `OTHER` for everything that is not shown or played in place."""
    for mark, media_type in _MARKS:
        if head.startswith(mark):
            return media_type
    if head[4:8] == b"ftyp":
        return _mp4_type(head)
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], OTHER)
    if head[:4] == b"OggS":
        return "video/ogg" if b"theora" in head[:4_096] else "audio/ogg"
    if head[:4] == b"\x1aE\xdf\xa3":
        return _webm_type(head)
    return "audio/mpeg" if _is_mp3(head) else OTHER


def _mp4_type(head: bytes) -> str:
    brand = head[8:12]
    if brand == b"qt  ":
        return "video/quicktime"
    if not brand.startswith((b"iso", b"mp4", b"avc", b"M4V", b"M4A", b"M4B", b"dash", b"MSNV", b"3gp")):
        return OTHER  # HEIC and AVIF among others: pictures that are not made anew
    sound_alone = b"soun" in head and b"vide" not in head
    return "audio/mp4" if brand in {b"M4A ", b"M4B "} or sound_alone else "video/mp4"


def _webm_type(head: bytes) -> str:
    """Matroska is told apart by its document type; a track's codec begins with V_ for video."""
    if b"webm" not in head[:64]:
        return OTHER
    return "video/webm" if b"V_VP" in head or b"V_AV1" in head else "audio/webm"


def _is_mp3(head: bytes) -> bool:
    """Two frames of MPEG audio, layer III, in a row: the mark of one is only eleven bits."""
    length = _mp3_frame_bytes(head[:4])
    return bool(length) and bool(_mp3_frame_bytes(head[length : length + 4]))


def _mp3_frame_bytes(header: bytes) -> int:
    """The length of the frame that begins with `header`; 0 where none does (ISO 11172-3, 2.4.2.3)."""
    if len(header) < 4 or header[0] != 0xFF or header[1] & 0xE6 != 0xE2:
        return 0
    version, rate_index, bits_index = header[1] >> 3 & 3, header[2] >> 2 & 3, header[2] >> 4
    if version == 1 or rate_index == 3 or bits_index in {0, 15}:
        return 0
    newest = version == 3
    rate = (44_100, 48_000, 32_000)[rate_index] >> (0 if newest else 1 if version == 2 else 2)
    kilobits = (_MP3_KILOBITS if newest else _MP3_LOW_KILOBITS)[bits_index]
    return (144 if newest else 72) * kilobits * 1000 // rate + (header[2] >> 1 & 1)


def kind_of(media_type: str) -> AttachmentKind:
    """How a file of this type is shown."""
    media_type = media_type.partition(";")[0].strip().lower()
    if media_type not in _ENDINGS:
        return "file"
    kind = media_type.partition("/")[0]
    return "image" if kind == "image" else "video" if kind == "video" else "audio"


def content_disposition(name: str, *, inline: bool) -> str:
    """The header of RFC 6266: a plain name for old readers, and the true one as RFC 8187 writes it."""
    plain = re.sub(
        r"[^A-Za-z0-9 ._()+,=@~-]", "_", unicodedata.normalize("NFKD", name).encode("ascii", "replace").decode()
    )
    how = "inline" if inline else "attachment"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def sign(link_key: str, attachment_id: UUID, identity_id: UUID, until: int) -> str:
    """Proof that we handed out the address of this file to this visitor, good until `until` (seconds since 1970)."""
    said = f"attachment\0{attachment_id}\0{identity_id}\0{until}".encode()
    return base64.urlsafe_b64encode(hmac.digest(link_key.encode(), said, hashlib.sha256)[:18]).decode()
