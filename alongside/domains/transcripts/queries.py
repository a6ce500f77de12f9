"""What a transcript is made of, read from the domains below."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

from alongside.domains.agents import queries as agents
from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.schemas import ConversationRow, Entry
from alongside.domains.transcripts.logic import Head, Names, Wish
from alongside.domains.transcripts.words import WORDS
from alongside.platform.db import Database, Reading

ENTRIES_AT_ONCE = 500


async def head(reading: Reading, row: ConversationRow, wish: Wish) -> Head:
    """What stands above."""
    people = await agents.agents(reading)
    teams = await agents.teams(reading)
    words = WORDS[wish.locale]
    contact = (row.contact.name or "").strip() or words["visitor"].format(number=row.contact.number)
    return Head(
        number=row.contact.number,
        title=words["title"].format(name=contact),
        channel=row.channel.name,
        last_seq=row.last_seq,
        names=Names(contact, {one.id: one.display_name for one in people}, {one.id: one.name for one in teams}),
    )


async def entries(database: Database, conversation_id: UUID, last_seq: int) -> AsyncIterator[list[Entry]]:
    """The log up to `last_seq`, in pieces.

    Each piece is read with a connection of its own: a reader who downloads slowly holds none meanwhile.
    """
    after = 0
    while after < last_seq:
        async with database.reading() as reading:
            page = await conversations.entries_after(reading, conversation_id, after, ENTRIES_AT_ONCE)
        found = [entry for entry in page.entries if entry.seq <= last_seq]
        if not found:
            return
        yield found
        after = found[-1].seq
