"""What the page of a link shows of the log. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from alongside.domains.chatlinks.schemas import ChatLine
from alongside.domains.conversations.schemas import (
    DeletedEntry,
    EditedEntry,
    Entry,
    MessageEntry,
    NoteEntry,
    StatusEntry,
)


def changed_seqs(entries: Sequence[Entry]) -> list[int]:
    """The numbers of what these entries edited or deleted."""
    return sorted({entry.of for entry in entries if isinstance(entry, EditedEntry | DeletedEntry)})


def line(entry: Entry, speaker_id: UUID, names: Mapping[UUID, str]) -> ChatLine | None:
    """An entry as a line; None for what concerns only the console: assignments, ratings, mail."""
    if not isinstance(entry, MessageEntry | NoteEntry | StatusEntry):
        return None
    author = entry.author
    by_agent = author.kind == "agent"
    told = ChatLine(
        seq=entry.seq,
        kind="status",
        author=author.kind,
        author_name=names.get(author.id) if by_agent and author.id else None,
        own=by_agent and author.id == speaker_id,
        at=entry.at,
        status=entry.status,
    )
    return told if isinstance(entry, StatusEntry) else _written(told, entry)


def _written(told: ChatLine, entry: MessageEntry | NoteEntry) -> ChatLine:
    return ChatLine(
        seq=told.seq,
        kind="note" if isinstance(entry, NoteEntry) else "message",
        author=told.author,
        author_name=told.author_name,
        own=told.own,
        at=told.at,
        status=told.status,
        text=entry.text,
        edited=entry.edited_at is not None,
        deleted=entry.deleted_at is not None,
        files=[each.name for each in entry.attachments],
    )
