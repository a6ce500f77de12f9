"""Shapes of what an agent wants to be told, by which ways, and of what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Event = Literal["new_conversation", "new_message", "assigned", "waiting", "mention", "sla_warning", "sla_breach"]
Minutes = Annotated[int, Meta(ge=1, le=1_440)]


class Ways(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By which ways an event is told: in the console (pop-up, sound, the browser's own message), by push, by mail."""

    popup: bool = True
    sound: bool = True
    browser: bool = False
    push: bool = True
    mail: bool = False


class Choices(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For each event its ways. Pushes go to browsers that the agent subscribed, and to none before that."""

    new_conversation: Ways = Ways()
    new_message: Ways = Ways()
    assigned: Ways = Ways()
    waiting: Ways = Ways()
    mention: Ways = Ways()
    sla_warning: Ways = Ways()
    sla_breach: Ways = Ways()


class NotificationSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an agent wants to be told. `repeat_sound`: until somebody reacts. `when_offline`: after Go offline too.

    A visitor waits too long after `waiting_minutes`; mail gathers for `digest_minutes`.
    """

    choices: Choices = Choices()
    repeat_sound: bool = False
    when_offline: bool = False
    waiting_minutes: Minutes = 5
    digest_minutes: Minutes = 15


class PushDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that takes pushes. `current`: that of the session which asks."""

    id: UUID
    user_agent: str
    created_at: datetime
    last_push_at: datetime | None
    current: bool


class Notifications(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the page of notifications shows. `push_key` is what a browser subscribes with."""

    settings: NotificationSettings
    push_key: str
    devices: list[PushDevice]
    mail_configured: bool
    push_text: bool


class NewPushDevice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A browser's subscription, as `PushSubscription.toJSON()` names its parts."""

    endpoint: Annotated[str, Meta(min_length=8, max_length=2_000)]
    p256dh: Annotated[str, Meta(max_length=200)]
    auth: Annotated[str, Meta(max_length=100)]


class TestNotification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which way to try. The ways inside the console are tried there."""

    way: Literal["push", "mail"]


class Tested(msgspec.Struct, frozen=True):
    """What came of a try: how many got it, and why others did not."""

    sent: int
    reason: str


class NotificationItem(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the log. `reason`: a code of ours ("seen"), or what the other side said."""

    id: UUID
    event: str
    way: Literal["page", "push", "mail"]
    state: Literal["waiting", "sent", "failed", "dropped"]
    reason: str
    conversation_id: UUID | None
    created_at: datetime
    done_at: datetime | None


class NotificationLog(msgspec.Struct, frozen=True):
    """The newest lines first, at most a hundred."""

    items: list[NotificationItem]
