"""Who waits for a letter, what it would say, and whom a link leads where."""

from __future__ import annotations

from uuid import UUID

import msgspec

from alongside.domains.answers.logic import MOST_ANSWERS, Answer
from alongside.platform.db import Reading

AT_ONCE = 200

# An address that the site vouched for or an agent wrote comes before one that the page claimed.
ADDRESS = """
coalesce(p.email, (SELECT whole.email FROM contact whole WHERE whole.id = p.person_id), p.claims ->> 'email')
"""

DUE = f"""
SELECT c.id AS conversation_id, c.contact_id, c.last_public_seq AS seq, {ADDRESS} AS address
FROM conversation c JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
LEFT JOIN answer_mail a ON a.conversation_id = c.id
WHERE c.preview_author = 'agent' AND c.last_public_seq > 0 AND c.visitor_seen < c.last_public_seq
  AND c.last_message_at > now() - interval '3 days'
  AND h.active AND (h.settings ->> 'answers_by_mail')::boolean
  AND c.last_message_at < now() - make_interval(mins => coalesce((h.settings ->> 'answer_minutes')::integer, 10))
  AND c.last_public_seq > coalesce(a.queued_seq, 0) AND a.stopped_at IS NULL
  AND {ADDRESS} IS NOT NULL
  AND NOT EXISTS (SELECT FROM visit v WHERE v.contact_id = c.contact_id AND v.online_until > now())
  AND EXISTS (
      SELECT FROM entry e WHERE e.conversation_id = c.id AND e.kind = 'message' AND e.author_kind = 'agent'
      AND e.public_seq > greatest(c.visitor_seen, a.queued_seq) AND e.deleted_at IS NULL)
ORDER BY c.last_message_at LIMIT {AT_ONCE}
"""

LATELY = """
SELECT count(*) FILTER (WHERE conversation_id = $1) AS conversation, count(*) AS address FROM mail
WHERE kind = 'answer' AND created_at > now() - interval '1 day' AND (conversation_id = $1 OR lower(address) = lower($2))
"""

TO_WRITE = """
SELECT c.id, c.contact_id, p.language, h.name AS channel, greatest(c.visitor_seen, a.mailed_seq) AS known,
       a.stopped_at IS NOT NULL AS stopped, h.active AND coalesce((h.settings ->> 'answers_by_mail')::boolean, false)
           AS wanted
FROM conversation c JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
JOIN answer_mail a ON a.conversation_id = c.id
WHERE c.id = $1
"""

ANSWERS = """
SELECT e.public_seq AS seq, g.display_name AS who, e.at, coalesce(e.text, '') AS text
FROM entry e LEFT JOIN agent g ON g.id = e.author_id
WHERE e.conversation_id = $1 AND e.kind = 'message' AND e.author_kind = 'agent' AND e.public_seq > $2
  AND e.deleted_at IS NULL
ORDER BY e.seq LIMIT $3
"""

LINK = """
SELECT c.id AS conversation_id, c.contact_id, c.channel_id, h.key AS channel_key
FROM return_link r JOIN conversation c ON c.id = r.conversation_id JOIN channel h ON h.id = c.channel_id
WHERE r.token_sha256 = $1 AND r.expires_at > now() AND h.active FOR KEY SHARE OF c
"""

STOP = """
SELECT r.conversation_id, h.name AS channel, p.language, a.stopped_at IS NOT NULL AS stopped
FROM return_link r JOIN conversation c ON c.id = r.conversation_id JOIN channel h ON h.id = c.channel_id
JOIN contact p ON p.id = c.contact_id JOIN answer_mail a ON a.conversation_id = c.id
WHERE r.stop_sha256 = $1
"""


class Due(msgspec.Struct, frozen=True):
    """A conversation whose visitor left before reading `seq`."""

    conversation_id: UUID
    contact_id: UUID
    seq: int
    address: str


class ToWrite(msgspec.Struct, frozen=True):
    """What a letter rests on; `known` is how far the visitor has read or was written to."""

    id: UUID
    contact_id: UUID
    language: str | None
    channel: str
    known: int
    stopped: bool
    wanted: bool


class Link(msgspec.Struct, frozen=True):
    """Where a return link leads."""

    conversation_id: UUID
    contact_id: UUID
    channel_id: UUID
    channel_key: str


class Stop(msgspec.Struct, frozen=True):
    """What a reader is about to stop."""

    conversation_id: UUID
    channel: str
    language: str | None
    stopped: bool


async def due(reading: Reading) -> list[Due]:
    """Conversations that have answers to be mailed."""
    return [Due(**dict(row)) for row in await reading.rows(DUE)]


async def lately(reading: Reading, conversation_id: UUID, address: str) -> tuple[int, int]:
    """Letters of a day: about this conversation, and to this address."""
    row = await reading.row(LATELY, conversation_id, address)
    return (row["conversation"], row["address"]) if row else (0, 0)


async def to_write(reading: Reading, conversation_id: UUID | None) -> ToWrite | None:
    """What a letter rests on."""
    row = await reading.row(TO_WRITE, conversation_id)
    return ToWrite(**dict(row)) if row else None


async def answers(reading: Reading, conversation_id: UUID, after: int) -> list[Answer]:
    """The team's messages after a number of the visitor's log: one more than fits into a letter."""
    return [Answer(**dict(row)) for row in await reading.rows(ANSWERS, conversation_id, after, MOST_ANSWERS + 1)]


async def link(reading: Reading, token_sha256: bytes) -> Link | None:
    """Where a link leads, if it still does. The conversation stays while this work lasts."""
    row = await reading.row(LINK, token_sha256)
    return Link(**dict(row)) if row else None


async def stop(reading: Reading, stop_sha256: bytes) -> Stop | None:
    """What a stop link is about. It outlives the other one, while we remember the letter."""
    row = await reading.row(STOP, stop_sha256)
    return Stop(**dict(row)) if row else None
