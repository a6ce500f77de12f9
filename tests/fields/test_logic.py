"""What a value of each kind must look like."""

from __future__ import annotations

import math
from typing import Any, get_args
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.fields import logic
from alongside.domains.fields.schemas import Field, FieldKind, FieldOption
from alongside.kit.search import fold
from alongside.platform.errors import Invalid

KINDS = get_args(FieldKind)
OPTIONS = [FieldOption(value="gold", label="Gold plan"), FieldOption(value="basic", label="Basic, of old")]


def field(kind: FieldKind, **more: Any) -> Field:
    made: dict[str, Any] = {
        "id": uuid4(),
        "key": "plan",
        "kind": kind,
        "label": {"en": "Plan", "de": "Tarif"},
        "help": {},
        "options": OPTIONS if kind in logic.CHOOSING else [],
        "required": False,
        "personal": True,
        "set_by_page": "never",
        "role_ids": [],
        "archived_at": None,
    }
    return Field(**made | more)


TAKEN: list[tuple[FieldKind, Any, Any]] = [
    ("text", "  two\n words\x00 ", "two words"),
    ("long_text", " first\r\nsecond ", "first\nsecond"),
    ("number", "12", 12),
    ("number", 3.5, 3.5),
    ("number", " -1.50 ", -1.5),
    ("number", 4.0, 4),
    ("date", "2026-11-27", "2026-11-27"),
    ("date", "2026-11-27T23:59:00.000Z", "2026-11-27"),
    ("choice", "gold", "gold"),
    ("choices", ["basic", "gold", "basic"], ["gold", "basic"]),
    ("choices", "gold", ["gold"]),
    ("yes_no", True, True),
    ("yes_no", False, False),
    ("yes_no", "ja", True),
    ("yes_no", "no", False),
    ("email", " vera@example.com", "vera@example.com"),
    ("phone", "+49 (30) 123-456", "+49 (30) 123-456"),
    ("link", "https://example.com/a?b=c", "https://example.com/a?b=c"),
]

REFUSED: list[tuple[FieldKind, Any]] = [
    ("text", 5),
    ("text", "x" * 501),
    ("text", ["a"]),
    ("long_text", "x" * 5_001),
    ("number", "twelve"),
    ("number", True),
    ("number", math.inf),
    ("number", math.nan),
    ("number", "1e400"),
    ("number", 2**60),
    ("date", "27.11.2026"),
    ("date", "2026-02-30"),
    ("date", 20261127),
    ("choice", "silver"),
    ("choice", ["gold"]),
    ("choices", ["gold", "silver"]),
    ("choices", [["gold"]]),
    ("choices", ["gold"] * 50),
    ("yes_no", "perhaps"),
    ("yes_no", 1),
    ("email", "vera"),
    ("email", "vera@example.com, ben@example.com"),
    ("phone", "call me"),
    ("phone", "12"),
    ("phone", "0" * 41),
    ("link", "javascript:alert(1)"),
    ("link", "example.com"),
    ("link", "https://"),
    ("link", "https://exa mple.com"),
    ("link", "https://[broken"),
]


@pytest.mark.parametrize(("kind", "raw", "value"), TAKEN)
def test_what_is_taken(kind: FieldKind, raw: Any, value: Any) -> None:
    found = logic.clean_value(field(kind), raw)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(("kind", "raw"), REFUSED)
def test_what_is_refused_says_what_to_do(kind: FieldKind, raw: Any) -> None:
    with pytest.raises(Invalid, match=r"^Plan: ") as refusal:
        logic.clean_value(field(kind), raw)
    assert refusal.value.details == {"field": "plan", "kind": kind}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("raw", [None, "", "  \n\x00 "])
def test_nothing_is_nothing(kind: FieldKind, raw: Any) -> None:
    assert logic.clean_value(field(kind), raw) is None


def test_no_choice_is_nothing() -> None:
    assert logic.clean_value(field("choices"), []) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["gold", "2026-01-01", "12"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(kind=st.sampled_from(KINDS), raw=ANYTHING)
def test_whatever_comes_is_taken_for_good_or_refused(kind: FieldKind, raw: Any) -> None:
    """A value that was taken is taken again as it is, survives a table, and is found by short words."""
    made = field(kind)
    try:
        value = logic.clean_value(made, raw)
    except Invalid:
        return
    assert logic.clean_value(made, value) == value
    if value is None:
        return
    assert logic.read_text(made, logic.write_text(value)) == value
    words = logic.search_words(made, value)
    assert words == fold(words)
    assert len(words) <= 500
    assert "\x00" not in words


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        ("number", "1,5", 1.5),
        ("number", "1.5", 1.5),
        ("choice", "GOLD PLAN", "gold"),
        ("choice", "Gold", "gold"),
        ("choices", "Gold plan; basic", ["gold", "basic"]),
        ("yes_no", "Nein", False),
        ("text", "", None),
    ],
)
def test_cells_are_read_as_people_write_them(kind: FieldKind, cell: str, value: Any) -> None:
    assert logic.read_text(field(kind), cell) == value


def test_choices_are_searched_by_their_labels() -> None:
    assert logic.search_words(field("choices"), ["gold", "basic"]) == "gold plan basic, of old"
    assert logic.search_words(field("yes_no"), True) == ""
    assert logic.search_words(field("number"), 12) == "12"


@pytest.mark.parametrize(
    ("given_key", "label", "key"),
    [
        (None, "Customer number", "customer_number"),
        (None, "Größe & Gewicht", "grosse_gewicht"),
        (None, "2nd address", "nd_address"),
        ("plan_2", "x", "plan_2"),
    ],
)
def test_keys(given_key: str | None, label: str, key: str) -> None:
    assert logic.field_key(given_key, {"en": label}) == key


@pytest.mark.parametrize("key", ["Plan", "1plan", "a" * 41, "pl an", "plän", "email", "labels", "verified_id"])
def test_keys_that_cannot_be(key: str) -> None:
    with pytest.raises(Invalid):
        logic.field_key(key, {"en": "Plan"})


def test_a_label_without_letters_needs_a_key() -> None:
    with pytest.raises(Invalid, match="key"):
        logic.field_key(None, {"ja": "番号"})


@pytest.mark.parametrize(
    "options",
    [
        [],
        [("", "")],
        [("gold", "Gold"), ("gold", "Other")],
        [("gold", "Same"), ("basic", "same")],
        [("a;b", "Both")],
    ],
)
def test_options_that_cannot_be(options: list[tuple[str, str]]) -> None:
    with pytest.raises(Invalid):
        logic.options("choice", [FieldOption(value=value, label=label) for value, label in options])


def test_an_option_gets_its_value_from_its_label() -> None:
    assert logic.options("choice", [FieldOption(value="", label=" Gold  plan ")]) == [
        FieldOption(value="gold_plan", label="Gold plan")
    ]
    with pytest.raises(Invalid):
        logic.options("text", OPTIONS)
