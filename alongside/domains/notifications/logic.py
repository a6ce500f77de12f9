"""What a push says, and whether a browser's keys are any. Pure."""

from __future__ import annotations

import base64
import binascii

import msgspec

WORDS = {
    "en": {
        "new_conversation": "New conversation",
        "new_message": "New message",
        "assigned": "A conversation was given to you",
        "waiting": "Somebody waits too long for an answer",
        "mention": "You were mentioned in a note",
        "sla_warning": "An SLA target is nearly missed",
        "sla_breach": "An SLA target was missed",
        "test": "Test notification",
        "test_body": "Push from Alongside reaches this browser.",
    },
    "de": {
        "new_conversation": "Neue Unterhaltung",
        "new_message": "Neue Nachricht",
        "assigned": "Ihnen wurde eine Unterhaltung zugewiesen",
        "waiting": "Jemand wartet zu lange auf Antwort",
        "mention": "Sie wurden in einer Notiz erwähnt",
        "sla_warning": "Ein SLA-Ziel wird gleich verfehlt",
        "sla_breach": "Ein SLA-Ziel wurde verfehlt",
        "test": "Test-Benachrichtigung",
        "test_body": "Push von Alongside kommt in diesem Browser an.",
    },
}
PREVIEW_CHARS = 120


class Push(msgspec.Struct, frozen=True, kw_only=True):
    """What the service worker shows. `tag`: a later push about the same thing takes its place."""

    title: str
    body: str
    url: str
    tag: str
    lang: str


def push(event: str, locale: str, body: str, url: str, tag: str) -> Push:
    """A push in the agent's language."""
    said = WORDS.get(locale, WORDS["en"])
    return Push(title=said[event], body=body or said.get(f"{event}_body", ""), url=url, tag=tag, lang=locale)


def body_of(channel: str, name: str, preview: str, *, told: bool) -> str:
    """Who wrote what, where the company allows that to be told; else only where."""
    return f"{name}: {preview[:PREVIEW_CHARS]}" if told else channel


def unpacked(text: str, size: int) -> bytes | None:
    """Base64 for URLs, with or without padding; None unless it holds `size` bytes."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == size else None


def packed(raw: bytes) -> str:
    """Base64 for URLs, without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
