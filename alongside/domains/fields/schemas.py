"""Shapes of fields: what there is to know of a contact, and how it is written."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

FieldKind = Literal["text", "long_text", "number", "date", "choice", "choices", "yes_no", "email", "phone", "link"]
SetByPage = Literal["never", "signed", "unsigned"]

# A value as JSON: text, date ("2026-11-27"), choice, e-mail, phone and link are strings; several choices are a list.
Content = str | float | bool | list[str]

MOST_OPTIONS = 100
MOST_FIELDS = 100

WITHOUT_NUL = r"^[^\x00]*$"

Key = Annotated[str, Meta(max_length=60)]
Words = Annotated[str, Meta(max_length=500, pattern=WITHOUT_NUL)]
WordsByLanguage = Annotated[
    dict[Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")], Words], Meta(max_length=30)
]


class FieldOption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One of the choices. `value` is what is stored and never changes; `label` is what people read."""

    value: Annotated[str, Meta(max_length=80, pattern=WITHOUT_NUL)]
    label: Annotated[str, Meta(max_length=400, pattern=WITHOUT_NUL)]


Options = Annotated[list[FieldOption], Meta(max_length=MOST_OPTIONS)]
RoleIds = Annotated[list[UUID], Meta(max_length=200)]


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of Additional information.

    `label` and `help` map a language tag to the text. `required`: once known, an agent cannot clear it.
    `set_by_page` says whether a page's `identify` may set it: never, in a signed token, or without proof as well.
    `role_ids`: the roles that may know its values; empty means all.
    """

    id: UUID
    key: str
    kind: FieldKind
    label: dict[str, str]
    help: dict[str, str]
    options: list[FieldOption]
    required: bool
    personal: bool
    set_by_page: SetByPage
    role_ids: list[UUID]
    archived_at: datetime | None


class FieldList(msgspec.Struct, frozen=True):
    """Fields in the order in which they are shown."""

    fields: list[Field]


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request may say; a field that is not listed is refused."""


class NewField(Body, frozen=True, kw_only=True):
    """Body of a new field. Without `key` it is made of the label. Key and kind stay as they are for good."""

    kind: FieldKind
    label: WordsByLanguage
    key: Key | None = None
    help: WordsByLanguage = {}
    options: Options = []
    required: bool = False
    personal: bool = True
    set_by_page: SetByPage = "never"
    role_ids: RoleIds = []


class EditField(Body, frozen=True, kw_only=True):
    """A change to a field; what is left out stays as it is. Archived, it is shown nowhere and keeps its values."""

    label: WordsByLanguage | UnsetType = UNSET
    help: WordsByLanguage | UnsetType = UNSET
    options: Options | UnsetType = UNSET
    required: bool | UnsetType = UNSET
    personal: bool | UnsetType = UNSET
    set_by_page: SetByPage | UnsetType = UNSET
    role_ids: RoleIds | UnsetType = UNSET
    archived: bool | UnsetType = UNSET


class OrderFields(Body, frozen=True, kw_only=True):
    """Body of a new order: the ids of all fields, archived ones included."""

    ids: Annotated[list[UUID], Meta(max_length=MOST_FIELDS * 2)]


class FieldUse(msgspec.Struct, frozen=True):
    """How many contacts have a value of a field."""

    contacts: int
