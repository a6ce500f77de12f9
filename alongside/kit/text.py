"""Text from outside, made safe to store."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline. PostgreSQL refuses NUL; nobody types the others on purpose.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")

# Loose on purpose (mail decides what exists), but nothing in it can break out of a header, a page or a line.
_SPECIAL = r"\s@\"(),:;<>\[\\\]\x00-\x1f\x7f"
_EMAIL = re.compile(rf"[^{_SPECIAL}]+@(?:[^{_SPECIAL}.]+\.)*[^{_SPECIAL}.]+")


def clean_text(text: str) -> str:
    """`text` with newlines as \\n, without control characters, surrogates and surrounding white space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", text).encode("utf-8", "ignore").decode().strip()


def clean_line(text: str, limit: int) -> str:
    """`text` on one line, at most `limit` characters."""
    return " ".join(clean_text(text[: limit * 2]).split())[:limit]


def preview(text: str, limit: int = 160) -> str:
    """The first `limit` characters of `text` on one line."""
    return clean_line(text, limit)


def is_email(text: str) -> bool:
    """Does `text` look like an address that mail can be sent to?"""
    return _EMAIL.fullmatch(text) is not None
