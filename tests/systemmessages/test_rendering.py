"""What a system message says: languages, values, fallbacks."""

from __future__ import annotations

import pytest

from alongside.domains.systemmessages.logic import render, texts_of
from alongside.domains.systemmessages.schemas import TEXT_CHARS
from alongside.platform.errors import Invalid

TEXTS = {"en": "Hello", "de": "Hallo", "pt-BR": "Oi"}


@pytest.mark.parametrize(
    ("language", "said"),
    [("de", "Hallo"), ("de-AT", "Hallo"), ("DE", "Hallo"), ("pt", "Oi"), ("pt-br", "Oi"), ("fr", "Hello"),
     (None, "Hello"), ("", "Hello")],
)  # fmt: skip
def test_the_language_that_fits_best(language: str | None, said: str) -> None:
    assert render(TEXTS, language, {}) == said


def test_any_language_is_better_than_silence() -> None:
    assert render({"fr": "Bonjour"}, "de", {}) == "Bonjour"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello {name}, {agent} comes.", "Hello Vera, Ada comes."),
        ("Number {place} of {minutes|some} minutes", "Number 2 of some minutes"),
        ("Hello {opens_at}, we open {opens_at}.", "Hello, we open."),
        ("{name|there} and {opens_at|soon}", "Vera and soon"),
        ("{ name } {name | friend}", "Vera Vera"),
        ("Braces {like this} and {} stay", "Braces {like this} and {} stay"),
        ("{company|{name}}", "{company|Vera}"),
        ("a\n{opens_at}\nb", "a\n\nb"),
    ],
)
def test_values_and_fallbacks(text: str, said: str) -> None:
    values = {"name": "Vera", "agent": "Ada", "place": 2, "minutes": None}
    assert render({"en": text}, "en", values) == said


def test_a_value_is_never_read_again() -> None:
    assert render({"en": "Hello {name}"}, "en", {"name": "{agent}\n<b>", "agent": "Ada"}) == "Hello {agent} <b>"


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        ({}, "system-message-empty"),
        ({"en": " \n"}, "system-message-empty"),
        ({"en": "a" * (TEXT_CHARS + 1)}, "system-message-too-long"),
        ({"de": "Hallo {nmae}"}, "unknown-placeholder"),
        ({"de": "Hallo {Name|du}"}, "unknown-placeholder"),
    ],
)
def test_what_cannot_be(texts: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        texts_of(texts)
    assert refused.value.code == code
    assert code == "system-message-empty" or refused.value.details["field"] == f"texts.{next(iter(texts))}"


def test_an_empty_language_is_left_out() -> None:
    assert texts_of({"en": " Hello\r\nthere ", "de": ""}) == {"en": "Hello\nthere"}
