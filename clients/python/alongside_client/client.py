"""The client: the generated calls, and what programs do most."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from typing import Any, TypeVar
from uuid import UUID

from alongside_client import shapes
from alongside_client.calls import Calls

Self = TypeVar("Self", bound="Alongside")


class Alongside(Calls):
    """An Alongside server, used by an API key.

    with Alongside("https://chat.example.com", "alsk_…") as chat:
        for row in chat.conversations(folder="unread"):
            chat.send(row.id, "We are looking into it.")
    """

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def conversations(self, **question: Any) -> Iterator[shapes.ConversationRow]:
        """All conversations of `list_conversations`, page by page."""
        cursor: str | None = None
        while True:
            page = self.list_conversations(**question, cursor=cursor)
            yield from page.rows
            cursor = page.next_cursor
            if cursor is None:
                return

    def send(self, conversation_id: UUID, text: str, *, client_id: UUID | None = None) -> shapes.Posted:
        """Answer a visitor. Keep `client_id` to send the same message again after `NoAnswer`: it is written once."""
        return self.post_message(conversation_id, shapes.PostMessage(client_id=client_id or new_client_id(), text=text))

    def changed_conversations(self, since: str | None = None) -> tuple[list[shapes.ConversationRow], str]:
        """Conversations that changed since a cursor, or all of them; and the cursor to ask with the next time.

        One may come twice, none is left out. Keep the cursor once you have dealt with the rows.
        """
        found: list[shapes.ConversationRow] = []
        while True:
            page = self.list_changed_conversations(since=since, limit=200)
            found += page.rows
            since = page.cursor
            if not page.has_more:
                return found, since

    def entries(self, conversation_id: UUID, after: int = 0) -> Iterator[shapes.Entry]:
        """What a conversation's log holds after a number, in order. Ask again with the last number to poll."""
        while True:
            page = self.read_entries(conversation_id, after=after, limit=200)
            yield from page.entries
            if not page.has_more or not page.entries:
                return
            after = page.entries[-1].seq


def new_client_id() -> UUID:
    """A UUIDv7: made once for each message."""
    value = (time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    return UUID(int=value & ~(0x3 << 62) | 0x2 << 62)
