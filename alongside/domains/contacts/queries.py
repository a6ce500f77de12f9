"""Everything that is asked of contacts, identities and visits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from alongside.domains.contacts.schemas import Claims, Contact, EpisodeBrief, NoteBrief, Visit
from alongside.platform.auth.actor import AgentActor, VisitorActor
from alongside.platform.db import Database, Reading, Row

# Of many who ask at the same time (`Database.look_up`); with every request comes one.
VISITOR_BY_HASH = """
SELECT g.place, i.id AS identity_id, i.contact_id, i.channel_id,
       (SELECT true FROM identity v
        WHERE v.contact_id = i.contact_id AND v.kind = 'verified' LIMIT 1) IS NOT NULL AS verified
FROM unnest($1::bytea[], $2::uuid[]) WITH ORDINALITY AS g (secret_hash, channel_id, place)
JOIN identity i ON i.secret_hash = g.secret_hash AND i.channel_id = coalesce(g.channel_id, i.channel_id)
JOIN channel h ON h.id = i.channel_id AND h.active
WHERE i.revoked_at IS NULL
"""

VERIFIED_IDENTITY = """
SELECT contact_id FROM identity WHERE channel_id = $1 AND kind = 'verified' AND value = $2
"""

CONTACT = """
SELECT c.id, c.number, c.name, c.email, c.phone, c.language, c.claims, c.created_at,
       (SELECT value FROM identity WHERE contact_id = c.id AND kind = 'verified'
        ORDER BY created_at LIMIT 1) AS verified_id
FROM contact c WHERE c.id = $1
"""

VISITS = """
SELECT id, started_at, last_seen_at, online_until > now() AS online, url, title, referrer, browser, os, device,
       language, timezone, screen
FROM visit WHERE contact_id = $1 ORDER BY started_at DESC LIMIT 20
"""

EPISODES = """
SELECT e.conversation_id, h.name AS channel_name, e.number, e.opened_at, e.done_at, e.first_seq,
       (SELECT count(*) FROM entry n
        WHERE n.conversation_id = e.conversation_id AND n.episode = e.number AND n.kind = 'message') AS messages
FROM conversation c JOIN channel h ON h.id = c.channel_id JOIN episode e ON e.conversation_id = c.id
WHERE c.contact_id = $1 AND ($2::uuid[] IS NULL OR c.holder_id = ANY($2)) ORDER BY e.opened_at DESC LIMIT 50
"""

NOTES = """
SELECT n.conversation_id, n.seq, n.author_id, n.at, n.text
FROM conversation c JOIN entry n ON n.conversation_id = c.id
WHERE c.contact_id = $1 AND n.kind = 'note' AND ($2::uuid[] IS NULL OR c.holder_id = ANY($2))
ORDER BY n.at DESC LIMIT 50
"""

IN_SIGHT = """
SELECT NOT EXISTS (SELECT FROM conversation WHERE contact_id = $1)
    OR EXISTS (SELECT FROM conversation WHERE contact_id = $1 AND holder_id = ANY($2))
"""

LIVE_IDENTITIES = "SELECT id FROM identity WHERE id = ANY($1) AND revoked_at IS NULL"


async def visitor_by_secret(
    reading: Reading, secret_hash: bytes, channel_id: UUID | None = None
) -> VisitorActor | None:
    """Whose token this is, if it still holds (on this channel)."""
    row = await reading.row(VISITOR_BY_HASH, [secret_hash], [channel_id])
    return _visitor(row) if row else None


async def visitor_of_request(database: Database, secret_hash: bytes) -> VisitorActor | None:
    """Whose token this is, if it still holds. Requests of one moment share the question."""
    row = await database.look_up(VISITOR_BY_HASH, secret_hash, None)
    return _visitor(row) if row else None


async def verified_contact(reading: Reading, channel_id: UUID, value: str) -> UUID | None:
    """The contact whom a site knows by this id."""
    contact_id: UUID | None = await reading.value(VERIFIED_IDENTITY, channel_id, value)
    return contact_id


async def contact(reading: Reading, contact_id: UUID) -> Contact | None:
    """One contact."""
    row = await reading.row(CONTACT, contact_id)
    return _contact(row) if row else None


async def in_sight(reading: Reading, actor: AgentActor, contact_id: UUID) -> bool:
    """Whether an agent may know this contact: they see a conversation with them, or there is none at all."""
    return actor.holders is None or bool(await reading.value(IN_SIGHT, contact_id, actor.holders))


async def visits(reading: Reading, contact_id: UUID) -> list[Visit]:
    """The newest visits."""
    return [Visit(**dict(row)) for row in await reading.rows(VISITS, contact_id)]


async def episodes(reading: Reading, contact_id: UUID, holders: Collection[UUID] | None) -> list[EpisodeBrief]:
    """The newest episodes over all the contact's conversations, or those that `holders` have."""
    return [EpisodeBrief(**dict(row)) for row in await reading.rows(EPISODES, contact_id, holders)]


async def notes(reading: Reading, contact_id: UUID, holders: Collection[UUID] | None) -> list[NoteBrief]:
    """The newest notes over all the contact's conversations, or those that `holders` have."""
    return [NoteBrief(**dict(row)) for row in await reading.rows(NOTES, contact_id, holders)]


async def live_identities(reading: Reading, identity_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the given identities whose tokens still hold."""
    return {row["id"] for row in await reading.rows(LIVE_IDENTITIES, list(identity_ids))}


def _visitor(row: Row) -> VisitorActor:
    return VisitorActor(row["contact_id"], row["channel_id"], row["identity_id"], row["verified"])


def _contact(row: Row) -> Contact:
    fields = dict(row)
    claims = fields.pop("claims")
    return Contact(
        **fields,
        verified=row["verified_id"] is not None,
        claims=msgspec.convert(claims, Claims) if claims else None,
    )
