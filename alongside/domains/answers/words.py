"""The words of the page that stops the mail, per language."""

from __future__ import annotations

WORDS = {
    "en": {
        "language": "en",
        "title": "No more mail?",
        "text": "You get our answers from {channel} by mail while you are away. Stop that for this conversation?",
        "button": "No more mail",
        "stopped": "You get no more mail about this conversation. The answers stand in the chat.",
        "gone": "This link has expired, or the conversation does not exist any more. You need not do anything.",
    },
    "de": {
        "language": "de",
        "title": "Keine E-Mails mehr?",
        "text": (
            "Sie erhalten unsere Antworten von {channel} per E-Mail, wenn Sie nicht da sind. "
            "Sollen wir das für diese Unterhaltung beenden?"
        ),
        "button": "Keine E-Mails mehr",
        "stopped": "Sie erhalten zu dieser Unterhaltung keine E-Mails mehr. Die Antworten stehen im Chat.",
        "gone": "Dieser Link ist abgelaufen, oder die Unterhaltung gibt es nicht mehr. Sie müssen nichts tun.",
    },
}


def words(locale: str) -> dict[str, str]:
    """In a language; English where we lack it."""
    return WORDS.get(locale.partition("-")[0].lower(), WORDS["en"])
