"""Shapes of the mail server's state and of the log."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

State = Literal["waiting", "sent", "failed", "dropped"]


class MailItem(msgspec.Struct, frozen=True, kw_only=True):
    """A letter and what became of it.

    `reason` says why it waits, failed or was not needed: a code of ours ("read"), or what the mail server said.
    """

    id: UUID
    kind: str
    address: str
    state: State
    tries: int
    reason: str
    created_at: datetime
    done_at: datetime | None
    next_try_at: datetime
    conversation_id: UUID | None


class MailPage(msgspec.Struct, frozen=True):
    """The newest letters first. `next_cursor` is opaque; None at the end."""

    items: list[MailItem]
    next_cursor: str | None


class MailState(msgspec.Struct, frozen=True, kw_only=True):
    """Whether mail goes out, by which server and as whom; how many letters wait."""

    configured: bool
    server: str | None
    sender: str | None
    waiting: int
    failed_lately: int
    push_text: bool


class EditMail(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`push_text`: pushes and digests say who wrote and what, else only that somebody did."""

    push_text: bool


class MailTested(msgspec.Struct, frozen=True):
    """What the mail server said to a letter for the agent who asks."""

    sent: bool
    address: str
    reason: str
