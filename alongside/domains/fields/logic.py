"""What a value of each kind must look like, and how definitions are cleaned. Pure."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from alongside.domains.fields.schemas import Content, Field, FieldKind, FieldOption
from alongside.kit.search import fold
from alongside.kit.text import clean_line, clean_text, is_email
from alongside.platform.errors import Invalid

TEXT_CHARS = 500
LONG_TEXT_CHARS = 5_000
LABEL_CHARS = 80
HELP_CHARS = 300
SEARCH_CHARS = 500
EMAIL_CHARS = 254
PHONE_CHARS = 40
LINK_CHARS = 2_000
# Beyond this a browser would no longer count exactly.
LARGEST_NUMBER = 9_007_199_254_740_991

CHOOSING = ("choice", "choices")

KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Names that a contact's own columns and a page's claims have in CSV, API and `identify`.
TAKEN_KEYS = frozenset(
    (
        *("id", "number", "name", "email", "phone", "language", "labels", "created_at", "channel"),
        *("verified", "verified_id", "token", "fields"),
    )
)
_PHONE = re.compile(r"\+?[0-9][0-9 ()/.\-]*")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,3})?")
_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(T.*)?")
_YES = frozenset(["true", "yes", "1", "ja", "y", "j", "x"])
_NO = frozenset(["false", "no", "0", "nein", "n"])


def clean_value(field: Field, raw: Any) -> Content | None:
    """The value as it is stored, None for nothing. Raises `Invalid` that says what the field takes.

    What it returns it also takes, and returns as it is.
    """
    if raw is None or (isinstance(raw, str) and not clean_text(raw)):
        return None
    return _CLEANERS[field.kind](field, raw)


def read_text(field: Field, text: str) -> Content | None:
    """A value from a cell of a table: choices by value or label, several separated by semicolons; yes and no."""
    words = clean_text(text)
    if not words:
        return None
    if field.kind == "number":
        return clean_value(field, words.replace(",", ".") if words.count(",") == 1 and "." not in words else words)
    if field.kind == "choice":
        return clean_value(field, _option_named(field, words))
    if field.kind == "choices":
        parts = (part.strip() for part in words.split(";"))
        return clean_value(field, [_option_named(field, part) for part in parts if part])
    return clean_value(field, words)


def write_text(value: Content | None) -> str:
    """A value as a cell of a table: the reverse of `read_text`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(value)
    return str(value)


def search_words(field: Field, value: Content | None) -> str:
    """A value as it is searched: folded, choices by their labels; nothing for yes and no."""
    if value is None or isinstance(value, bool):
        return ""
    labels = {option.value: option.label for option in field.options}
    parts = value if isinstance(value, list) else [str(value)]
    words = " ".join(labels.get(part, part) for part in parts)
    return clean_line(fold(words), SEARCH_CHARS)


def field_key(given: str | None, label: Mapping[str, str]) -> str:
    """The name for programs, made of the label unless given. Raises `Invalid` for one that cannot be used."""
    key = (given or "").strip() or slug(next(iter(label.values()), ""))
    if not KEY.fullmatch(key):
        raise Invalid(
            "field-key-malformed",
            "A key begins with a letter a to z and has up to 40 letters, digits and underscores, like customer_number.",
        )
    if key in TAKEN_KEYS:
        raise Invalid("field-key-taken", f"“{key}” is the name of something every contact has. Choose another key.")
    return key


def slug(text: str) -> str:
    """Words as a key: small letters, digits and underscores. May be empty."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_").lstrip("0123456789_")


def labels(texts: Mapping[str, str]) -> dict[str, str]:
    """A field's label by language, on one line each. Raises `Invalid` when none is left or one is too long."""
    cleaned = _by_language(texts, LABEL_CHARS)
    if not cleaned or any(len(text) > LABEL_CHARS for text in cleaned.values()):
        raise Invalid("field-label-malformed", f"A field needs a name of 1 to {LABEL_CHARS} characters.")
    return cleaned


def helps(texts: Mapping[str, str]) -> dict[str, str]:
    """A field's help by language. Raises `Invalid` when one is too long."""
    cleaned = _by_language(texts, HELP_CHARS)
    if any(len(text) > HELP_CHARS for text in cleaned.values()):
        raise Invalid("field-help-too-long", f"The help text of a field can have at most {HELP_CHARS} characters.")
    return cleaned


def options(kind: FieldKind, given: Iterable[FieldOption]) -> list[FieldOption]:
    """The choices, cleaned. Raises `Invalid` for none, doubles, and choices where nothing is to choose."""
    cleaned = [
        FieldOption(
            value=clean_line(option.value, 40) or slug(option.label), label=clean_line(option.label, LABEL_CHARS)
        )
        for option in given
    ]
    if kind not in CHOOSING:
        if cleaned:
            raise Invalid("field-options-unwanted", "Only choices have options to choose from.")
        return []
    if not cleaned or not all(option.value and option.label for option in cleaned):
        raise Invalid("field-options-missing", "A choice needs at least one option, and each option a name.")
    for part in ("value", "label"):
        if len({getattr(option, part).lower() for option in cleaned}) < len(cleaned):
            raise Invalid("field-options-double", "Two options have the same name. Give each its own.")
    if any(";" in option.value for option in cleaned):
        raise Invalid("field-options-semicolon", "An option's value cannot contain a semicolon: tables separate by it.")
    return cleaned


def _by_language(texts: Mapping[str, str], most: int) -> dict[str, str]:
    cleaned = {language: clean_line(text, most + 1) for language, text in texts.items()}
    return {language: text for language, text in cleaned.items() if text}


def _option_named(field: Field, words: str) -> str:
    folded = words.casefold()
    named = {option.label.casefold(): option.value for option in field.options}
    valued = {option.value.casefold(): option.value for option in field.options}
    return valued.get(folded) or named.get(folded) or words


def _refuse(field: Field, message: str) -> Invalid:
    return Invalid("field-value-malformed", f"{_name(field)}: {message}", field=field.key, kind=field.kind)


def _name(field: Field) -> str:
    return field.label.get("en") or next(iter(field.label.values()), field.key)


def _words(field: Field, raw: Any, most: int) -> str:
    if not isinstance(raw, str):
        raise _refuse(field, "this must be text.")
    if len(raw) > most:
        raise _refuse(field, f"at most {most:,} characters are allowed.")
    return raw


def _text(field: Field, raw: Any) -> str | None:
    return clean_line(_words(field, raw, TEXT_CHARS), TEXT_CHARS) or None


def _long_text(field: Field, raw: Any) -> str | None:
    return clean_text(_words(field, raw, LONG_TEXT_CHARS)) or None


def _number(field: Field, raw: Any) -> float:
    if isinstance(raw, str) and len(raw) <= 60 and _NUMBER.fullmatch(raw.strip()):
        raw = float(raw)
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not math.isfinite(raw):
        raise _refuse(field, "this is not a number. It should look like 12 or 3.5.")
    if abs(raw) > LARGEST_NUMBER:
        raise _refuse(field, f"numbers up to {LARGEST_NUMBER:,} are kept exactly, this one is beyond.")
    return int(raw) if float(raw).is_integer() else float(raw)


def _date(field: Field, raw: Any) -> str:
    found = _DATE.fullmatch(clean_line(_words(field, raw, TEXT_CHARS), 60))
    try:
        return date.fromisoformat(found[1] if found else "").isoformat()
    except ValueError:
        raise _refuse(field, "this is not a date. It should look like 2026-11-27.") from None


def _choice(field: Field, raw: Any) -> str:
    words = clean_line(_words(field, raw, TEXT_CHARS), TEXT_CHARS)
    if words not in {option.value for option in field.options}:
        raise _refuse(field, f"“{words[:80]}” is none of its options.")
    return words


def _choices(field: Field, raw: Any) -> list[str] | None:
    parts = [raw] if isinstance(raw, str) else raw
    if not isinstance(parts, list) or len(parts) > len(field.options) * 2:
        raise _refuse(field, "this must be a list of its options.")
    chosen = {_choice(field, part) for part in parts}
    return [option.value for option in field.options if option.value in chosen] or None


def _yes_no(field: Field, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    words = raw.strip().lower() if isinstance(raw, str) else None
    if words in _YES or words in _NO:
        return words in _YES
    raise _refuse(field, "this is either yes or no.")


def _email(field: Field, raw: Any) -> str:
    words = clean_line(_words(field, raw, TEXT_CHARS), TEXT_CHARS)
    if len(words) > EMAIL_CHARS or not is_email(words):
        raise _refuse(field, "this is not an e-mail address. It should look like name@example.com.")
    return words


def _phone(field: Field, raw: Any) -> str:
    words = clean_line(_words(field, raw, TEXT_CHARS), TEXT_CHARS)
    if len(words) > PHONE_CHARS or not _PHONE.fullmatch(words) or sum(map(str.isdigit, words)) < 3:
        raise _refuse(field, "this is not a phone number. It should look like +49 30 123456.")
    return words


def _link(field: Field, raw: Any) -> str:
    words = clean_line(_words(field, raw, LINK_CHARS), LINK_CHARS)
    try:
        parts = urlsplit(words)
        whole = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in words
    except ValueError:
        whole = False
    if not whole:
        raise _refuse(field, "this is not a link. It should begin with https://.")
    return words


_CLEANERS: dict[FieldKind, Callable[[Field, Any], Content | None]] = {
    "text": _text,
    "long_text": _long_text,
    "number": _number,
    "date": _date,
    "choice": _choice,
    "choices": _choices,
    "yes_no": _yes_no,
    "email": _email,
    "phone": _phone,
    "link": _link,
}
