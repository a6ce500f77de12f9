"""Substring search over names without a database extension; the SQL twin is `search_grams` in the migrations."""

from __future__ import annotations

GRAM = 3


def query_grams(typed: str) -> list[str]:
    """The grams that a name containing `typed` must have. One or two letters find words that begin with them."""
    text = typed.lower()
    if len(text) < GRAM:
        return ["^" + text] if text else []
    return sorted({text[place : place + GRAM] for place in range(len(text) - GRAM + 1)})


def like_patterns(typed: str) -> list[str]:
    """LIKE patterns, any of which a found name fits: `typed` anywhere, or at the start of a word if it is short."""
    escaped = typed.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{escaped}%"] if len(typed) >= GRAM else [f"{escaped}%", f"% {escaped}%"]
