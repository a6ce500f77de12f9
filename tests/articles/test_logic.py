"""Addresses, languages and excerpts, without a database."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.articles import logic
from alongside.domains.articles.schemas import ExcerptPiece
from alongside.platform.errors import Invalid


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Returning a parcel", "returning-a-parcel"),
        ("Wie groß fällt die Jacke aus?", "wie-gross-faellt-die-jacke-aus"),
        ("  Où est-ce ? ", "ou-est-ce"),
        ("What's new", "whats-new"),
        ("日本語", "article"),
        ("!!!", "article"),
        ("x" * 200, "x" * 60),
        ("word " * 40, "-".join(["word"] * 12)),
    ],
)
def test_an_address_is_made_of_a_title(title: str, slug: str) -> None:
    assert logic.slug_from(title) == slug


@given(st.text(max_size=300))
def test_an_address_that_was_made_is_one_that_may_be_given(title: str) -> None:
    slug = logic.slug_from(title)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    assert len(slug) <= 80
    assert logic.given_slug(slug) == slug


def test_a_refused_address_comes_with_one_that_works() -> None:
    with pytest.raises(Invalid) as refusal:
        logic.given_slug("Größe & Schnitt")
    assert logic.given_slug(refusal.value.details["suggestion"]) == "groesse-schnitt"
    assert logic.given_slug("  ") is None


@pytest.mark.parametrize(
    ("wanted", "there", "chosen"),
    [
        (["de-AT", "en"], ["en", "de"], "de"),
        (["fr"], ["en", "de"], "de"),
        (["fr"], ["en"], "en"),
        ([], [], "de"),
        (["../../etc", ""], ["it"], "it"),
    ],
)
def test_the_language_shown_is_one_that_is_there(wanted: list[str], there: list[str], chosen: str) -> None:
    assert logic.choose(wanted, there, "de") == chosen


def test_browsers_say_which_languages_they_like_best() -> None:
    assert logic.accepted("de;q=0.5, en-GB, fr;q=0.9, *;q=0.1, xx;q=oops") == ["en-GB", "fr", "de"]
    assert logic.accepted("") == []


def test_an_excerpt_is_cut_at_its_marks() -> None:
    assert logic.excerpt("a \x02b\x03 <c>") == [
        ExcerptPiece("a ", False),
        ExcerptPiece("b", True),
        ExcerptPiece(" <c> …", False),
    ]
    assert logic.excerpt("nothing of it") is None


@pytest.mark.parametrize(
    ("agent", "purpose", "counts"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "", True),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0", "prefetch", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "", False),
        ("curl/8.5.0", "", False),
        ("", "", False),
    ],
)
def test_only_people_are_counted(agent: str, purpose: str, counts: bool) -> None:
    assert logic.counts_as_reader(agent, purpose) is counts
