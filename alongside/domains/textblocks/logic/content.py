"""What a text block may hold, and the forms in which it is searched."""

from __future__ import annotations

import re
import unicodedata

import msgspec

from alongside.kit.search import fold_words
from alongside.kit.text import clean_line, clean_text
from alongside.platform.errors import Invalid

TITLE_CHARS = 120
SHORTCUT_CHARS = 40
TEXT_CHARS = 10_000
FOLDER_CHARS = 80
MOST_TEAMS = 50

_SHORTCUT = re.compile(r"\w[\w.-]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a text block says, cleaned."""

    title: str
    text: str
    shortcut: str | None = None
    folder: str = ""
    language: str | None = None


def content(*, title: str, text: str, shortcut: str | None, folder: str, language: str | None) -> Content:
    """Clean all of it. Raises `Invalid` for the first part that cannot be used."""
    return Content(
        title=_title(title),
        shortcut=shortcut_of(shortcut),
        text=_text(text),
        folder=_folder(folder),
        language=language_of(language),
    )


def shortcut_of(text: str | None) -> str | None:
    """A shortcut as it is stored and compared: lower case, without the #; None where there is none."""
    shortcut = unicodedata.normalize("NFC", clean_line(text or "", 400)).removeprefix("#").lower()
    if shortcut and not (_SHORTCUT.fullmatch(shortcut) and len(shortcut) <= SHORTCUT_CHARS):
        raise Invalid(
            "text-block-shortcut-malformed",
            f"A shortcut is one word of at most {SHORTCUT_CHARS} letters and digits; . - and _ may stand inside.",
        )
    return shortcut or None


def language_of(tag: str | None) -> str | None:
    """A language as browsers write it, "de" or "pt-BR"; None where the text fits any."""
    first, dash, rest = clean_line(tag or "", 60).replace("_", "-").partition("-")
    language = first.lower() + dash + rest
    if language and not (_LANGUAGE.fullmatch(language) and len(language) <= 35):
        raise Invalid(
            "text-block-language-malformed", "A language is written like de, en or pt-BR. Leave it empty for any."
        )
    return language or None


def search_forms(block: Content) -> tuple[str, str, str]:
    """Title, shortcut, and all of it, folded."""
    title, shortcut = fold_words(block.title), fold_words(block.shortcut or "")
    return title, shortcut, shortcut + title + fold_words(block.text)


def _title(text: str) -> str:
    title = clean_line(text, TITLE_CHARS + 1)
    if not 1 <= len(title) <= TITLE_CHARS:
        raise Invalid("text-block-title-malformed", f"A text block’s title has 1 to {TITLE_CHARS} characters.")
    return title


def _text(text: str) -> str:
    cleaned = clean_text(text)
    if not 1 <= len(cleaned) <= TEXT_CHARS:
        raise Invalid("text-block-text-malformed", f"A text block’s text has 1 to {TEXT_CHARS:,} characters.")
    return cleaned


def _folder(text: str) -> str:
    folder = clean_line(text, FOLDER_CHARS + 1)
    if len(folder) > FOLDER_CHARS:
        raise Invalid("text-block-folder-malformed", f"A folder’s name has at most {FOLDER_CHARS} characters.")
    return folder
