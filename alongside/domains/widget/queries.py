"""What a visitor's own log holds. Every statement is bound to what has a number there: notes cannot come along."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.agents.queries import PICTURE_URL
from alongside.domains.conversations.rows import ENTRY_COLUMNS, entry_from
from alongside.domains.conversations.schemas import EntryPage
from alongside.domains.widget.around_schemas import Over
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.db import Reading

END = 2**62

STANDING = """
SELECT w.epoch, c.id AS conversation_id, coalesce(c.last_public_seq, 0) AS head, coalesce(c.team_seen, 0) AS team_seen,
       coalesce(c.visitor_seen, 0) AS seen
FROM workspace w LEFT JOIN conversation c ON c.contact_id = $1 AND c.channel_id = $2
"""

# Messages, and what became of them; of notes neither has a public number.
SHOWN = "('message', 'edited', 'deleted')"

# A message's public number is never above its number in the team's log, which the primary key finds.
AFTER = f"""
SELECT {ENTRY_COLUMNS} FROM entry
WHERE conversation_id = $1 AND seq > $2 AND public_seq > $2 AND kind IN {SHOWN} ORDER BY seq LIMIT $3
"""
BEFORE = f"""
SELECT {ENTRY_COLUMNS} FROM entry
WHERE conversation_id = $1 AND public_seq < $2 AND kind IN {SHOWN} ORDER BY seq DESC LIMIT $3
"""

OVER = """
SELECT e.number AS episode, e.rating AS stars, e.rating_comment AS comment, e.rating_declined AS declined
FROM conversation c JOIN episode e ON e.conversation_id = c.id AND e.number = c.episode
WHERE c.contact_id = $1 AND c.channel_id = $2 AND c.status = 'done'
"""

VISITOR = """
SELECT coalesce(c.name, c.claims ->> 'name') AS name FROM contact c WHERE c.id = $1
"""


# Deactivated agents too: their messages stay, under their name.
PEOPLE = f"""
SELECT a.id, a.display_name, {PICTURE_URL} AS picture_url, a.shown_online AS online
FROM agent a ORDER BY a.display_name, a.id
"""


class Colleague(msgspec.Struct, frozen=True):
    """An agent as far as visitors may know them."""

    id: UUID
    display_name: str
    picture_url: str | None
    online: bool


class Standing(msgspec.Struct, frozen=True):
    """Where the visitor's log stands; `conversation_id` None before the first message."""

    epoch: str
    conversation_id: UUID | None
    head: int
    team_seen: int
    seen: int


async def people(reading: Reading) -> list[Colleague]:
    """All agents."""
    return [Colleague(**dict(row)) for row in await reading.rows(PEOPLE)]


async def standing(reading: Reading, actor: VisitorActor) -> Standing:
    """Where the visitor's log stands."""
    row = await reading.row(STANDING, actor.contact_id, actor.channel_id)
    assert row is not None
    return Standing(str(row["epoch"]), row["conversation_id"], row["head"], row["team_seen"], row["seen"])


async def messages_after(reading: Reading, conversation_id: UUID, seq: int, limit: int) -> EntryPage:
    """Messages after a number of the visitor's log."""
    rows = await reading.rows(AFTER, conversation_id, seq, limit + 1)
    return EntryPage([entry_from(row) for row in rows[:limit]], len(rows) > limit)


async def messages_before(reading: Reading, conversation_id: UUID, seq: int, limit: int) -> EntryPage:
    """The last messages before a number of the visitor's log, in order."""
    rows = await reading.rows(BEFORE, conversation_id, seq, limit + 1)
    return EntryPage([entry_from(row) for row in reversed(rows[:limit])], len(rows) > limit)


async def over(reading: Reading, actor: VisitorActor) -> Over | None:
    """The visitor's latest episode, if it is over."""
    row = await reading.row(OVER, actor.contact_id, actor.channel_id)
    return Over(**dict(row)) if row else None


async def visitor_name(reading: Reading, contact_id: UUID) -> str | None:
    """What the visitor is called, by proof or by claim."""
    name: str | None = await reading.value(VISITOR, contact_id)
    return name
