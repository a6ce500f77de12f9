"""How events are named, worded, signed and tried again. Pure, but for the randomness of secrets."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import msgspec

from alongside.domains.webhooks.schemas import (
    ContactErased,
    ConversationAssigned,
    ConversationOpened,
    ConversationRated,
    EventType,
    HookAuthor,
    HookConversation,
    HookData,
    HookEvent,
    HookFile,
    HookMessage,
    MessageCreated,
    MessageDeleted,
    MessageEdited,
    StatusChanged,
)
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

NAME_CHARS = 80
SECRET_PREFIX = "whsec_"  # noqa: S105 - how secrets begin, by the standard
SECRET_BYTES = 32

# Seconds between tries: a restart of the receiver is bridged at once, a broken day within a day and a bit.
DELAYS = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 21_600, 28_800, 14_400)
MOST_ATTEMPTS = len(DELAYS) + 1
# Later events of the same conversation wait for one that fails only so many tries, some ten minutes: else one event
# that a receiver cannot digest would hold back its conversation for a day.
PATIENT_ATTEMPTS = 5

_NAMESPACE = uuid5(NAMESPACE_URL, "urn:alongside:webhook-event")


class Said(msgspec.Struct, frozen=True):
    """An event in the words that receivers get. `event_id` is the same however often it is put into words."""

    event_id: str
    type: EventType
    body: str


def webhook_name(text: str) -> str:
    """A name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("webhook-name-malformed", f"A webhook's name has 1 to {NAME_CHARS} characters.")
    return name


def new_secret() -> str:
    """A signing secret as the standard writes it."""
    return SECRET_PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, event_id: str, timestamp: int, body: str) -> str:
    """By Standard Webhooks: version 1, HMAC-SHA256 over id, time and body."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = hmac.new(key, f"{event_id}.{timestamp}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def headers(event_id: str, timestamp: int, body: str, keys: Iterable[str], agent: str) -> dict[str, str]:
    """What goes with a body; with two keys there are two signatures, and one that holds is enough."""
    return {
        "Content-Type": "application/json",
        "User-Agent": agent,
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signature(key, event_id, timestamp, body) for key in keys),
    }


def next_try(attempts: int, jitter: float) -> float | None:
    """Seconds until the next try after so many; None when there is none. `jitter` is between 0 and 1."""
    if attempts > len(DELAYS):
        return None
    return DELAYS[max(attempts, 1) - 1] * (1 + jitter / 10)


def events_of(row: Mapping[str, Any], wanted: Collection[str], console: str) -> list[Said]:
    """What an entry of the log means to receivers, in order. `row` is one of the query `FACTS`."""
    found: list[tuple[EventType, HookData]] = []
    status, was = row["entry_status"], row["was_status"]
    conversation, author = _conversation(row, console), _author(row)
    reopened = was == "done" and status == "unread"
    if row["seq"] == 1 or reopened:
        opened = ConversationOpened(conversation=conversation, seq=row["seq"], reopened=reopened)
        found.append(("conversation.opened", opened))
    if status is not None and was is not None and status != was:
        changed = StatusChanged(conversation=conversation, seq=row["seq"], was_status=was, author=author)
        found.append(("conversation.status_changed", changed))
    if row["kind"] == "assignment":
        given = ConversationAssigned(
            conversation=conversation, seq=row["seq"], author=author, agent_id=_id(row, "agent_id"),
            team_id=_id(row, "team_id"),
        )  # fmt: skip
        found.append(("conversation.assigned", given))
    if row["kind"] == "rating":
        said = row["data"]
        rated = ConversationRated(
            conversation=conversation, seq=row["seq"], stars=said["stars"], comment=said["comment"]
        )
        found.append(("conversation.rated", rated))
    if row["kind"] in ("message", "note") and not row["deleted_at"]:
        message = HookMessage(seq=row["seq"], author=author, at=row["at"], text=row["text"] or "", files=_files(row))
        kind: EventType = "message.created" if row["kind"] == "message" else "note.created"
        found.append((kind, MessageCreated(conversation=conversation, message=message)))
    if row["kind"] in ("edited", "deleted"):
        found += _changed(row, conversation, author)
    key = f"{row['conversation_id']}:{row['seq']}"
    return [say(kind, key, row["at"], data) for kind, data in found if kind in wanted]


def erased(contact_id: UUID, at: datetime) -> Said:
    """That a customer was deleted."""
    return say("contact.erased", str(contact_id), at, ContactErased(contact_id=contact_id))


def say(kind: EventType, key: str, at: datetime, data: HookData) -> Said:
    """An event; `key` tells it from others of its kind for ever."""
    event = HookEvent(type=kind, timestamp=at, data=data)
    return Said(f"evt_{uuid5(_NAMESPACE, f'{kind}:{key}').hex}", kind, msgspec.json.encode(event).decode())


def _conversation(row: Mapping[str, Any], console: str) -> HookConversation:
    return HookConversation(
        id=row["conversation_id"],
        contact_id=row["contact_id"],
        contact_name=row["contact_name"],
        contact_number=row["contact_number"],
        channel_id=row["channel_id"],
        channel_name=row["channel_name"],
        status=row["entry_status"] or row["was_status"] or "unread",
        assignee_id=row["assignee_id"],
        team_id=row["team_id"],
        episode=row["episode"],
        last_message=row["preview"],
        url=f"{console}/inbox/{row['conversation_id']}",
    )


def _author(row: Mapping[str, Any]) -> HookAuthor:
    name = row["contact_name"] if row["author_kind"] == "visitor" else row["author_name"]
    return HookAuthor(kind=row["author_kind"], id=row["author_id"], name=name)


def _changed(
    row: Mapping[str, Any], conversation: HookConversation, author: HookAuthor
) -> list[tuple[EventType, HookData]]:
    """An edit that another one followed already has no text any more, and is told with that one."""
    of, at, message = row["data"]["of"], row["at"], row["data"]["of_public"] is not None
    if row["kind"] == "deleted":
        kind: EventType = "message.deleted" if message else "note.deleted"
        return [(kind, MessageDeleted(conversation=conversation, seq=of, author=author, at=at))]
    if row["text"] is None:
        return []
    edited: EventType = "message.edited" if message else "note.edited"
    change = MessageEdited(conversation=conversation, seq=of, author=author, at=at, text=row["text"])
    return [(edited, change)]


def _files(row: Mapping[str, Any]) -> list[HookFile]:
    return msgspec.convert((row["data"] or {}).get("attachments") or [], list[HookFile])


def _id(row: Mapping[str, Any], name: str) -> UUID | None:
    text = (row["data"] or {}).get(name)
    return UUID(text) if text else None
