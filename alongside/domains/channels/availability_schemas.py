"""When and where the widget of a channel shows, and what it shows while nobody is there."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

MOST_PATTERNS = 200
PATTERN_CHARS = 300

Outside = Literal["open", "message", "form", "hide"]
Nobody = Literal["message", "form", "hide"]
ListName = Literal["show_on", "hide_on"]
Pattern = Annotated[str, Meta(max_length=PATTERN_CHARS)]
Patterns = Annotated[list[Pattern], Meta(max_length=MOST_PATTERNS)]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
ClosedTexts = Annotated[dict[Language, Annotated[str, Meta(max_length=500)]], Meta(max_length=30)]


class ChannelAvailability(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When and where a widget shows.

    `hours_id` names opening hours, None the company's. `outside` of them there is a chat as inside ("open"), a message,
    a form that becomes a conversation, or nothing; within them, while no agent is online, what `nobody` says. `closed`:
    own words outside of the hours by language, `{when}` being when it opens. With `show_on` the widget shows on those
    pages only; on those of `hide_on` it never does. `version` counts the changes; who changes gives the one they saw.
    """

    hours_id: UUID | None = None
    outside: Outside = "open"
    nobody: Nobody = "message"
    closed: ClosedTexts = {}
    show_on: Patterns = []
    hide_on: Patterns = []
    version: int = 0


class PageTried(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An address, and the lists that say whether the widget shows there."""

    address: Annotated[str, Meta(max_length=2_000)]
    show_on: Patterns = []
    hide_on: Patterns = []


class PageDecision(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the widget shows on a page, and which line of which list says so; None: no line does."""

    shown: bool
    list: ListName | None
    line: int | None
