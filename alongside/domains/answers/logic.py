"""What a letter of answers says. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

# More than this is read in the conversation.
MOST_ANSWERS = 10
MOST_CHARS = 4_000


class Answer(msgspec.Struct, frozen=True):
    """An agent's message; `seq` in the visitor's numbering, `who` as visitors see it."""

    seq: int
    who: str | None
    at: datetime
    text: str


class Gathered(msgspec.Struct, frozen=True):
    """The answers that fit into one letter, and whether there are more, or longer ones."""

    answers: list[Answer]
    more: bool


def gather(answers: Sequence[Answer]) -> Gathered:
    """The first answers, each cut to a readable length."""
    shown = [msgspec.structs.replace(each, text=cut(each.text)) for each in answers[:MOST_ANSWERS] if each.text]
    long = any(len(each.text) > MOST_CHARS for each in answers)
    return Gathered(shown, long or len(shown) < len(answers))


def cut(text: str) -> str:
    """At most `MOST_CHARS` characters."""
    return text if len(text) <= MOST_CHARS else text[:MOST_CHARS].rstrip() + " …"
