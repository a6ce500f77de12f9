"""Writing messages and notes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from alongside.domains.articles.queries import pages_by_slugs
from alongside.domains.conversations import policy
from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.queries import conversation, entry_by_client_id, in_sight
from alongside.domains.conversations.rows import Carried, carried_from, row_from
from alongside.domains.conversations.schemas import Author, Card, Entry, Mention, MessageEntry, NoteEntry
from alongside.domains.files import actions as files
from alongside.domains.files import queries as file_queries
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment
from alongside.domains.messages import queries
from alongside.domains.messages.queries import (
    POST,
    POST_CARRYING,
    POST_CARRYING_EAGERLY,
    POST_EAGERLY,
    SHOW_CARDS,
    UNANSWERED,
)
from alongside.domains.messages.schemas import Named, SendArticles
from alongside.kit.text import clean_text, preview
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Database, Reading, Row, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge

Kind = Literal["message", "note"]

MOST_ATTACHMENTS = 10
MOST_MENTIONS = 20


class Draft(msgspec.Struct, frozen=True):
    """A text to be written, and files to go with it, by the ids of their uploads; one of the two may be missing.

    `client_id` is made once per user action: a repeat is answered, not written again. `quote` is the number of the
    entry that it answers to, in the author's own log. A note may name agents and teams (`mentions`).
    """

    client_id: UUID
    text: str
    kind: Kind = "message"
    then_done: bool = False
    attachments: Sequence[UUID] = ()
    quote: int | None = None
    mentions: Sequence[Named] = ()


async def post(
    database: Database, actor: AgentActor | VisitorActor, conversation_id: UUID, draft: Draft, max_chars: int
) -> Entry:
    """Write a draft to the log and return the entry, once it is committed.

    Same client id, same text and files: the entry written first. Same client id, anything else: `Conflict`. An agent
    who may not see the conversation gets `NotFound`; only who may see not all is asked for that before writing.
    The caller has made sure that a visitor's conversation is the visitor's own.
    """
    if isinstance(actor, AgentActor) and not policy.may_reply(actor):
        raise may_not_reply()
    text = accept_text(draft.text, max_chars, may_be_empty=bool(draft.attachments))
    if isinstance(actor, AgentActor) and actor.holders is not None:
        async with database.reading() as reading:
            if not await in_sight(reading, actor, conversation_id):
                return await _repeat_unseen(reading, actor, conversation_id, draft, text)
    try:
        fact = await _write(database, actor, conversation_id, draft, text)
        if fact:
            return fact.entry
    except asyncpg.UniqueViolationError:
        pass  # Two sends of one client id raced, or two messages for one file; the other one won.
    except asyncpg.ForeignKeyViolationError:
        raise _files_gone() from None
    return await _repeat(database, actor, conversation_id, draft, text)


async def carry_over(work: Work, actor: VisitorActor, from_id: UUID, to_id: UUID) -> bool:
    """What waits for an answer in one conversation is written into another: its visitor was recognised as `actor`.

    False where nothing waits, or where a colleague has begun to answer: then it stays where it is.
    """
    # Both rows in the order in which every statement locks them.
    await work.run("SELECT FROM conversation WHERE id = ANY($1) ORDER BY id FOR UPDATE", [from_id, to_id])
    waiting = await work.rows(UNANSWERED, from_id)
    for each in waiting:
        written = await _write_again(work, actor, to_id, each)
        if written is not None:
            work.announce(_added(written, actor))
    return bool(waiting)


async def post_articles(
    database: Database, actor: AgentActor, conversation_id: UUID, sending: SendArticles, site: str
) -> Entry:
    """Write a message that shows published articles as cards, and return the entry, once it is committed.

    Its text names each article and its address below `site`. Repeats are answered as by `post`. Raises `NotFound` when
    an article is not published (any more), or where the agent may not see the conversation.
    """
    if not policy.may_reply(actor):
        raise may_not_reply()
    async with database.reading() as reading:
        if actor.holders is not None and not await in_sight(reading, actor, conversation_id):
            raise no_such_conversation()
        pages = await pages_by_slugs(reading, sending.slugs)
    if len(pages) != len(sending.slugs):
        raise NotFound("article-not-published", "An article is not published any more. Choose again.")
    cards = [Card(title=each.title, summary=each.summary, picture_url=each.picture_url, url=each.url) for each in pages]
    draft = Draft(sending.client_id, "\n".join(f"{card.title}\n{site}{card.url}" for card in cards))
    try:
        async with database.work() as work:
            values = _values(actor, conversation_id, draft, draft.text)
            written = await work.row(POST, *([value] for value in values))
            if written is not None:
                await work.run(SHOW_CARDS, conversation_id, written["seq"], cards)
                fact = _added(written, actor, cards)
                work.announce(fact)
                return fact.entry
    except asyncpg.UniqueViolationError:
        pass  # As in `post`.
    return await _repeat(database, actor, conversation_id, draft, draft.text)


async def _write_again(work: Work, actor: VisitorActor, to_id: UUID, entry: Row) -> Row | None:
    """The same message in another conversation; its files are copied, for a file belongs to one."""
    values: list[Any] = [*_values(actor, to_id, Draft(entry["client_id"], entry["text"]), entry["text"])]
    carried = carried_from(entry["data"]).attachments
    place = Place(conversation_id=to_id)
    copies = await files.copy_attachments(work, actor, place, [each.id for each in carried]) if carried else []
    if not copies and not entry["text"]:
        return None
    if copies:
        values.append(_json(Carried(attachments=copies)))
    return await work.row(POST_CARRYING if copies else POST, *([value] for value in values))


async def _write(
    database: Database, actor: AgentActor | VisitorActor, conversation_id: UUID, draft: Draft, text: str
) -> EntryAdded | None:
    values: tuple[Any, ...] = _values(actor, conversation_id, draft, text)
    if not (draft.attachments or draft.mentions or draft.quote is not None):
        return await database.together(
            POST, conversation_id, values, lambda row: _added(row, actor), eager=POST_EAGERLY
        )
    carried = await _carry(database, actor, conversation_id, draft)
    if carried is None:
        return None
    return await database.together(
        POST_CARRYING,
        conversation_id,
        (*values, _json(carried)),
        lambda row: _added(row, actor),
        eager=POST_CARRYING_EAGERLY,
    )


async def _carry(
    database: Database, actor: AgentActor | VisitorActor, conversation_id: UUID, draft: Draft
) -> Carried | None:
    """What goes with the text. None when one of the files has been sent already."""
    chosen = await _choose(database, actor, conversation_id, draft.attachments) if draft.attachments else []
    if chosen is None:
        return None
    async with database.reading() as reading:
        quote, quote_public = await _quoted(reading, actor, conversation_id, draft)
        mentions = await accept_mentions(reading, draft.kind, draft.mentions)
    return Carried(attachments=chosen, quote=quote, quote_public=quote_public, mentions=mentions)


async def _quoted(
    reading: Reading, actor: AgentActor | VisitorActor, conversation_id: UUID, draft: Draft
) -> tuple[int | None, int | None]:
    """The numbers of what the draft answers to. A note is answered to in notes alone: it never leaves the team."""
    if draft.quote is None:
        return None, None
    sql = queries.QUOTABLE if isinstance(actor, AgentActor) else queries.QUOTABLE_BY_VISITOR
    row = await reading.row(sql, conversation_id, draft.quote)
    if row is None:
        raise NotFound("no-such-message", "The message that this answers to does not exist (any more).")
    if row["public_seq"] is None and draft.kind == "message":
        raise Invalid("quote-of-note", "A note can be quoted in notes alone: the visitor must not learn of it.")
    return row["seq"], row["public_seq"]


async def accept_mentions(reading: Reading, kind: Kind, mentions: Sequence[Named]) -> list[Mention]:
    """Whom a note names, by name. Raises `Invalid` where there is anybody who cannot be named."""
    if not mentions:
        return []
    if kind != "note":
        raise Invalid("mention-in-reply", "Colleagues are named in notes alone. Write a note.")
    if len(mentions) > MOST_MENTIONS or any((m.agent_id is None) == (m.team_id is None) for m in mentions):
        raise Invalid("bad-mention", f"A note names up to {MOST_MENTIONS} agents or teams, each by one id.")
    found = await queries.named(reading, mentions)
    if len(found) < len({each.agent_id or each.team_id for each in mentions}):
        raise Invalid("no-such-mention", "Somebody whom the note names is not there any more. Take the name out.")
    return found


async def _choose(
    database: Database, actor: AgentActor | VisitorActor, conversation_id: UUID, ids: Sequence[UUID]
) -> list[Attachment] | None:
    """The files to send. None when one has been sent already: perhaps by this very message."""
    if len(ids) > MOST_ATTACHMENTS or len(set(ids)) < len(ids):
        raise Invalid("too-many-files", f"A message carries up to {MOST_ATTACHMENTS} files, each of them once.")
    async with database.reading() as reading:
        chosen = await file_queries.chosen(reading, actor, Place(conversation_id=conversation_id), ids)
    if len(chosen) < len(ids):
        raise _files_gone()
    return None if any(each.sent for each in chosen) else [each.attachment for each in chosen]


def accept_text(text: str, max_chars: int, *, may_be_empty: bool = False) -> str:
    """The text as it will be stored. Raises `Invalid` when nothing is left, `TooLarge` beyond `max_chars`."""
    cleaned = clean_text(text)
    if not cleaned and not may_be_empty:
        raise Invalid("empty-text", "There is nothing to send: the text is empty.")
    if len(cleaned) > max_chars:
        raise TooLarge(
            "text-too-long",
            f"The text has {len(cleaned):,} characters; {max_chars:,} are allowed. Shorten it or send it in parts.",
            max_chars=max_chars,
        )
    return cleaned


async def _repeat(
    database: Database, actor: AgentActor | VisitorActor, conversation_id: UUID, draft: Draft, text: str
) -> Entry:
    async with database.reading() as reading:
        entry = await entry_by_client_id(reading, conversation_id, _id_of(actor), draft.client_id)
        if entry is None and await conversation(reading, conversation_id) is None:
            raise no_such_conversation()
    if entry is None and draft.attachments:
        raise Conflict("file-sent-already", "One of these files was sent with another message. Attach it again.")
    return _same(entry, draft, text)


async def _repeat_unseen(reading: Reading, actor: AgentActor, conversation_id: UUID, draft: Draft, text: str) -> Entry:
    """What an agent wrote before the conversation was taken from them is acknowledged; nothing is written."""
    entry = await entry_by_client_id(reading, conversation_id, actor.id, draft.client_id)
    if entry is None:
        raise no_such_conversation()
    return _same(entry, draft, text)


def _same(entry: Entry | None, draft: Draft, text: str) -> Entry:
    if not isinstance(entry, MessageEntry | NoteEntry):
        raise Conflict("client-id-reused", "This client_id was used for something else. Make a new one.")
    if entry.edited_at or entry.deleted_at:
        return entry  # what was sent first is not known any more
    kind: Kind = "message" if isinstance(entry, MessageEntry) else "note"
    carried = [each.id for each in entry.attachments]
    quote = entry.quote_public if entry.author.kind == "visitor" and isinstance(entry, MessageEntry) else entry.quote
    if (entry.text, kind, carried, quote) != (text, draft.kind, list(draft.attachments), draft.quote):
        raise Conflict("client-id-reused", "This client_id was used for another text or other files. Make a new one.")
    return entry


def _values(
    actor: AgentActor | VisitorActor, conversation_id: UUID, draft: Draft, text: str
) -> tuple[UUID, str, UUID, UUID, str, str, str, bool]:
    author = _kind_of(actor), _id_of(actor)
    return conversation_id, *author, draft.client_id, draft.kind, text, preview(text), draft.then_done


def _added(written: Row, actor: AgentActor | VisitorActor, cards: Sequence[Card] = ()) -> EntryAdded:
    row, entry = row_from(written), _entry(written)
    if cards and isinstance(entry, MessageEntry):
        entry = msgspec.structs.replace(entry, cards=list(cards))
    return EntryAdded(
        row=row,
        entry=entry,
        was_status=None if row.last_seq == 1 else written["was_status"],
        was_assignee_id=written["was_assignee_id"],
        author_name=actor.display_name if isinstance(actor, AgentActor) else None,
    )


def _entry(written: Row) -> Entry:
    author = Author(written["author_kind"], written["author_id"])
    seq, episode, at, status = (
        written["seq"],
        written["episode"],
        written["entry_at"],
        written["entry_status"],
    )
    client_id, text = written["client_id"], written["text"]
    carried = carried_from(written["data"])
    if written["kind"] == "note":
        return NoteEntry(
            seq=seq,
            episode=episode,
            author=author,
            at=at,
            status=status,
            client_id=client_id,
            text=text,
            attachments=carried.attachments,
            quote=carried.quote,
            mentions=carried.mentions,
        )
    return MessageEntry(
        seq=seq,
        episode=episode,
        author=author,
        at=at,
        status=status,
        public_seq=written["public_seq"],
        client_id=client_id,
        text=text,
        attachments=carried.attachments,
        quote=carried.quote,
        quote_public=carried.quote_public,
    )


def _json(carried: Carried) -> str:
    return msgspec.json.encode(carried).decode()


def may_not_reply() -> Forbidden:
    """The answer to an agent whose role reads only."""
    return Forbidden("not-permitted", "Your role does not allow answering conversations. Ask an admin for it.")


def _files_gone() -> NotFound:
    return NotFound("no-such-upload", "One of the files is not there (any more), or not whole yet. Attach it again.")


def _kind_of(actor: AgentActor | VisitorActor) -> Literal["agent", "visitor"]:
    return "agent" if isinstance(actor, AgentActor) else "visitor"


def _id_of(actor: AgentActor | VisitorActor) -> UUID:
    return actor.id if isinstance(actor, AgentActor) else actor.contact_id
