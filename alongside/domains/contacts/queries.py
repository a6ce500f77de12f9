"""Everything that is asked of contacts, identities and visits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

import msgspec

from alongside.domains.contacts.schemas import (
    Claims,
    ConsentBrief,
    Contact,
    EpisodeBrief,
    FieldValue,
    MergeBrief,
    NoteBrief,
    Visit,
)
from alongside.domains.fields.schemas import Content, Field
from alongside.platform.auth.actor import NOBODY, AgentActor, VisitorActor
from alongside.platform.db import Database, Reading, Row

# Of many who ask at the same time (`Database.look_up`); with every request comes one.
VISITOR_BY_HASH = """
SELECT g.place, i.id AS identity_id, i.contact_id, i.channel_id,
       (SELECT true FROM identity v
        WHERE v.contact_id = i.contact_id AND v.kind = 'verified' LIMIT 1) IS NOT NULL AS verified
FROM unnest($1::bytea[], $2::uuid[]) WITH ORDINALITY AS g (secret_hash, channel_id, place)
JOIN identity i ON i.secret_hash = g.secret_hash AND i.channel_id = coalesce(g.channel_id, i.channel_id)
JOIN channel h ON h.id = i.channel_id AND h.active
WHERE i.revoked_at IS NULL AND (i.expires_at IS NULL OR i.expires_at > now())
"""

VERIFIED_IDENTITY = """
SELECT contact_id FROM identity WHERE channel_id = $1 AND kind = 'verified' AND value = $2
"""

# All contacts of the person that a contact belongs to: itself, and whoever is merged with it.
FAMILY = "ARRAY(SELECT id FROM contact WHERE person_id = $1)"

CONTACT = """
SELECT c.id, c.number, c.name, c.email, c.phone, c.language, c.label_ids, c.created_at,
       c.agent_id, c.team_id,
       coalesce(c.claims, (SELECT m.claims FROM contact m WHERE m.merged_into = c.id AND m.claims IS NOT NULL
                           ORDER BY m.number DESC LIMIT 1)) AS claims,
       (SELECT i.value FROM contact m JOIN identity i ON i.contact_id = m.id
        WHERE m.person_id = c.id AND i.kind = 'verified' ORDER BY i.created_at LIMIT 1) AS verified_id
FROM contact one JOIN contact c ON c.id = one.person_id WHERE one.id = $1
"""

PERSON = "SELECT person_id FROM contact WHERE id = $1"

PERSON_FOR_UPDATE = """
SELECT id FROM contact WHERE id = (SELECT person_id FROM contact WHERE id = $1) FOR UPDATE
"""

NUMBERS = "SELECT id, number FROM contact WHERE id = ANY($1)"

LABELS_CARRIED = "SELECT cardinality(label_ids) FROM contact WHERE id = $1"

# The values of the person, and what pages claimed of any of its contacts; the newest claim last.
FIELD_VALUES = """
SELECT v.field_id, v.contact_id, v.value, v.claim, v.source, v.set_by, v.set_at
FROM contact_field v WHERE v.contact_id = ANY(ARRAY(SELECT id FROM contact WHERE person_id = $1))
ORDER BY v.set_at
"""

FIELD_VALUE = "SELECT value FROM contact_field WHERE contact_id = $1 AND field_id = $2"

VISITS = f"""
SELECT id, started_at, last_seen_at, online_until > now() AS online, url, title, referrer, browser, os, device,
       language, timezone, screen, country, city
FROM visit WHERE contact_id = ANY({FAMILY}) ORDER BY started_at DESC LIMIT 20
"""

EPISODES = f"""
SELECT e.conversation_id, h.name AS channel_name, e.number, e.opened_at, e.done_at, e.first_seq, e.rating,
       e.rating_comment,
       (SELECT count(*) FROM entry n
        WHERE n.conversation_id = e.conversation_id AND n.episode = e.number AND n.kind = 'message'
          AND n.author_kind <> 'system') AS messages
FROM conversation c JOIN channel h ON h.id = c.channel_id JOIN episode e ON e.conversation_id = c.id
WHERE c.contact_id = ANY({FAMILY}) AND ($2::uuid[] IS NULL OR c.holder_id = ANY($2))
ORDER BY e.opened_at DESC LIMIT 50
"""

NOTES = f"""
SELECT n.conversation_id, n.seq, n.author_id, n.at, n.text
FROM conversation c JOIN entry n ON n.conversation_id = c.id
WHERE c.contact_id = ANY({FAMILY}) AND n.kind = 'note' AND ($2::uuid[] IS NULL OR c.holder_id = ANY($2))
ORDER BY n.at DESC LIMIT 50
"""

# Who read in a language that the wording does not have read the English one.
CONSENTS = f"""
SELECT h.name AS channel_name, c.version, c.language, c.given_at, w.privacy_url,
       coalesce(w.texts ->> c.language, w.texts ->> 'en', '') AS text
FROM consent c JOIN consent_text w USING (channel_id, version) JOIN channel h ON h.id = c.channel_id
WHERE c.contact_id = ANY({FAMILY}) ORDER BY c.given_at DESC, c.version DESC LIMIT $2
"""

# Who has the conversations of the person that a contact belongs to.
HOLDERS_OF = """
SELECT DISTINCT t.holder_id FROM contact one JOIN contact m ON m.person_id = one.person_id
JOIN conversation t ON t.contact_id = m.id WHERE one.id = $1
"""

UNDO_WITHIN = "1 day"

MERGES = f"""
SELECT m.id, m.by_id, m.at, coalesce(m.before -> 'gone' ->> 'name', p.claims ->> 'name') AS name, p.number
FROM contact_merge m JOIN contact p ON p.id = m.gone_id
WHERE m.kept_id = $1 AND m.at > now() - interval '{UNDO_WITHIN}' ORDER BY m.at DESC LIMIT 20
"""

MERGE_FOR_UPDATE = f"""
SELECT kept_id, gone_id, at, before FROM contact_merge
WHERE id = $1 AND at > now() - interval '{UNDO_WITHIN}' FOR UPDATE
"""

STANDING = """
SELECT c.id, c.person_id, c.name, c.email, c.phone, c.label_ids, c.agent_id, c.team_id, ARRAY(
    SELECT DISTINCT i.value FROM contact m JOIN identity i ON i.contact_id = m.id
    WHERE m.person_id = c.person_id AND i.kind = 'verified' ORDER BY i.value) AS verified_ids
FROM contact c WHERE c.id = $1
"""

LIVE_IDENTITIES = """
SELECT id FROM identity
WHERE id = ANY($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())
"""


class Standing(msgspec.Struct, frozen=True):
    """A contact as a merge sees it; `verified_ids` are those of the whole person.

    Merges are kept as JSON for a day: what was added since has a default.
    """

    id: UUID
    person_id: UUID
    name: str | None
    email: str | None
    phone: str | None
    label_ids: list[UUID]
    verified_ids: list[str]
    agent_id: UUID | None = None
    team_id: UUID | None = None


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
    """The contact that stands for the person of a contact."""
    row = await reading.row(CONTACT, contact_id)
    return _contact(row) if row else None


async def holders_of(reading: Reading, contact_id: UUID) -> list[UUID]:
    """Who has a conversation with the person that a contact belongs to; `NOBODY` where there is none.

    Whoever may see what one of these has may know the person.
    """
    return [row["holder_id"] for row in await reading.rows(HOLDERS_OF, contact_id)] or [NOBODY]


async def in_sight(reading: Reading, actor: AgentActor, contact_id: UUID) -> bool:
    """Whether an agent may know this person: they see a conversation with them, or there is none at all."""
    return actor.holders is None or any(map(actor.sees, await holders_of(reading, contact_id)))


async def numbers(reading: Reading, contact_ids: Sequence[UUID]) -> dict[UUID, int]:
    """The numbers of contacts."""
    return {row["id"]: row["number"] for row in await reading.rows(NUMBERS, list(contact_ids))}


async def person(reading: Reading, contact_id: UUID) -> UUID | None:
    """The contact that stands for the person of a contact."""
    found: UUID | None = await reading.value(PERSON, contact_id)
    return found


async def person_for_update(reading: Reading, contact_id: UUID) -> UUID | None:
    """The same, with its row locked; whoever waited for the lock may have waited for a merge."""
    locked: UUID | None = await reading.value(PERSON_FOR_UPDATE, contact_id)
    return locked


async def labels_carried(reading: Reading, person_id: UUID) -> int:
    """How many labels a person carries."""
    carried: int = await reading.value(LABELS_CARRIED, person_id)
    return carried


async def field_values(reading: Reading, person_id: UUID, fields: Sequence[Field]) -> list[FieldValue]:
    """What is known by each of these fields of a person, in their order."""
    rows = await reading.rows(FIELD_VALUES, person_id)
    known = {row["field_id"]: row for row in rows if row["contact_id"] == person_id and row["value"] is not None}
    claims = {row["field_id"]: row["claim"] for row in rows if row["claim"] is not None}
    return [_field_value(field.id, known.get(field.id), claims.get(field.id)) for field in fields]


async def field_value(reading: Reading, person_id: UUID, field_id: UUID) -> Content | None:
    """The value of one field of a person."""
    value: Content | None = await reading.value(FIELD_VALUE, person_id, field_id)
    return value


async def visits(reading: Reading, person_id: UUID) -> list[Visit]:
    """The newest visits."""
    return [Visit(**dict(row)) for row in await reading.rows(VISITS, person_id)]


async def episodes(reading: Reading, person_id: UUID, holders: Collection[UUID] | None) -> list[EpisodeBrief]:
    """The newest episodes over all the person's conversations, or those that `holders` have."""
    return [EpisodeBrief(**dict(row)) for row in await reading.rows(EPISODES, person_id, holders)]


async def notes(reading: Reading, person_id: UUID, holders: Collection[UUID] | None) -> list[NoteBrief]:
    """The newest notes over all the person's conversations, or those that `holders` have."""
    return [NoteBrief(**dict(row)) for row in await reading.rows(NOTES, person_id, holders)]


async def consents(reading: Reading, person_id: UUID, limit: int | None = 50) -> list[ConsentBrief]:
    """To what the person agreed, newest first; with None all of it."""
    return [ConsentBrief(**dict(row)) for row in await reading.rows(CONSENTS, person_id, limit)]


async def merges(reading: Reading, person_id: UUID) -> list[MergeBrief]:
    """Merges into this contact that can still be undone, newest first."""
    return [MergeBrief(**dict(row)) for row in await reading.rows(MERGES, person_id)]


async def merge_for_update(reading: Reading, merge_id: UUID) -> Row | None:
    """A merge that can still be undone, with its row locked."""
    return await reading.row(MERGE_FOR_UPDATE, merge_id)


async def standing(reading: Reading, contact_id: UUID) -> Standing:
    """A contact that exists, as a merge sees it."""
    row = await reading.row(STANDING, contact_id)
    assert row is not None
    return Standing(**dict(row))


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


def _field_value(field_id: UUID, row: Row | None, claim: Content | None) -> FieldValue:
    if row is None:
        return FieldValue(field_id=field_id, claim=claim)
    value, source = row["value"], row["source"]
    return FieldValue(
        field_id=field_id, value=value, claim=claim, source=source, set_by=row["set_by"], set_at=row["set_at"]
    )
