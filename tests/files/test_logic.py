"""Names, kinds and headers of files."""

from __future__ import annotations

import re
from urllib.parse import unquote
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.files import logic
from alongside.domains.files.policy import megabytes
from tests.files.media import POLYGLOTS, PRETENDERS, mp3, mp4, ogg, wav, webm
from tests.files.pictures import animation, picture

RLO = "\u202e"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("PNG"), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("WEBP"), "image/webp"),
        (animation(), "image/gif"),
        (mp4(), "video/mp4"),
        (mp4(b"mp42", (b"soun", b"vide")), "video/mp4"),
        (mp4(b"qt  "), "video/quicktime"),
        (mp4(b"M4A ", (b"soun",)), "audio/mp4"),
        (mp4(b"isom", (b"soun",)), "audio/mp4"),
        (mp4(b"heic"), logic.OTHER),
        (mp4(b"avif"), logic.OTHER),
        (webm(), "video/webm"),
        (webm(b"A_OPUS"), "audio/webm"),
        (webm(doctype=b"matroska"), logic.OTHER),
        (ogg(), "audio/ogg"),
        (ogg(b"\x80theora"), "video/ogg"),
        (mp3(), "audio/mpeg"),
        (b"ID3\x04\0\0" + bytes(50), "audio/mpeg"),
        (b"\xff\xfb\x90\x64" + bytes(2_000), logic.OTHER),
        (b"\xff\xfe" + "A letter in UTF-16".encode("utf-16-le"), logic.OTHER),
        (wav(), "audio/wav"),
        (b"fLaC" + bytes(50), "audio/flac"),
        (b"", logic.OTHER),
        (b"RIFF", logic.OTHER),
        *((content, logic.OTHER) for content in PRETENDERS.values()),
        *((content, "image/gif" if name.endswith("gif") else "image/jpeg") for name, content in POLYGLOTS.items()),
    ],
)
def test_content_says_what_a_file_is(content: bytes, media_type: str) -> None:
    assert logic.media_type_of(content) == media_type


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("image/png", "image"),
        ("IMAGE/JPEG; q=1", "image"),
        ("image/svg+xml", "file"),
        ("image/heic", "file"),
        ("video/mp4", "video"),
        ("audio/mpeg", "audio"),
        ("text/html", "file"),
        ("nonsense", "file"),
    ],
)
def test_types_are_of_a_kind(declared: str, kind: str) -> None:
    assert logic.kind_of(declared) == kind


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("Übersicht 2026 – Größe.pdf", "Übersicht 2026 – Größe.pdf"),
        ("发票.pdf", "发票.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\vera\\secret.txt", "secret.txt"),
        (f"invoice{RLO}fdp.exe", "invoicefdp.exe"),
        ("a\u200bb\ufeffc.txt", "abc.txt"),
        ("evil\r\nSet-Cookie: a=b.png", "evil Set-Cookie_ a=b.png"),
        ("nul\x00l.png", "null.png"),
        ('quote".html', "quote_.html"),
        ("...", "file"),
        ("", "file"),
        ("\ud800", "file"),
        (".htaccess", "htaccess"),
        ("trailing. . ", "trailing"),
        ("e\u0301.txt", "é.txt"),
    ],
)
def test_names_become_harmless(given_name: str, kept: str) -> None:
    assert logic.file_name(given_name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    name = logic.file_name("x" * 300 + ".tar.gz")
    assert len(name) == logic.NAME_CHARS
    assert name.endswith(".gz")
    assert len(logic.file_name("x" * 3_000)) == logic.NAME_CHARS
    assert len(logic.file_name("x." + "y" * 500)) == logic.NAME_CHARS


@given(st.text(max_size=400))
def test_whatever_is_typed_a_name_fits_into_rows_and_headers(text: str) -> None:
    name = logic.file_name(text)
    assert 1 <= len(name) <= logic.NAME_CHARS
    assert not re.search(r"[\x00-\x1f\x7f-\x9f/\\\"\u202a-\u202e\u2066-\u2069]", name)
    assert logic.file_name(name) == name
    header = logic.content_disposition(name, inline=False)
    assert re.fullmatch(r"attachment; filename=\"[ -~]*\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+", header)
    assert header.count('"') == 2
    assert unquote(header.rpartition("''")[2]) == name


@pytest.mark.parametrize(
    ("name", "media_type", "fitting"),
    [
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("photo.html", "image/jpeg", "photo.jpg"),
        ("photo", "image/png", "photo.png"),
        ("voice.webm", "audio/webm", "voice.webm"),
        ("page.png", logic.OTHER, "page.png"),
        ("x" * 120, "video/mp4", "x" * 116 + ".mp4"),
    ],
)
def test_the_ending_follows_the_content(name: str, media_type: str, fitting: str) -> None:
    assert logic.fitting_name(name, media_type) == fitting


def test_a_proof_is_for_one_file_one_visitor_and_one_time() -> None:
    file, visitor = uuid4(), uuid4()
    proof = logic.sign("key", file, visitor, 100)
    assert proof == logic.sign("key", file, visitor, 100)
    others = [
        logic.sign("other", file, visitor, 100),
        logic.sign("key", uuid4(), visitor, 100),
        logic.sign("key", file, uuid4(), 100),
        logic.sign("key", file, visitor, 101),
    ]
    assert proof not in others


def test_sizes_are_not_rounded_to_what_would_be_allowed() -> None:
    assert [megabytes(size) for size in (20_000_000, 20_010_000, 1_234_567_890)] == ["20", "20.01", "1,234.57"]
