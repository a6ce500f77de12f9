"""From the team's log to what its visitor may see. The only place where one becomes the other."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from alongside.domains.conversations.schemas import DeletedEntry, EditedEntry, Entry, MessageEntry
from alongside.domains.widget import queries
from alongside.domains.widget.people import People
from alongside.domains.widget.schemas import PublicChange, PublicMessage, VisitorSnapshot
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading

SNAPSHOT_MESSAGES = 50
RESUME_MESSAGES = 500


def public_message(entry: MessageEntry, people: People, author_name: str | None = None) -> PublicMessage:
    """A message in the visitor's words and numbering."""
    mine = entry.author.kind == "visitor"
    agent_id = entry.author.id if entry.author.kind == "agent" else entry.as_agent
    return PublicMessage(
        seq=entry.public_seq,
        at=entry.at,
        mine=mine,
        text=entry.text,
        client_id=entry.client_id if mine else None,
        person=people.person(agent_id, author_name) if agent_id else None,
        automatic=entry.author.kind == "system" and agent_id is None,
        cards=entry.cards,
        attachments=entry.attachments,
        edited=entry.edited_at is not None,
        deleted=entry.deleted_at is not None,
        quote=entry.quote_public,
    )


def public_entry(entry: Entry, people: People, author_name: str | None = None) -> PublicMessage | None:
    """What an entry is in the visitor's log; None where it leaves no trace there."""
    match entry:
        case MessageEntry():
            return public_message(entry, people, author_name)
        case EditedEntry(public_seq=int(seq), of_public=int(of)):
            return _change(entry, seq, PublicChange(of=of, deleted=False, text=entry.text))
        case DeletedEntry(public_seq=int(seq), of_public=int(of)):
            return _change(entry, seq, PublicChange(of=of, deleted=True, text=None))
        case _:
            return None


def _change(entry: EditedEntry | DeletedEntry, seq: int, change: PublicChange) -> PublicMessage:
    return PublicMessage(seq=seq, at=entry.at, mine=entry.author.kind == "visitor", text="", change=change)


def public_messages(entries: Iterable[Entry], people: People) -> list[PublicMessage]:
    """What of entries stands in the visitor's log."""
    shown = (public_entry(entry, people) for entry in entries)
    return [message for message in shown if message]


async def snapshot(reading: Reading, actor: VisitorActor, people: People) -> VisitorSnapshot:
    """The visitor's conversation from scratch; `reading` must be a snapshot."""
    standing = await queries.standing(reading, actor)
    messages: list[PublicMessage] = []
    has_more = False
    if standing.conversation_id:
        page = await queries.messages_before(reading, standing.conversation_id, queries.END, SNAPSHOT_MESSAGES)
        messages, has_more = public_messages(page.entries, people), page.has_more
    return VisitorSnapshot(
        epoch=standing.epoch,
        head=standing.head,
        messages=messages,
        has_more=has_more,
        team_seen=standing.team_seen,
        seen=standing.seen,
    )


async def missed(reading: Reading, conversation_id: UUID, after: int, people: People) -> list[PublicMessage]:
    """What follows `after`, up to the limit of a resume."""
    page = await queries.messages_after(reading, conversation_id, after, RESUME_MESSAGES)
    return public_messages(page.entries, people)
