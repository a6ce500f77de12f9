"""Everything that is asked of webhooks, of what they are to be told, and of how that went."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from alongside.domains.webhooks.policy import MANAGE
from alongside.domains.webhooks.schemas import Delivery, DeliveryDetails, DeliveryList, DeliveryState, Webhook
from alongside.platform.db import Reading, Row

# More are not counted: that many is a long line either way.
MOST_COUNTED = 10_000

COLUMNS = f"""
w.id, w.name, w.url, w.events, w.active, w.off_reason, w.failing_since, w.created_at,
(SELECT count(*) FROM (
    SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting' LIMIT {MOST_COUNTED}) AS few
) AS waiting
"""

WEBHOOKS = f"SELECT {COLUMNS} FROM webhook w ORDER BY lower(w.name), w.id"

WEBHOOK = f"SELECT {COLUMNS} FROM webhook w WHERE w.id = $1"

COUNT = "SELECT count(*) FROM webhook"

LISTENERS = "SELECT id, events FROM webhook WHERE active"

STANDING = """
SELECT EXISTS (SELECT FROM webhook WHERE active) AS listeners, EXISTS (SELECT FROM webhook_fact) AS facts
"""

# Facts in the order in which they happened to each conversation, with all that receivers may be told of them.
FACTS = """
SELECT f.id AS fact_id, f.webhook_id, f.erased_contact_id, f.conversation_id, f.seq,
       e.kind, e.author_kind, e.author_id, e.text, e.data, e.deleted_at, e.at, e.episode, e.status AS entry_status,
       a.display_name AS author_name, c.contact_id, c.channel_id, c.assignee_id, c.team_id, c.preview,
       coalesce(p.name, p.claims ->> 'name') AS contact_name, p.number AS contact_number, h.name AS channel_name,
       r.erased_at,
       f.change, f.other_id, f.at AS noted_at, q.id AS of_id, q.number AS of_number,
       coalesce(q.name, q.claims ->> 'name') AS of_name, q.email AS of_email, q.phone AS of_phone,
       q.label_ids AS of_label_ids, q.agent_id AS of_agent_id, q.team_id AS of_team_id, l.name AS label_name,
       (SELECT i.value FROM contact m JOIN identity i ON i.contact_id = m.id
        WHERE m.person_id = q.id AND i.kind = 'verified' ORDER BY i.created_at LIMIT 1) AS of_verified_id,
       f.ticket_number, n.kind AS ticket_kind, n.author_id AS ticket_author_id, n.at AS ticket_at,
       o.display_name AS ticket_author_name, t.status AS ticket_status, t.priority AS ticket_priority,
       t.assignee_id AS ticket_assignee_id, t.team_id AS ticket_team_id, t.due_on AS ticket_due_on,
       t.labels AS ticket_labels,
       (SELECT b.status FROM entry b
        WHERE b.conversation_id = f.conversation_id AND b.seq < f.seq AND b.status IS NOT NULL
        ORDER BY b.seq DESC LIMIT 1) AS was_status
FROM (SELECT * FROM webhook_fact ORDER BY id LIMIT $1) f
LEFT JOIN entry e ON e.conversation_id = f.conversation_id AND e.seq = f.seq
LEFT JOIN conversation c ON c.id = f.conversation_id
LEFT JOIN contact p ON p.id = c.contact_id
LEFT JOIN channel h ON h.id = c.channel_id
LEFT JOIN agent a ON a.id = e.author_id AND e.author_kind = 'agent'
LEFT JOIN contact q ON q.id = f.contact_id
LEFT JOIN label l ON l.id = f.other_id AND f.change = 'labelled'
LEFT JOIN ticket t ON t.number = f.ticket_number
LEFT JOIN ticket_entry n ON n.ticket_number = f.ticket_number AND n.seq = f.seq
LEFT JOIN agent o ON o.id = n.author_id
LEFT JOIN erasure r ON r.contact_id = f.erased_contact_id
ORDER BY f.id
"""

# Whoever deletes one of these waits until what is told of it has its row, which goes with it.
HOLD_ENTRIES = """
SELECT FROM entry e JOIN (SELECT conversation_id, seq FROM webhook_fact ORDER BY id LIMIT $1) f
    ON f.conversation_id = e.conversation_id AND f.seq = e.seq
ORDER BY e.conversation_id, e.seq FOR SHARE OF e
"""

DUE = """
SELECT w.id FROM webhook w
WHERE w.active AND EXISTS (
    SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.state = 'waiting' AND d.due_at <= now())
"""

DELIVERY_COLUMNS = """
d.id, d.position, d.event_id, d.type, d.conversation_id, d.state, d.attempts, d.due_at, d.created_at, d.tried_at,
d.status, d.error, d.milliseconds
"""

DELIVERIES = f"""
SELECT {DELIVERY_COLUMNS} FROM webhook_delivery d
WHERE d.webhook_id = $1 AND ($2::text IS NULL OR d.state = $2) AND ($3::bigint IS NULL OR d.position < $3)
ORDER BY d.position DESC LIMIT $4
"""

DELIVERY = f"""
SELECT {DELIVERY_COLUMNS}, d.body, d.answer FROM webhook_delivery d WHERE d.webhook_id = $1 AND d.id = $2
"""

MANAGERS = """
SELECT a.id, a.email, a.locale FROM agent a JOIN role r ON r.id = a.role_id
WHERE a.active AND r.permissions && ARRAY['*', $1] AND ($2::uuid IS NULL OR a.id = $2) ORDER BY a.id
"""

ENTRIES_OF_PERIOD = """
SELECT count(*) FROM (SELECT FROM entry WHERE at >= $1 AND at < $2 LIMIT $3) AS few
"""


class Listener(msgspec.Struct, frozen=True):
    """An active webhook and what it wants to hear."""

    id: UUID
    events: list[str]


class Manager(msgspec.Struct, frozen=True):
    """An agent who may manage webhooks."""

    id: UUID
    email: str
    locale: str


class Standing(msgspec.Struct, frozen=True):
    """Whether anybody listens, and whether something happened that is in nobody's line yet."""

    listeners: bool
    facts: bool


async def managers(reading: Reading) -> list[Manager]:
    """Who may manage webhooks."""
    return [Manager(**dict(row)) for row in await reading.rows(MANAGERS, MANAGE, None)]


async def manager(reading: Reading, agent_id: UUID) -> Manager | None:
    """An agent, if they still may."""
    row = await reading.row(MANAGERS, MANAGE, agent_id)
    return Manager(**dict(row)) if row else None


async def webhooks(reading: Reading) -> list[Webhook]:
    """All webhooks by name."""
    return [Webhook(**dict(row)) for row in await reading.rows(WEBHOOKS)]


async def webhook(reading: Reading, webhook_id: UUID) -> Webhook | None:
    """One webhook."""
    row = await reading.row(WEBHOOK, webhook_id)
    return Webhook(**dict(row)) if row else None


async def count(reading: Reading) -> int:
    """How many webhooks there are."""
    return int(await reading.value(COUNT))


async def listeners(reading: Reading) -> list[Listener]:
    """Who is to be told, and of what."""
    return [Listener(**dict(row)) for row in await reading.rows(LISTENERS)]


async def standing(reading: Reading) -> Standing:
    """Whether there is anything to do at all."""
    row = await reading.row(STANDING)
    assert row is not None
    return Standing(**dict(row))


async def facts(reading: Reading, most: int) -> list[Row]:
    """What happened and is in nobody's line yet, oldest first. Its entries stay as they are until this work ends."""
    await reading.rows(HOLD_ENTRIES, most)
    return await reading.rows(FACTS, most)


async def due(reading: Reading) -> list[UUID]:
    """The webhooks that something is due for."""
    return [row["id"] for row in await reading.rows(DUE)]


async def deliveries(
    reading: Reading, webhook_id: UUID, state: DeliveryState | None, before: int | None, limit: int
) -> DeliveryList:
    """Newest first, those of one state or all."""
    rows = await reading.rows(DELIVERIES, webhook_id, state, before, limit + 1)
    found = [Delivery(**dict(row)) for row in rows[:limit]]
    return DeliveryList(found, found[-1].position if len(rows) > limit else None)


async def delivery(reading: Reading, webhook_id: UUID, delivery_id: UUID) -> DeliveryDetails | None:
    """One delivery with what was sent."""
    row = await reading.row(DELIVERY, webhook_id, delivery_id)
    return DeliveryDetails(**dict(row)) if row else None


async def entries_of_period(reading: Reading, since: datetime, until: datetime, most: int) -> int:
    """How many entries all logs have of a period, counted up to `most`."""
    return int(await reading.value(ENTRIES_OF_PERIOD, since, until, most))
