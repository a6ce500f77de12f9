"""The smallest sounds and films that readers accept as what they are, and files that pretend."""

from __future__ import annotations

import struct
import wave
from io import BytesIO


def wav(seconds: float = 0.1) -> bytes:
    """Silence."""
    out = BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8_000)
        sound.writeframes(bytes(int(seconds * 16_000)))
    return out.getvalue()


def mp3(frames: int = 8) -> bytes:
    """MPEG-1 layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes each."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * frames


def mp4(brand: bytes = b"isom", handlers: tuple[bytes, ...] = (b"vide",)) -> bytes:
    """The boxes that say what kind of film it is; there is none inside."""
    kind = _box(b"ftyp", brand + b"\0\0\2\0" + brand)
    return kind + _box(b"moov", b"".join(_box(b"hdlr", bytes(8) + each + bytes(13)) for each in handlers))


def webm(codec: bytes = b"V_VP9", doctype: bytes = b"webm") -> bytes:
    """The head of a Matroska file."""
    return b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\xf7\x81\x01B\x82\x84" + doctype + b"\x18S\x80g" + codec + bytes(400)


def ogg(codec: bytes = b"OpusHead") -> bytes:
    """The first page of an Ogg file."""
    return b"OggS\0\2" + bytes(22) + codec + bytes(200)


POLYGLOTS = {
    "gif-js.gif": b"GIF89a/*" + bytes(30) + b"*/=1;alert(document.domain)",
    "jpeg-html.jpg": b"\xff\xd8\xff\xe0<html><script>window.__xss=1</script>",
}
PRETENDERS = {
    "page.png": b"<!doctype html><script>window.__xss=1;document.title='ran'</script>",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.__xss=1'><script>window.__xss=1</script>",
    "paper.pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "feed.xml": b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'><script>window.__xss=1</script></html>",
    "mail.mht": b"MIME-Version: 1.0\nContent-Type: text/html\n\n<script>window.__xss=1</script>",
    "code.js": b"window.__xss=1",
    "program.exe": b"MZ" + bytes(100),
}


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + name + body
