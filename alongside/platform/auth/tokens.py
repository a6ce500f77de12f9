"""Session tokens and the proof that a request comes from our own page.

A token has 256 random bits (`kit.ids.new_secret`) and is stored only as its SHA-256 (`kit.ids.digest`).
"""

from __future__ import annotations

import hashlib
import hmac
import re

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


def looks_like_token(text: str | None) -> bool:
    """Whether `text` could be one of our tokens at all; anything else is not worth a query."""
    return text is not None and _TOKEN.fullmatch(text) is not None


def csrf_of(session_token: str) -> str:
    """What our own page sends along to prove that it is no other's: 64 hex digits, bound to the session."""
    return hmac.new(session_token.encode(), b"csrf", hashlib.sha256).hexdigest()


def same(given: str | None, expected: str) -> bool:
    """Compare without telling by the time it takes how far they agree."""
    return given is not None and hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())
