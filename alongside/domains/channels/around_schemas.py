"""Shapes of what a channel does around its chats, before the first message and after the last."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType


class AroundChat(msgspec.Struct, frozen=True, kw_only=True):
    """Before and after the chat. All of it is off at first.

    `rating`: visitors are asked how it was when their conversation is Done.
    """

    rating: bool = False


class EditAroundChat(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of it; what is left out stays."""

    rating: bool | UnsetType = UNSET
