"""Settings, origins, texts and keys. Pure, but for the randomness of keys."""

from __future__ import annotations

import ipaddress
import re
import secrets
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from msgspec import UNSET, structs

from alongside.domains.channels.addresses import web_address
from alongside.domains.channels.appearance import accepted_accent, changed_look
from alongside.domains.channels.around import changed_around
from alongside.domains.channels.schemas import (
    DEFAULT_AWAY,
    DEFAULT_GREETING,
    DEFAULT_TITLE,
    ChannelSettings,
    EditSettings,
)
from alongside.kit.text import clean_line, clean_text
from alongside.platform.errors import Invalid

NAME_CHARS = 80

# Neither 0 and o nor 1, i and l: a key is read from a page and typed again.
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
_HOST = re.compile(r"(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_DEFAULTS = {"title": DEFAULT_TITLE, "greeting": DEFAULT_GREETING, "away": DEFAULT_AWAY}


def new_key() -> str:
    """A channel's public key, 12 letters in three groups: about 59 random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def new_kid() -> str:
    """The name of an identity key."""
    return "k" + "".join(secrets.choice(_LETTERS) for _ in range(7))


def channel_name(text: str) -> str:
    """A name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("channel-name-malformed", f"A channel's name has 1 to {NAME_CHARS} characters.")
    return name


def changed_settings(current: ChannelSettings, change: EditSettings) -> ChannelSettings:
    """The settings after a change. Raises `Invalid` for a colour, text, address or question that cannot be used.

    Languages that a text leaves out stay as they are; an empty text takes its language away, and English back to ours.
    """
    given = {name: value for name, value in structs.asdict(change).items() if value is not UNSET}
    if "around" in given:
        given["around"] = changed_around(current.around, given["around"])
    if "look" in given:
        given["look"] = changed_look(current.look, given["look"])
    if "accent" in given or "look" in given:
        given["accent"] = accepted_accent(given.get("accent", current.accent), given.get("look", current.look).theme)
    if "privacy_url" in given:
        given["privacy_url"] = web_address(given["privacy_url"], "privacy-url-malformed", "https://example.com/privacy")
    if "upload_kinds" in given:
        given["upload_kinds"] = list(dict.fromkeys(given["upload_kinds"]))
    for name, defaults in _DEFAULTS.items():
        if name in given:
            given[name] = _texts({**getattr(current, name), **given[name]}, defaults)
    return structs.replace(current, **given)


def origins(texts: Iterable[str]) -> list[str]:
    """Origins as browsers send them, without doubles. Raises `Invalid` naming the first that is none."""
    return list(dict.fromkeys(origin(text) for text in texts))


def origin(text: str) -> str:
    """`https://shop.example:8443` as a browser sends it. Raises `Invalid` for anything that says more."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = _host(parts.hostname or "")
    except (ValueError, UnicodeError):
        raise _no_origin(text) from None
    extra = parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in ("http", "https") or extra or not host:
        raise _no_origin(text)
    usual = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + (f":{port}" if port is not None and port != usual else "")


def _host(name: str) -> str:
    if ":" in name:
        return f"[{ipaddress.IPv6Address(name)}]"
    ascii_name = name.encode("idna").decode().lower() if name else ""
    return ascii_name if _HOST.fullmatch(ascii_name) else ""


def _no_origin(text: str) -> Invalid:
    return Invalid(
        "origin-malformed",
        "An allowed site is written like https://shop.example.com: scheme and host, no path.",
        origin=clean_line(text, 200),
    )


def _texts(texts: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    cleaned = {language: clean_text(text) for language, text in texts.items()}
    kept = {language: text for language, text in cleaned.items() if text}
    return {**({} if "en" in kept else {"en": defaults["en"]}), **kept}
