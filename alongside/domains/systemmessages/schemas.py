"""Shapes of system messages."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

NAME_CHARS = 80
TEXT_CHARS = 2_000
MOST_LANGUAGES = 30
MOST_MESSAGES = 200

# Outer bounds of what is looked at at all; `logic` cleans and judges what lies within.
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$(?!\n)")]
Texts = Annotated[dict[Language, Annotated[str, Meta(max_length=2 * TEXT_CHARS)]], Meta(max_length=MOST_LANGUAGES)]
Name = Annotated[str, Meta(max_length=400)]


class SystemMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A text that rules can tell, by language. `version` counts the changes."""

    id: UUID
    name: str
    texts: dict[str, str]
    version: int
    updated_at: datetime


class NewSystemMessage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new system message.

    A text may hold `{name}`, `{agent}`, `{place}`, `{minutes}`, `{company}` and `{opens_at}`, each with what to say
    where it is not known: `{name|there}`. A language with an empty text is left out.
    """

    name: Name
    texts: Texts


class EditSystemMessage(NewSystemMessage, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change. `version` is that of the one that was changed: if it is newer by now, nothing is."""

    version: int
