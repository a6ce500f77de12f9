"""Shapes of what is asked before the first message, as visitors see them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from alongside.domains.channels.around_schemas import MOST_ASKED, What
from alongside.domains.fields.schemas import FieldKind, FieldOption


class ConsentAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The text that visitors read before they write, by language; with `tick` they must agree to it."""

    version: int
    text: dict[str, str]
    tick: bool


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to ask. Without a `label` the widget has its own."""

    what: str
    kind: FieldKind
    label: dict[str, str]
    help: dict[str, str]
    options: list[FieldOption]
    required: bool


class Before(msgspec.Struct, frozen=True, kw_only=True):
    """What is still to be asked of this visitor. What is known already is not among it."""

    consent: ConsentAsked | None
    questions: list[Question]


class Answers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of the answers: the version agreed to and the language it was read in, and values by what was asked."""

    consent: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    language: Annotated[str, Meta(max_length=35)] = ""
    values: Annotated[dict[What, Any], Meta(max_length=MOST_ASKED)] = {}
