"""How a web chat looks beyond its accent, side and greeting: shapes with the defaults that cost nothing."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

LANGUAGES = 30
START_BUTTONS = 8
SHEET_CHARS = 20_000
WORDS = 400
OFFSET = 20

Colour = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$(?!\n)")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$(?!\n)")]
Text = Annotated[str, Meta(max_length=500)]
Texts = Annotated[dict[Language, Text], Meta(max_length=LANGUAGES)]
ShortTexts = Annotated[dict[Language, Annotated[str, Meta(max_length=60)]], Meta(max_length=LANGUAGES)]
Pixels = Annotated[int, Meta(ge=0, le=300)]
Theme = Literal["auto", "light", "dark"]
LauncherIcon = Literal["chat", "question", "mail", "headset", "heart", "none"]
Pictures = Literal["agents", "own", "none"]
StartKind = Literal["write", "help", "article", "link"]
# The parts of the widget that have words, then the word's own name there.
WordName = Annotated[
    str,
    Meta(pattern=r"^(loader|panel|reason|acts|around|doors|emoji|files|help|sound)(\.[A-Za-z0-9_-]{1,40}){1,2}$(?!\n)"),
]
LanguageWords = Annotated[dict[WordName, Text], Meta(max_length=WORDS)]


class StartButton(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A button of the start screen. `target`: an article's address part, or the whole address of a link; else empty."""

    kind: StartKind
    label: ShortTexts = {}
    target: Annotated[str, Meta(max_length=2_000)] = ""


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """What is not set here is as we ship it. A colour of None is the accent; texts map a language to the text.

    `narrow_x` and `narrow_y` are the offsets on narrow screens, None: as on others. `languages` empty: the visitor's.
    `words` are the widget's own words in the company's, by language; `css` is checked by `sheet.py`.
    """

    header: Colour | None = None
    bubble: Colour | None = None
    theme: Theme = "auto"
    offset_x: Pixels = OFFSET
    offset_y: Pixels = OFFSET
    narrow_x: Pixels | None = None
    narrow_y: Pixels | None = None
    icon: LauncherIcon = "chat"
    label: ShortTexts = {}
    subtitle: Texts = {}
    placeholder: Texts = {}
    pictures: Pictures = "agents"
    picture_id: UUID | None = None
    languages: Annotated[list[Language], Meta(max_length=LANGUAGES)] = []
    default_language: Language = "en"
    words: Annotated[dict[Language, LanguageWords], Meta(max_length=LANGUAGES)] = {}
    start: Annotated[list[StartButton], Meta(max_length=START_BUTTONS)] = []
    css: Annotated[str, Meta(max_length=SHEET_CHARS)] = ""


class EditLook(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of the look: what is left out stays, what is given takes the place of what was."""

    header: Colour | UnsetType | None = UNSET
    bubble: Colour | UnsetType | None = UNSET
    theme: Theme | UnsetType = UNSET
    offset_x: Pixels | UnsetType = UNSET
    offset_y: Pixels | UnsetType = UNSET
    narrow_x: Pixels | UnsetType | None = UNSET
    narrow_y: Pixels | UnsetType | None = UNSET
    icon: LauncherIcon | UnsetType = UNSET
    label: ShortTexts | UnsetType = UNSET
    subtitle: Texts | UnsetType = UNSET
    placeholder: Texts | UnsetType = UNSET
    pictures: Pictures | UnsetType = UNSET
    picture_id: UUID | UnsetType | None = UNSET
    languages: Annotated[list[Language], Meta(max_length=LANGUAGES)] | UnsetType = UNSET
    default_language: Language | UnsetType = UNSET
    words: Annotated[dict[Language, LanguageWords], Meta(max_length=LANGUAGES)] | UnsetType = UNSET
    start: Annotated[list[StartButton], Meta(max_length=START_BUTTONS)] | UnsetType = UNSET
    css: Annotated[str, Meta(max_length=SHEET_CHARS)] | UnsetType = UNSET
