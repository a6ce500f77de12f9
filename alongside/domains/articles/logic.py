"""Addresses, names, languages and excerpts. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from alongside.domains.articles.schemas import (
    BODY_CHARS,
    NAME_CHARS,
    SLUG_CHARS,
    SUMMARY_CHARS,
    TITLE_CHARS,
    ExcerptPiece,
)
from alongside.kit.text import clean_line, clean_text
from alongside.platform.errors import Invalid

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

# Between what no stored text can hold: control characters are taken out of every text.
HIT_BEGINS, HIT_ENDS = "\x02", "\x03"

# German and Scandinavian letters are written out as people of these languages do; other marks are left off.
_WRITTEN_OUT = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "æ": "ae", "ø": "oe", "å": "aa", "ı": "i", "ł": "l", "đ": "d"}
)
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_WORD = re.compile(r"\w+")
_MOST_WORDS = 12

_ROBOT = re.compile(
    r"bot\b|crawl|spider|slurp|preview|monitor|curl/|wget/|python-|headlesschrome-lighthouse", re.IGNORECASE
)


def slug_from(title: str) -> str:
    """An address made of a title; "article" where nothing of it can be used."""
    text = title.lower().translate(_WRITTEN_OUT)
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:60]
        if len(longer) > 60:
            break
        slug = longer
    return slug or "article"


def given_slug(text: str) -> str | None:
    """An address that somebody typed; None when it is to be made from the title. Raises `Invalid`."""
    slug = text.strip().lower()
    if not slug:
        return None
    if len(slug) > SLUG_CHARS or not _SLUG.fullmatch(slug):
        raise Invalid(
            "slug-malformed",
            f"An address has letters a to z, digits and single hyphens, at most {SLUG_CHARS}: {slug_from(text)}.",
            suggestion=slug_from(text),
        )
    return slug


def title(text: str) -> str:
    """A title on one line. Raises `Invalid` when it is too long; an empty one is a draft's."""
    return _line(text, TITLE_CHARS, "title-too-long", "A title")


def summary(text: str) -> str:
    """A summary on one line. Raises `Invalid` when it is too long."""
    return _line(text, SUMMARY_CHARS, "summary-too-long", "A summary")


def body(text: str) -> str:
    """A body, cleaned. Raises `Invalid` when it is too long."""
    cleaned = clean_text(text)
    if len(cleaned) > BODY_CHARS:
        raise Invalid(
            "body-too-long",
            f"An article has at most {BODY_CHARS:,} characters; this one has {len(cleaned):,}. Make two of it.",
        )
    return cleaned


def names(current: Mapping[str, str], given: Mapping[str, str]) -> dict[str, str]:
    """A category's names after a change. Raises `Invalid` when no language has one."""
    merged = {**current, **{language: clean_line(name, NAME_CHARS + 1) for language, name in given.items()}}
    if any(len(name) > NAME_CHARS for name in merged.values()):
        raise Invalid("category-name-too-long", f"A category's name has at most {NAME_CHARS} characters.")
    kept = {language: name for language, name in merged.items() if name}
    if not kept:
        raise Invalid("category-name-empty", "Give the category a name in at least one language.")
    return kept


def name_in(by_language: Mapping[str, str], language: str, fallback: str) -> str:
    """A category's name in a language, else in the company's, else in any."""
    return by_language.get(language) or by_language.get(fallback) or next(iter(by_language.values()), "")


def choose(wanted: Sequence[str], there: Sequence[str], fallback: str) -> str:
    """The first wanted language that is there; else the company's; else any; the company's where there is none."""
    for tag in wanted:
        language = tag.lower().partition("-")[0]
        if language in there:
            return language
    return fallback if fallback in there or not there else there[0]


def accepted(header: str) -> list[str]:
    """The languages of an `Accept-Language` header, best first."""
    weighed: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), place, tag))
        except ValueError:
            continue
    return [tag for _, _, tag in sorted(weighed) if tag and tag != "*"]


def words(query: str) -> list[str]:
    """What to search for."""
    return _WORD.findall(query.lower())[:_MOST_WORDS]


def excerpt(marked: str) -> list[ExcerptPiece] | None:
    """An excerpt in which hits stand between marks, as parts; None where it has none and the summary says more."""
    if HIT_BEGINS not in marked:
        return None
    parts = enumerate(re.split(f"[{HIT_BEGINS}{HIT_ENDS}]", f"{marked} …"))
    return [ExcerptPiece(part, at % 2 == 1) for at, part in parts if part]


def counts_as_reader(user_agent: str, purpose: str) -> bool:
    """Whether a request is somebody reading: not a crawler, and not a browser that only looks ahead."""
    return bool(user_agent) and not purpose and not _ROBOT.search(user_agent)


def _line(text: str, most: int, code: str, what: str) -> str:
    line = clean_line(text, most + 1)
    if len(line) > most:
        raise Invalid(code, f"{what} has at most {most} characters. Shorten it.")
    return line
