"""How an API key is written, and what it may hold. Pure, but for the randomness of keys."""

from __future__ import annotations

import re
import secrets
import string
import zlib
from collections.abc import Collection, Iterable

from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

NAME_CHARS = 80
PREFIX = "alsk_"
HINT_CHARS = len(PREFIX) + 4

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_SECRET_CHARS = 43  # 256 bits
_CHECK_CHARS = 6  # 32 bits
_KEY = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_SECRET_CHARS}}})([0-9A-Za-z]{{{_CHECK_CHARS}}})")


def new_key() -> str:
    """A key: a prefix that secret scanners know, 43 random letters and digits, and their checksum."""
    secret = "".join(secrets.choice(_DIGITS) for _ in range(_SECRET_CHARS))
    return f"{PREFIX}{secret}{_checksum(secret)}"


def looks_like_key(text: str) -> bool:
    """Whether `text` could be one of our keys at all: anything else is not worth a query, or a scanner's alarm."""
    found = _KEY.fullmatch(text)
    return found is not None and _checksum(found[1]) == found[2]


def hint(key: str) -> str:
    """As much of a key as may be shown: enough to tell it from others."""
    return key[:HINT_CHARS]


def key_name(text: str) -> str:
    """A name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("key-name-malformed", f"A key's name has 1 to {NAME_CHARS} characters.")
    return name


def scopes(given: Iterable[str], known: Collection[str]) -> list[str]:
    """Scopes in the order of `known`, each once. Raises `Invalid` naming those that do not exist."""
    wanted = set(given)
    if unknown := sorted(wanted - set(known)):
        raise Invalid("no-such-scope", f"There is no scope {unknown[0][:60]}. docs/api.md names them all.")
    return [each for each in known if each in wanted]


def _checksum(secret: str) -> str:
    left, written = zlib.crc32(secret.encode()), ""
    for _ in range(_CHECK_CHARS):
        left, digit = divmod(left, len(_DIGITS))
        written = _DIGITS[digit] + written
    return written
