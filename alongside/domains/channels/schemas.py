"""Shapes of channels, their look and their keys."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, get_args
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from alongside.domains.channels.around_schemas import AroundChat, EditAroundChat
from alongside.domains.channels.availability_schemas import ChannelAvailability
from alongside.domains.channels.look_schemas import EditLook, Look
from alongside.domains.files.schemas import AttachmentKind

ACCENT = "#1d5fd1"
LANGUAGES = 30

Accent = Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")]
Text = Annotated[str, Meta(max_length=500)]
Texts = Annotated[dict[Language, Text], Meta(max_length=LANGUAGES)]
Url = Annotated[str, Meta(max_length=2_000)]
Origins = Annotated[list[Url], Meta(max_length=100)]
Position = Literal["right", "left"]
Megabytes = Annotated[int, Meta(ge=1, le=10_000)]
Kinds = Annotated[list[AttachmentKind], Meta(max_length=20)]
AnswerMinutes = Annotated[int, Meta(ge=1, le=1_440)]

DEFAULT_TITLE = {"en": "Chat with us", "de": "Chatten Sie mit uns"}
DEFAULT_GREETING = {
    "en": "Hello! How can we help you?",
    "de": "Guten Tag! Wie können wir Ihnen helfen?",
}
DEFAULT_AWAY = {
    "en": "Nobody is here at the moment. Write all the same: you will find our answer in this chat.",
    "de": "Im Moment ist niemand da. Schreiben Sie uns trotzdem: Unsere Antwort finden Sie hier im Chat.",
}


class ChannelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the widget looks and greets. Texts map a language tag to the text; "en" is always there.

    `uploads` lets visitors send files of `upload_kinds`, each up to `upload_megabytes` and to the server's own limit.
    `answers_by_mail`: a visitor who left their address and has not seen an answer for `answer_minutes` gets it by mail.
    """

    accent: Accent = ACCENT
    position: Position = "right"
    title: Texts = msgspec.field(default_factory=lambda: dict(DEFAULT_TITLE))
    greeting: Texts = msgspec.field(default_factory=lambda: dict(DEFAULT_GREETING))
    away: Texts = msgspec.field(default_factory=lambda: dict(DEFAULT_AWAY))
    privacy_url: Url | None = None
    sound: bool = True
    uploads: bool = True
    upload_megabytes: Megabytes = 20
    upload_kinds: Kinds = msgspec.field(default_factory=lambda: list(get_args(AttachmentKind)))
    answers_by_mail: bool = False
    answer_minutes: AnswerMinutes = 10
    around: AroundChat = msgspec.field(default_factory=AroundChat)
    availability: ChannelAvailability = msgspec.field(default_factory=ChannelAvailability)
    look: Look = msgspec.field(default_factory=Look)


class Channel(msgspec.Struct, frozen=True, kw_only=True):
    """A channel. Without `allowed_origins` any site may show its widget.

    `revision` grows with each change: a change that names an older one is refused.
    """

    id: UUID
    key: str
    name: str
    kind: str
    settings: ChannelSettings
    allowed_origins: list[str]
    active: bool
    revision: int
    created_at: datetime


class IdentityKey(msgspec.Struct, frozen=True):
    """A key with which the site signs who its visitors are."""

    kid: str
    secret: str


class IdentityKeyBrief(msgspec.Struct, frozen=True):
    """A key without its secret."""

    kid: str
    created_at: datetime


class ChannelDetails(Channel, frozen=True, kw_only=True):
    """A channel with the names of the keys that hold."""

    identity_keys: list[IdentityKeyBrief]


class ChannelPicture(msgspec.Struct, frozen=True):
    """A picture that the settings of the look may name."""

    id: UUID
    url: str


class Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a request may say; a field that is not listed is refused."""


class EditSettings(Body, frozen=True, kw_only=True):
    """A change of the look; what is left out stays. A language with an empty text goes, "en" excepted."""

    accent: Accent | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    title: Texts | UnsetType = UNSET
    greeting: Texts | UnsetType = UNSET
    away: Texts | UnsetType = UNSET
    privacy_url: Url | UnsetType | None = UNSET
    sound: bool | UnsetType = UNSET
    uploads: bool | UnsetType = UNSET
    upload_megabytes: Megabytes | UnsetType = UNSET
    upload_kinds: Kinds | UnsetType = UNSET
    answers_by_mail: bool | UnsetType = UNSET
    answer_minutes: AnswerMinutes | UnsetType = UNSET
    around: EditAroundChat | UnsetType = UNSET
    availability: ChannelAvailability | UnsetType = UNSET
    look: EditLook | UnsetType = UNSET


class NewChannel(Body, frozen=True, kw_only=True):
    """Body of a new channel. What the settings leave out is as in the channel `like`, or has its default."""

    name: Annotated[str, Meta(max_length=400)]
    like: UUID | None = None
    settings: EditSettings = EditSettings()
    allowed_origins: Origins = []


class EditChannel(Body, frozen=True, kw_only=True):
    """A change to a channel; fields left out stay as they are.

    With `revision`, the one that was read: refused with `channel-changed` where somebody changed the channel since.
    """

    revision: int | UnsetType = UNSET

    name: Annotated[str, Meta(max_length=400)] | UnsetType = UNSET
    settings: EditSettings | UnsetType = UNSET
    allowed_origins: Origins | UnsetType = UNSET
    active: bool | UnsetType = UNSET
