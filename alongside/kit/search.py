"""Search without a database extension: parts of names, words of texts.

The SQL twins, for names, are `search_fold` and `search_grams`.
"""

from __future__ import annotations

import re
import unicodedata

GRAM = 3

_BETWEEN_WORDS = re.compile(r"[\W_]+")
_MARKS = re.compile("[\u0300-\u036f'’‘`´ʼ]")
# "1042", "Visitor 1042", "Besucher 1042": one word in whatever language, and a number.
_NAMELESS = re.compile(r"(?:[^\W\d]+ )?(?P<number>\d{1,18})")
_LETTERS = str.maketrans("ıøđłð", "iodld")
# In this order: what the first four bring, the last three take along.
_PAIRS = (("ß", "ss"), ("æ", "ae"), ("œ", "oe"), ("ae", "a"), ("oe", "o"), ("ue", "u"))


def fold(words: str) -> str:
    """`words` as they are compared: without case, accents and apostrophes, ä as a and as ae alike."""
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", words)).lower().translate(_LETTERS)
    for pair, one in _PAIRS:
        bare = bare.replace(pair, one)
    return bare


def visitor_number(typed: str) -> int | None:
    """The number by which lists call somebody without a name, if that is what was typed."""
    found = _NAMELESS.fullmatch(typed)
    return int(found["number"]) if found else None


def query_grams(typed: str) -> list[str]:
    """The grams that a name containing `typed` must have. One or two letters find words that begin with them."""
    text = fold(typed)
    if len(text) < GRAM:
        return ["^" + text] if text else []
    return sorted({text[place : place + GRAM] for place in range(len(text) - GRAM + 1)})


def like_patterns(typed: str) -> list[str]:
    """LIKE patterns, any of which a found name fits: `typed` anywhere, or at the start of a word if it is short."""
    text = fold(typed)
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return [f"%{escaped}%"] if len(text) >= GRAM else [f"{escaped}%", f"% {escaped}%"]


def fold_words(text: str) -> str:
    """The bare words of `text`, folded, each after one space; empty when it has no word.

    So a word of it begins with "ord" where the result holds " ord", and nothing in it means anything to LIKE.
    """
    words = _BETWEEN_WORDS.sub(" ", fold(text)).strip()
    return f" {words}" if words else ""


def word_patterns(words: str) -> list[str]:
    """LIKE patterns, all of which folded words fit that hold each of these; a short one only where a word begins."""
    return [f"%{word}%" if len(word) >= GRAM else f"% {word}%" for word in words.split()]


def beginning_patterns(words: str) -> list[str]:
    """LIKE patterns, all of which folded words fit in which each of these is the beginning of one."""
    return [f"% {word}%" for word in words.split()]
