"""A conversation begins; what happens to its customer elsewhere is noted in its log."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.conversations import queries
from alongside.domains.conversations.actions.appending import append, lock, no_such_conversation, write_status
from alongside.domains.conversations.events import RowRefreshed
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Work

# The contact is held, so that neither they nor their conversation is erased between this statement and the next.
BEGIN = """
WITH held AS MATERIALIZED (SELECT id FROM contact WHERE id = $1 FOR KEY SHARE)
INSERT INTO conversation (contact_id, channel_id) SELECT id, $2 FROM held
ON CONFLICT (contact_id, channel_id) DO NOTHING
RETURNING id
"""


async def begin(work: Work, actor: VisitorActor) -> UUID:
    """The visitor's conversation on their channel, begun now unless it exists. Its first entry comes with a message.

    Raises `NotFound` when the visitor was erased meanwhile.
    """
    conversation_id: UUID | None = await work.value(BEGIN, actor.contact_id, actor.channel_id)
    if conversation_id is None:
        found = await queries.conversation_of_visitor(work, actor.contact_id, actor.channel_id)
        if found is None:
            raise no_such_conversation()
        return found
    await work.run(
        "INSERT INTO episode (conversation_id, number, first_seq, opened_at) VALUES ($1, 1, 1, now())",
        conversation_id,
    )
    return conversation_id


class Identified(msgspec.Struct, frozen=True, kw_only=True):
    """Who a visitor turned out to be, and where they go on if that is elsewhere; `settled`: nothing waits here."""

    contact_id: UUID
    name: str | None
    conversation_id: UUID | None = None
    settled: bool = False


async def record_identified(work: Work, conversation_id: UUID, identified: Identified) -> None:
    """Note in the log that the site vouched for the visitor. A log begins with a message."""
    before = await lock(work, conversation_id)
    if before["last_seq"] == 0:
        return
    done = identified.settled and before["status"] != "done"
    if done:
        await write_status(work, before, "done")
    data = {
        "contact_id": identified.contact_id,
        "name": identified.name,
        "conversation_id": identified.conversation_id,
    }
    await append(work, None, before, "identified", status="done" if done else None, data=data)


async def record_mailed(work: Work, conversation_id: UUID, to: str, failed: str | None) -> None:
    """Note in the log that the team's answers went out by mail, or why they could not."""
    before = await lock(work, conversation_id)
    await append(work, None, before, "mailed", data={"to": to, "failed": failed})


async def refresh_rows(work: Work, contact_id: UUID) -> None:
    """The contact looks different: announce their rows anew, and those of whoever is merged with them."""
    for row in await queries.conversations_of(work, contact_id):
        if row.last_seq > 0:
            work.announce(RowRefreshed(row=row))
