"""A change of the look: what is kept, what is made whole, what is refused. Without a database."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import msgspec
import pytest

from alongside.domains.channels.appearance import changed_look
from alongside.domains.channels.logic import changed_settings
from alongside.domains.channels.look_schemas import EditLook, Look
from alongside.domains.channels.schemas import ChannelSettings, EditSettings
from alongside.platform.errors import Invalid


def edit(**given: Any) -> EditLook:
    return msgspec.convert(given, EditLook)


def test_what_is_left_out_stays() -> None:
    look = changed_look(Look(subtitle={"en": "Hi"}), edit(header="#AABBCC", offset_x=4))
    assert (look.header, look.offset_x, look.subtitle) == ("#aabbcc", 4, {"en": "Hi"})


def test_texts_are_lines_and_empty_ones_go() -> None:
    look = changed_look(Look(), edit(label={"en": " Ask\n us ", "de": " "}, words={"de": {"panel.write": " "}}))
    assert look.label == {"en": "Ask us"}
    assert look.words == {}


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"icon": "none"}, "button-empty"),
        ({"pictures": "own"}, "picture-missing"),
        ({"languages": ["de", "it"], "default_language": "en"}, "default-language-not-offered"),
        ({"start": [{"kind": "link", "label": {"en": "Shop"}}]}, "start-link-malformed"),
        ({"start": [{"kind": "link", "label": {"en": "x"}, "target": "javascript:alert(1)"}]}, "start-link-malformed"),
        ({"start": [{"kind": "link", "label": {"en": "x"}, "target": "data:text/html,x"}]}, "start-link-malformed"),
        ({"start": [{"kind": "link", "target": "https://a.test"}]}, "start-label-missing"),
        ({"start": [{"kind": "write"}]}, "start-label-missing"),
        ({"start": [{"kind": "article", "target": "../x"}]}, "start-article-missing"),
        ({"css": "@import 'x';"}, "sheet-refused"),
    ],
)
def test_what_cannot_be_used_is_refused(given: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        changed_look(Look(), edit(**given))
    assert refusal.value.code == code


@pytest.mark.parametrize(
    "given",
    [
        {"offset_x": 301},
        {"offset_y": -1},
        {"header": "red"},
        {"header": "#12345"},
        {"label": {"en": "x" * 61}},
        {"icon": "rocket"},
        {"words": {"en": {"panel.write</style>": "x"}}},
        {"words": {"en": {"console.write": "x"}}},
        {"words": {"en": {"help": "x"}}},
        {"words": {"en": {"files.reason.x.y": "x"}}},
        {"start": [{"kind": "flow", "label": {"en": "x"}}]},
        {"start": [{"kind": "write", "label": {"en": "x"}}] * 9},
        {"css": "x" * 20_001},
        {"languages": ["../de"]},
        {"colour": "#000000"},
    ],
)
def test_the_shapes_bound_what_may_come(given: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        edit(**given)


def test_a_button_without_an_icon_has_a_text() -> None:
    assert changed_look(Look(), edit(icon="none", label={"en": "Chat"})).icon == "none"


def test_an_own_picture_is_named() -> None:
    assert changed_look(Look(), edit(pictures="own", picture_id=str(uuid4()))).pictures == "own"


def test_the_accent_is_held_against_the_panel_it_is_seen_on() -> None:
    pale = {"accent": "#ffee88"}
    with pytest.raises(Invalid, match="a little darker"):
        changed_settings(ChannelSettings(), msgspec.convert(pale, EditSettings))
    dark = msgspec.convert({**pale, "look": {"theme": "dark"}}, EditSettings)
    assert changed_settings(ChannelSettings(), dark).accent == "#ffee88"
    with pytest.raises(Invalid, match="a little lighter"):
        changed_settings(
            ChannelSettings(), msgspec.convert({"accent": "#101010", "look": {"theme": "dark"}}, EditSettings)
        )
