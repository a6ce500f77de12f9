"""Settings, origins and keys, without a database."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.channels import logic
from alongside.domains.channels.schemas import ChannelSettings, EditSettings
from alongside.platform.errors import Invalid


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://shop.test", "https://shop.test"),
        (" HTTPS://Shop.TEST/ ", "https://shop.test"),
        ("https://shop.test:443", "https://shop.test"),
        ("http://shop.test:80", "http://shop.test"),
        ("https://shop.test:8443", "https://shop.test:8443"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("https://bücher.example", "https://xn--bcher-kva.example"),
        ("http://127.0.0.1", "http://127.0.0.1"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_origins_as_browsers_send_them(text: str, origin: str) -> None:
    assert logic.origin(text) == origin
    assert logic.origin(origin) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shop.test",
        "*",
        "https://*.shop.test",
        "https://shop.test/a",
        "https://shop.test?x",
        "https://shop.test#x",
        "https://user@shop.test",
        "https://shop.test:99999",
        "https://shop.test:x",
        "ftp://shop.test",
        "javascript:alert(1)",
        "null",
        "https://",
        "https://a b.test",
        "https://[::1",
        "https://a..b",
        "https://" + "a" * 300,
        "https://shop.test'; script-src *",
        "https://shop.test\r\nx: y",
    ],
)
def test_what_is_no_origin(text: str) -> None:
    with pytest.raises(Invalid):
        logic.origin(text)


@given(st.text(max_size=60))
def test_any_text_is_an_origin_or_refused(text: str) -> None:
    try:
        origin = logic.origin(text)
    except Invalid:
        return
    assert re.fullmatch(r"https?://[a-z0-9._:\[\]-]+", origin)


def test_keys_can_be_read_aloud() -> None:
    keys = {logic.new_key() for _ in range(200)}
    assert len(keys) == 200
    assert all(re.fullmatch(r"[2-9a-hjkmnp-z]{4}(-[2-9a-hjkmnp-z]{4}){2}", key) for key in keys)


def test_english_is_always_there() -> None:
    emptied = logic.changed_settings(ChannelSettings(), EditSettings(title={"en": " ", "de": "Hallo"}))
    assert emptied.title == {"en": "Chat with us", "de": "Hallo"}
    assert logic.changed_settings(emptied, EditSettings(title={"de": ""})).title == {"en": "Chat with us"}


def test_a_language_that_is_left_out_stays() -> None:
    before = logic.changed_settings(ChannelSettings(), EditSettings(title={"en": "Ask us", "de": "Frag uns"}))
    after = logic.changed_settings(before, EditSettings(title={"de": "Fragen?"}))
    assert after.title == {"en": "Ask us", "de": "Fragen?"}


def test_an_empty_privacy_address_is_none() -> None:
    assert logic.changed_settings(ChannelSettings(), EditSettings(privacy_url=" ")).privacy_url is None
    given_one = logic.changed_settings(ChannelSettings(), EditSettings(privacy_url="https://shop.test/privacy"))
    assert given_one.privacy_url == "https://shop.test/privacy"
    assert logic.changed_settings(given_one, EditSettings(sound=False)).privacy_url == "https://shop.test/privacy"
