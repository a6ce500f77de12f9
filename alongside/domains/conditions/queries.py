"""What is known of conversations, for conditions to be judged by."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from alongside.domains.agents.queries.people import LIVE
from alongside.domains.conditions.schemas import AgentsNow, Facts, FieldFact
from alongside.domains.conversations.rows import OPEN_HELD
from alongside.domains.workspace import queries as workspace
from alongside.domains.workspace.logic.hours import Calendar
from alongside.platform.db import Reading, Row

# Of whoever answers chats: who is online, and has fewer open conversations than their limit.
AGENTS_NOW = f"""
SELECT count(*) AS online, count(*) FILTER (WHERE {OPEN_HELD} < a.chat_limit) AS available
FROM agent a WHERE {LIVE} AND a.wants_online AND a.area IN ('chat', 'both')
"""

# What belongs to the person, whichever of their contacts it came by; the visit is the contact's own last one.
FACTS = """
SELECT c.id, c.channel_id, c.waiting_since,
    c.label_ids || ARRAY(SELECT unnest(m.label_ids) FROM contact m WHERE m.id = p.person_id) AS label_ids,
    ARRAY(SELECT DISTINCT i.value FROM contact m JOIN identity i ON i.contact_id = m.id
          WHERE m.person_id = p.person_id AND i.kind = 'verified') AS external_ids,
    (SELECT count(*) FROM entry e WHERE e.conversation_id = c.id AND e.episode = c.episode
        AND e.kind = 'message' AND e.author_kind = 'visitor') AS messages,
    (SELECT e.text FROM entry e WHERE e.conversation_id = c.id AND e.kind = 'message' AND e.author_kind = 'visitor'
     ORDER BY e.seq DESC LIMIT 1) AS message,
    (SELECT jsonb_object_agg(v.field_id, coalesce(v.value, v.claim)) FROM contact m
     JOIN contact_field v ON v.contact_id = m.id WHERE m.person_id = p.person_id) AS fields,
    (SELECT count(*) FROM visit t WHERE t.contact_id = p.id) AS site_visits,
    v.url, v.referrer, v.country, v.city, v.language, v.device,
    (SELECT w.url FROM page_view w WHERE w.visit_id = v.id ORDER BY w.id LIMIT 1) AS start_url
FROM conversation c JOIN contact p ON p.id = c.contact_id
LEFT JOIN LATERAL (SELECT * FROM visit t WHERE t.contact_id = p.id ORDER BY t.started_at DESC LIMIT 1) v ON true
WHERE c.id = ANY($1)
"""

# The same of a visitor of a channel ($2), who may not have written yet.
FACTS_OF_VISITOR = (
    FACTS.replace("SELECT c.id, c.channel_id,", "SELECT p.id, $2::uuid AS channel_id,")
    .replace(
        """FROM conversation c JOIN contact p ON p.id = c.contact_id
LEFT""",
        """FROM contact p LEFT JOIN conversation c ON c.contact_id = p.id AND c.channel_id = $2
LEFT""",
    )
    .replace("WHERE c.id = ANY($1)", "WHERE p.id = ANY($1)")
)


async def agents_now(reading: Reading) -> AgentsNow:
    """Who is there to chat at this moment."""
    row = await reading.row(AGENTS_NOW)
    return AgentsNow(**dict(row)) if row else AgentsNow(0, 0)


async def hours_at(reading: Reading, at: datetime) -> dict[str, bool]:
    """Whether it is open, by every opening hours' id; "" is the company's."""
    found = {}
    for each in await workspace.opening_hours(reading):
        found[str(each.id)] = Calendar(each.hours).is_open(at)
        if each.is_default:
            found[""] = found[str(each.id)]
    return found


async def facts_of(reading: Reading, conversation_ids: Sequence[UUID], at: datetime) -> dict[UUID, Facts]:
    """What is known of conversations, by id. What only a browser knows is not known here.

    A field's value comes before what a page claimed of it; who must not be fooled asks for `identified` as well.
    """
    agents, hours = await agents_now(reading), await hours_at(reading, at)
    zone = (await workspace.workspace(reading)).time_zone
    rows = await reading.rows(FACTS, list(conversation_ids))
    return {row["id"]: _facts(row, at=at, zone=zone, agents=agents, hours=hours) for row in rows}


async def facts_of_visitor(reading: Reading, contact_id: UUID, channel_id: UUID, at: datetime) -> Facts | None:
    """The same of a visitor of a channel, whether they have written or not; None where there is no such contact."""
    row = await reading.row(FACTS_OF_VISITOR, [contact_id], channel_id)
    if row is None:
        return None
    agents, hours = await agents_now(reading), await hours_at(reading, at)
    zone = (await workspace.workspace(reading)).time_zone
    return _facts(row, at=at, zone=zone, agents=agents, hours=hours)


def _facts(row: Row, *, at: datetime, **shared: Any) -> Facts:
    since = row["waiting_since"]
    return Facts(
        at=at,
        **shared,
        start_url=row["start_url"] or row["url"],
        page_url=row["url"],
        referrer=row["referrer"],
        site_visits=row["site_visits"],
        message=row["message"] or "",
        messages=row["messages"],
        waiting_seconds=max(0.0, (at - since).total_seconds()) if since else 0.0,
        label_ids=list(dict.fromkeys(row["label_ids"])),
        external_ids=row["external_ids"],
        identified=bool(row["external_ids"]),
        country=row["country"] or None,
        city=row["city"] or None,
        language=row["language"] or None,
        device=row["device"] or None,
        fields=_fields(row["fields"] or {}),
        channel_id=row["channel_id"],
    )


def _fields(values: dict[str, Any]) -> dict[str, FieldFact]:
    return {name: float(value) if type(value) is int else value for name, value in values.items() if value is not None}
