"""What a transcript is made of: from entries of the log to lines that people read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from alongside.domains.conversations.schemas import (
    AssignmentEntry,
    Author,
    DeletedEntry,
    EditedEntry,
    Entry,
    IdentifiedEntry,
    MailedEntry,
    MessageEntry,
    NoteEntry,
    RatingEntry,
    StatusEntry,
)
from alongside.domains.transcripts.words import WORDS, Words
from alongside.domains.workspace.schemas import Locale

Format = Literal["csv", "html", "pdf"]

# Of one letter. Whoever has more takes a file.
MOST_MESSAGES = 300
MOST_CHARS = 200_000


# An edit and a deletion are no lines: what they changed is shown as it is now.
Shown = MessageEntry | NoteEntry | StatusEntry | AssignmentEntry | IdentifiedEntry | MailedEntry | RatingEntry


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants to have. `inside`: with what only the team may see."""

    format: Format
    inside: bool
    locale: Locale
    zone: ZoneInfo


class Names(msgspec.Struct, frozen=True):
    """What everybody is called, those who have left among them."""

    contact: str
    agents: dict[UUID, str]
    teams: dict[UUID, str]


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What stands above the lines. `last_seq` is where the log ended when the transcript was asked for."""

    number: int
    title: str
    channel: str
    last_seq: int
    names: Names


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One entry of the log in words. `at` is in the reader's zone; `author` is a name."""

    seq: int
    episode: int
    at: datetime
    kind: str
    side: Literal["visitor", "agent", "system"]
    author: str
    text: str


def lines(entries: Iterable[Entry], names: Names, wish: Wish) -> Iterator[Line]:
    """The entries that the wish may have, in order. Without `inside` these are messages and nothing else."""
    words = WORDS[wish.locale]
    for entry in entries:
        if isinstance(entry, EditedEntry | DeletedEntry):
            continue
        if isinstance(entry, MessageEntry) or wish.inside:
            yield Line(
                seq=entry.seq,
                episode=entry.episode,
                at=entry.at.astimezone(wish.zone),
                kind=str(entry.__struct_config__.tag),
                side=entry.author.kind,
                author=_author(entry, names, words),
                text=_text(entry, names, words),
            )


def fitting(found: Sequence[Line]) -> Sequence[Line]:
    """The last lines that fit into one letter."""
    left, first = MOST_CHARS, len(found)
    while first > 0 and len(found) - first < MOST_MESSAGES and left >= len(found[first - 1].text):
        first -= 1
        left -= len(found[first].text)
    return found[first:]


def masked(address: str) -> str:
    """An address as far as whoever typed it knows it again."""
    return f"{address[:1]}…@{address.rpartition('@')[2]}"


def _author(entry: Shown, names: Names, words: Words) -> str:
    """Who an entry is by. A system message is nobody's: it says so, and not which program told it."""
    if isinstance(entry, MessageEntry) and entry.author.kind == "system":
        return words["automatic"]
    return _name(entry.author, names, words)


def _name(author: Author, names: Names, words: Words) -> str:
    if author.kind == "visitor":
        return names.contact
    if author.kind == "system" or author.id is None:
        return words["system"]
    return names.agents.get(author.id, words["former"])


def _written(entry: MessageEntry | NoteEntry, words: Words) -> str:
    """As it is now."""
    if entry.deleted_at:
        return words["deleted"]
    files = [words["file"].format(name=file.name) for file in entry.attachments]
    edited = [words["edited"]] if entry.edited_at else []
    return "\n".join([*files, *([entry.text] if entry.text else []), *edited])


def _text(entry: Shown, names: Names, words: Words) -> str:
    who = _name(entry.author, names, words)
    match entry:
        case MessageEntry() | NoteEntry():
            return _written(entry, words)
        case StatusEntry():
            return words["status"].format(who=who, status=words[entry.status or "unread"])
        case AssignmentEntry():
            to = names.agents.get(entry.agent_id) if entry.agent_id else None
            to = names.teams.get(entry.team_id) if entry.team_id else to
            known = entry.agent_id or entry.team_id
            return words["assigned" if known else "unassigned"].format(who=who, to=to or words["former"])
        case IdentifiedEntry():
            return words["identified"].format(name=entry.name or names.contact)
        case MailedEntry():
            return words["unmailed" if entry.failed else "mailed"].format(to=entry.to)
        case RatingEntry():
            return "\n".join([words["rated"].format(stars=entry.stars), *([entry.comment] if entry.comment else [])])
        case _:
            assert_never(entry)
