"""What the page of a link shows of the log. Pure."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from uuid import UUID

from alongside.domains.chatlinks.schemas import ChatFile, ChatLine
from alongside.domains.conversations.schemas import (
    DeletedEntry,
    EditedEntry,
    Entry,
    MessageEntry,
    NoteEntry,
    StatusEntry,
)
from alongside.domains.files.schemas import Attachment


class Signer:
    """Makes the addresses by which the page of one link gets the files of its conversation."""

    def __init__(self, key: str, link_id: UUID) -> None:
        self._key = key
        self._link_id = link_id

    def proof(self, attachment_id: UUID) -> str:
        """Proof that we handed out the address of this file for this link."""
        said = f"chat-link\0{self._link_id}\0{attachment_id}".encode()
        return base64.urlsafe_b64encode(hmac.digest(self._key.encode(), said, hashlib.sha256)[:18]).decode()

    def file(self, attachment: Attachment) -> ChatFile:
        """A file with its addresses."""
        base = f"/api/v1/chat-link/files/{attachment.id}"
        query = f"?link={self._link_id}&proof={self.proof(attachment.id)}"
        return ChatFile(
            kind=attachment.kind,
            name=attachment.name,
            bytes=attachment.bytes,
            url=f"{base}/content{query}",
            thumbnail_url=f"{base}/thumbnail{query}" if attachment.kind == "image" else None,
            width=attachment.width,
            height=attachment.height,
        )


def changed_seqs(entries: Sequence[Entry]) -> list[int]:
    """The numbers of what these entries edited or deleted."""
    return sorted({entry.of for entry in entries if isinstance(entry, EditedEntry | DeletedEntry)})


def line(entry: Entry, speaker_id: UUID, names: Mapping[UUID, str], signer: Signer) -> ChatLine | None:
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
    return told if isinstance(entry, StatusEntry) else _written(told, entry, signer)


def _written(told: ChatLine, entry: MessageEntry | NoteEntry, signer: Signer) -> ChatLine:
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
        files=[signer.file(each) for each in entry.attachments],
    )
