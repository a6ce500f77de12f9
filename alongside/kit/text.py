"""Text from outside, made safe to store."""

from __future__ import annotations

import re

# C0 and C1 controls but tab and newline. PostgreSQL refuses NUL; nobody types the others on purpose.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


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
