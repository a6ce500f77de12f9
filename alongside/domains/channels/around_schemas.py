"""Shapes of what a channel does around its chats: before the first message, while one is written, after the last."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

Tag = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
Wording = Annotated[str, Meta(max_length=1_000)]
Wordings = Annotated[dict[Tag, Wording], Meta(max_length=30)]
What = Annotated[str, Meta(pattern=r"^(name|email|phone|field:[a-z][a-z0-9_]{0,39})$(?!\n)")]

MOST_ASKED = 20


class Asked(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that visitors are asked before their first message: name, email, phone, or a field ("field:KEY").

    `label` and `help` by language; without, those of the field, or the widget's own.
    """

    what: What
    required: bool = False
    label: Wordings = {}
    help: Wordings = {}


Questions = Annotated[list[Asked], Meta(max_length=MOST_ASKED)]


class AroundChat(msgspec.Struct, frozen=True, kw_only=True):
    """Around the chat. All of it is off at first.

    `consent`: a text shown before the first message; with `consent_tick` nobody writes who has not agreed to it.
    `consent_version` counts its wordings: who agreed to an earlier one is asked anew.
    `asked`: what visitors are asked before the first message, unless it is known.
    `rating`: visitors are asked how it was when their conversation is Done.
    `typing_preview`: agents see what a visitor writes before it is sent, and the visitor is told so.
    `transcript`: visitors may have their conversation sent to them by mail; nothing where no mail goes out.
    """

    consent: Wordings = {}
    consent_tick: bool = False
    consent_version: int = 0
    asked: Questions = []
    rating: bool = False
    typing_preview: bool = False
    transcript: bool = False

    @property
    def anything(self) -> bool:
        """Whether the widget has something to do around the chat."""
        return bool(self.consent or self.asked or self.afterwards or self.typing_preview)

    @property
    def afterwards(self) -> bool:
        """Whether it matters to the widget that a conversation is over."""
        return self.rating or self.transcript

    @property
    def gates(self) -> bool:
        """Whether there is something without which nobody may write."""
        return self.consent_tick or any(each.required for each in self.asked)


class EditAroundChat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of it; what is left out stays. A language with an empty text goes."""

    consent: Wordings | UnsetType = UNSET
    consent_tick: bool | UnsetType = UNSET
    asked: Questions | UnsetType = UNSET
    rating: bool | UnsetType = UNSET
    typing_preview: bool | UnsetType = UNSET
    transcript: bool | UnsetType = UNSET
