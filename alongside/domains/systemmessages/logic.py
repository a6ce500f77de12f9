"""System messages as texts: which placeholders they may hold, and what they say once values are put in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from alongside.domains.systemmessages.schemas import NAME_CHARS, TEXT_CHARS
from alongside.kit.text import clean_line, clean_text
from alongside.platform.errors import Invalid

PLACEHOLDERS = ("name", "agent", "place", "minutes", "company", "opens_at")
# Where a message has no text in the visitor's language.
ELSE = "en"

_PLACEHOLDER = re.compile(r"\{ *([A-Za-z_]+) *(?:\|([^{}]*))?\}")
_GAP = re.compile(r"[ \t]+(?=[,.;:!?…]|$)|(?<=[ \t])[ \t]+", re.MULTILINE)


def render(texts: Mapping[str, str], language: str | None, values: Mapping[str, str | int | None]) -> str:
    """The text in the language that fits best, values put in; "" only where there is no text.

    A value that is not known gives way to its fallback, and without one to nothing. Values are never read for
    placeholders again.
    """
    return _GAP.sub("", _PLACEHOLDER.sub(lambda found: _value(found, values), text_in(texts, language))).strip()


def text_in(texts: Mapping[str, str], language: str | None) -> str:
    """The text in a language: the same, one of the same mother tongue, English, any."""
    wanted = (language or "").lower()
    known = {tag.lower(): text for tag, text in texts.items()}
    primary = wanted.partition("-")[0]
    alike = [text for tag, text in known.items() if primary and tag.partition("-")[0] == primary]
    found = known.get(wanted) or known.get(primary) or next(iter(alike), None)
    return found or known.get(ELSE) or next(iter(known.values()), "")


def name_of(given: str) -> str:
    """A name on one line. Raises `Invalid`."""
    name = clean_line(given, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("system-message-name", f"Give the message a name of 1 to {NAME_CHARS} characters.", field="name")
    return name


def texts_of(given: Mapping[str, str]) -> dict[str, str]:
    """Texts as they are kept, by language. Raises `Invalid` with the language where one is wrong, or there is none."""
    texts = {language: clean_text(text) for language, text in given.items()}
    texts = {language: text for language, text in texts.items() if text}
    if not texts:
        raise Invalid("system-message-empty", "Write the message in one language at least.", field="texts")
    for language, text in texts.items():
        _check(language, text)
    return texts


def _check(language: str, text: str) -> None:
    if len(text) > TEXT_CHARS:
        raise Invalid(
            "system-message-too-long",
            f"The text in “{language}” has {len(text):,} characters; {TEXT_CHARS:,} are allowed. Shorten it.",
            field=f"texts.{language}",
        )
    for found in _PLACEHOLDER.finditer(text):
        if found[1] not in PLACEHOLDERS:
            known = ", ".join(f"{{{each}}}" for each in PLACEHOLDERS)
            raise Invalid(
                "unknown-placeholder",
                f"There is no {{{found[1]}}} that could be put in (“{language}”). There are: {known}.",
                field=f"texts.{language}",
                placeholder=found[1],
            )


def _value(found: re.Match[str], values: Mapping[str, str | int | None]) -> str:
    value = values.get(found[1])
    known = clean_line(str(value), 200) if value is not None else ""
    return known or (found[2] or "").strip()
