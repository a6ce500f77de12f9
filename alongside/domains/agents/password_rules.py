"""Which passwords may be chosen: long enough, not among the first that are guessed, not the person's own name.

Nothing is asked of their composition: it makes passwords no harder to guess and harder to remember (NIST SP 800-63B).
Pure, but for the bundled list, which is read once.
"""

from __future__ import annotations

import importlib.resources
import re
import unicodedata
from functools import lru_cache

from alongside.platform.errors import Invalid

SHORTEST_CHARS = 10
LONGEST_CHARS = 128
# Below this many characters a name is part of too many words to be looked for: Al, Bo, Ian, Tim.
NAME_CHARS = 4

# The beginnings that make ten characters weak, whatever is put behind them.
_GUESSED_FIRST = (
    "password",
    "passwort",
    "qwertyuiop",
    "qwertzuiop",
    "1234567890",
    "0123456789",
    "iloveyou",
    "letmein",
)


def check(password: str, shortest: int, email: str, display_name: str) -> None:
    """Raises `Invalid` with what to do for a password that its holder may not choose."""
    if len(password) < shortest:
        raise Invalid("password-too-short", f"Choose a password of at least {shortest} characters.")
    if len(password) > LONGEST_CHARS:
        raise Invalid("password-too-long", f"A password can have at most {LONGEST_CHARS} characters.")
    plain = _plain(password)
    if len(set(plain)) < 4 or plain.startswith(_GUESSED_FIRST) or plain in _common():
        raise Invalid("password-too-easy", "This password is among the first that are guessed. Choose another one.")
    if any(part in plain for part in _names(email, display_name)):
        raise Invalid(
            "password-holds-name",
            "This password contains your name or e-mail address, which is guessed early. Choose another one.",
        )


def _names(email: str, display_name: str) -> set[str]:
    words = re.split(r"\W+", _plain(display_name))
    parts = {_plain(email), _plain(email).partition("@")[0], *words, "".join(words)}
    return {part for part in parts if len(part) >= NAME_CHARS}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    text = (importlib.resources.files("alongside.domains.agents") / "common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("# "))
