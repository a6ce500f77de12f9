"""Search without a database extension: substrings of names, words of texts.

The SQL twin of the grams is `search_grams` in the migrations.
"""

from __future__ import annotations

import re
import unicodedata

GRAM = 3

_BETWEEN_WORDS = re.compile(r"[\W_]+")


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


def fold(text: str) -> str:
    """`text` as its bare words, each after one space: no case, no accents, no punctuation. Empty when it has no word.

    So a word of it begins with "ord" where the result holds " ord", and nothing in it means anything to LIKE.
    """
    plain = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    words = _BETWEEN_WORDS.sub(" ", plain.casefold()).strip()
    return f" {words}" if words else ""


def word_patterns(folded: str) -> list[str]:
    """LIKE patterns, all of which a folded text fits that holds each word; a short one only where a word begins."""
    return [f"%{word}%" if len(word) >= GRAM else f"% {word}%" for word in folded.split()]


def beginning_patterns(folded: str) -> list[str]:
    """LIKE patterns, all of which a folded text fits in which each word is the beginning of one."""
    return [f"% {word}%" for word in folded.split()]
