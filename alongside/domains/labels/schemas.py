"""Shapes of labels."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

# A fixed palette: each colour is readable on light and dark ground, which a free choice would not be.
LabelColour = Literal["grey", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink"]

NAME_CHARS = 40
MOST_LABELS = 500
# What one contact or conversation can carry.
MOST_CARRIED = 20

LabelName = Annotated[str, Meta(max_length=400, pattern=r"^[^\x00]*$")]


class Label(msgspec.Struct, frozen=True):
    """A mark for contacts and conversations."""

    id: UUID
    name: str
    colour: LabelColour


class NewLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of a new label."""

    name: LabelName
    colour: LabelColour = "grey"


class EditLabel(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change to a label; what is left out stays as it is."""

    name: LabelName | UnsetType = UNSET
    colour: LabelColour | UnsetType = UNSET
