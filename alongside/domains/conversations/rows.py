"""Database rows become structs here, for every query that reads conversations and entries."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conversations.schemas import (
    AssignmentEntry,
    Author,
    Card,
    ChannelBrief,
    ContactBrief,
    ConversationRow,
    DeletedEntry,
    EditedEntry,
    Entry,
    IdentifiedEntry,
    MailedEntry,
    Mention,
    MessageEntry,
    NoteEntry,
    RatingEntry,
    RowTarget,
    StatusEntry,
)
from alongside.domains.files.schemas import Attachment
from alongside.platform.db import Row

# What counts against the limit of `agent a`: their open conversations, by an index of nothing else.
OPEN_HELD = """
(SELECT count(*) FROM conversation o
 WHERE o.assignee_id = a.id AND o.status IN ('unread', 'unresolved') AND o.last_seq > 0)
"""

# Of `conversation c`, `contact p`, `channel h`. LIMIT keeps the planner from reading all identities of all contacts at
# once, which it does for EXISTS as soon as it expects some dozens of rows.
ROW_COLUMNS = """
c.id, c.status, c.assignee_id, c.team_id, c.episode, c.last_seq, c.last_public_seq, c.preview, c.preview_author,
c.preview_attachment, c.last_message_at, c.created_at, c.unread_count, c.waiting_since, c.visitor_delivered,
c.visitor_seen,
c.label_ids, c.sla, p.id AS contact_id, p.label_ids AS contact_label_ids, p.number AS contact_number,
coalesce(p.name, p.claims ->> 'name') AS contact_name,
(SELECT true FROM identity v WHERE v.contact_id = p.id AND v.kind = 'verified' LIMIT 1) IS NOT NULL AS contact_verified,
h.id AS channel_id, h.name AS channel_name, h.kind AS channel_kind
"""

ENTRY_COLUMNS = """
seq, public_seq, episode, kind, author_kind, author_id, client_id, status, text, data, cards, at, edited_at, deleted_at
"""


class Carried(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a message or note holds besides its text: files, the entry that it answers to (in both numberings), whom it
    names; for what is told, in which agent's name. The column `data` holds it as JSON; null where there is nothing.
    """

    attachments: list[Attachment] = []
    quote: int | None = None
    quote_public: int | None = None
    mentions: list[Mention] = []
    as_agent: UUID | None = None


def row_from(row: Row) -> ConversationRow:
    """A conversation from `ROW_COLUMNS`."""
    return ConversationRow(
        id=row["id"],
        contact=ContactBrief(
            row["contact_id"],
            row["contact_number"],
            row["contact_name"],
            row["contact_verified"],
            row["contact_label_ids"],
        ),
        channel=ChannelBrief(row["channel_id"], row["channel_name"], row["channel_kind"]),
        status=row["status"],
        assignee_id=row["assignee_id"],
        team_id=row["team_id"],
        episode=row["episode"],
        last_seq=row["last_seq"],
        last_public_seq=row["last_public_seq"],
        preview=row["preview"],
        preview_author=row["preview_author"],
        preview_attachment=row["preview_attachment"],
        last_message_at=row["last_message_at"],
        created_at=row["created_at"],
        unread_count=row["unread_count"],
        waiting_since=row["waiting_since"],
        visitor_delivered=row["visitor_delivered"],
        visitor_seen=row["visitor_seen"],
        label_ids=row["label_ids"],
        sla=msgspec.convert(row["sla"], RowTarget) if row["sla"] else None,
    )


def entry_from(row: Row) -> Entry:
    """An entry from `ENTRY_COLUMNS`."""
    author = Author(row["author_kind"], row["author_id"])
    seq, episode, at, status = row["seq"], row["episode"], row["at"], row["status"]
    match row["kind"]:
        case "message" | "note":
            return _written(row, author)
        case "edited" | "deleted":
            return _change(row, author)
        case "status":
            return StatusEntry(seq=seq, episode=episode, author=author, at=at, status=status)
        case "assignment":
            data = row["data"]
            return AssignmentEntry(
                seq=seq,
                episode=episode,
                author=author,
                at=at,
                status=status,
                agent_id=_id(data["agent_id"]),
                team_id=_id(data["team_id"]),
            )
        case "identified":
            data = row["data"]
            return IdentifiedEntry(
                seq=seq,
                episode=episode,
                author=author,
                at=at,
                status=status,
                contact_id=UUID(data["contact_id"]),
                name=data["name"],
                conversation_id=_id(data.get("conversation_id")),
            )
        case "mailed" | "rating" as kind:
            shape: type[MailedEntry | RatingEntry] = MailedEntry if kind == "mailed" else RatingEntry
            return shape(seq=seq, episode=episode, author=author, at=at, status=status, **row["data"])
        case unknown:
            raise ValueError(f"an entry of kind {unknown!r} was written by a newer version")


def _written(row: Row, author: Author) -> MessageEntry | NoteEntry:
    carried = carried_from(row["data"])
    if row["kind"] == "note":
        return NoteEntry(
            seq=row["seq"],
            episode=row["episode"],
            author=author,
            at=row["at"],
            status=row["status"],
            client_id=row["client_id"],
            text=row["text"],
            attachments=carried.attachments,
            edited_at=row["edited_at"],
            deleted_at=row["deleted_at"],
            quote=carried.quote,
            mentions=carried.mentions,
        )
    return MessageEntry(
        seq=row["seq"],
        episode=row["episode"],
        author=author,
        at=row["at"],
        status=row["status"],
        public_seq=row["public_seq"],
        client_id=row["client_id"],
        text=row["text"],
        cards=msgspec.convert(row["cards"], list[Card]) if row["cards"] else [],
        attachments=carried.attachments,
        edited_at=row["edited_at"],
        deleted_at=row["deleted_at"],
        quote=carried.quote,
        quote_public=carried.quote_public,
        as_agent=carried.as_agent,
    )


def _change(row: Row, author: Author) -> EditedEntry | DeletedEntry:
    of, of_public = row["data"]["of"], row["data"]["of_public"]
    if row["kind"] == "deleted":
        return DeletedEntry(
            seq=row["seq"],
            episode=row["episode"],
            author=author,
            at=row["at"],
            of=of,
            public_seq=row["public_seq"],
            of_public=of_public,
        )
    return EditedEntry(
        seq=row["seq"],
        episode=row["episode"],
        author=author,
        at=row["at"],
        of=of,
        public_seq=row["public_seq"],
        of_public=of_public,
        client_id=row["client_id"],
        text=row["text"],
        mentions=carried_from(row["data"]).mentions,
    )


def carried_from(data: Any) -> Carried:
    """What an entry's `data` says of a message or note."""
    return msgspec.convert(data, Carried) if data else Carried()


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
