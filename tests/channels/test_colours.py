"""What can be read on what, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.channels import colours
from alongside.domains.channels.appearance import accepted_accent
from alongside.domains.channels.schemas import ACCENT
from alongside.platform.errors import Invalid

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
GROUNDS = st.sampled_from([colours.LIGHT_GROUND, colours.DARK_GROUND])
THEMES = st.sampled_from(["auto", "light", "dark"])


@pytest.mark.parametrize(
    ("colour", "ratio"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54), ("#777777", 4.48)]
)
def test_contrast_is_that_of_the_standard(colour: str, ratio: float) -> None:
    assert colours.contrast(colour, "#ffffff") == pytest.approx(ratio, abs=0.01)
    assert colours.contrast("#ffffff", colour) == colours.contrast(colour, "#ffffff")


@given(COLOURS)
def test_text_can_be_read_on_any_colour(colour: str) -> None:
    assert colours.contrast(colour, colours.text_on(colour)) >= 4.5


@given(COLOURS, GROUNDS)
def test_a_suggestion_stands_out_and_what_did_is_left_alone(colour: str, ground: str) -> None:
    suggestion = colours.visible(colour, ground)
    assert colours.contrast(suggestion, ground) >= 3
    if colours.contrast(colour, ground) >= 3:
        assert suggestion == colour
    assert colours.visible(suggestion, ground) == suggestion


@given(COLOURS, THEMES)
def test_an_accent_is_accepted_or_refused_with_one_that_is(colour: str, theme: str) -> None:
    try:
        accepted = accepted_accent(colour, theme)
    except Invalid as refusal:
        accepted = accepted_accent(refusal.details["suggestion"], theme)
    assert all(colours.contrast(accepted, ground) >= 3 for ground in colours.grounds(theme)[:1])


def test_our_own_accent_needs_no_other_shade_on_either_ground() -> None:
    assert all(colours.stands_out(ACCENT, ground) for ground in colours.grounds("auto"))
