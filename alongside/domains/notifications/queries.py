"""Whom an event concerns, what is due, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.agents.queries import HOLDERS
from alongside.domains.agents.queries.people import LIVE
from alongside.domains.notifications.schemas import (
    Choices,
    NotificationItem,
    NotificationLog,
    NotificationSettings,
    PushDevice,
)
from alongside.domains.sla.queries import IS_OVER
from alongside.platform.db import Reading, Row

LOG_LINES = 100

# Of `wish w` (an agent who is to be told) and a conversation `c`: theirs, their team's, or nobody's.
CONCERNS = """
(c.assignee_id = w.agent_id OR (c.assignee_id IS NULL AND (c.team_id IS NULL OR EXISTS (
    SELECT FROM team_member m WHERE m.team_id = c.team_id AND m.agent_id = w.agent_id))))
"""

# The same pair: whether the agent may see the conversation.
SEES = f"""
EXISTS (SELECT FROM (SELECT {HOLDERS} FROM agent a JOIN role r ON r.id = a.role_id WHERE a.id = w.agent_id) s
        WHERE s.holders IS NULL OR c.holder_id = ANY(s.holders))
"""

# Of an entry's mentions, and an agent `w`: they are named, or a team of theirs.
NAMED = """
EXISTS (SELECT FROM jsonb_array_elements({}) AS named
        WHERE (named ->> 'agent_id')::uuid = w.agent_id OR EXISTS (
            SELECT FROM team_member m WHERE m.team_id = (named ->> 'team_id')::uuid AND m.agent_id = w.agent_id))
"""

# The number of what an entry `e` says or, where it is an edit, of what it is about.
SAID = "coalesce((e.data ->> 'of')::bigint, e.seq)"

# $1 are the choices of who made none, and of what there was not yet when they chose. Who went offline is left in peace
# (`reached` by page alone, where they have the console open), unless they chose otherwise.
WISHES = f"""
SELECT a.id AS agent_id, $1::jsonb || coalesce(s.choices, '{{}}') AS choices, reached,
       coalesce(s.digest_minutes, 15) AS digest_minutes, coalesce(s.waiting_minutes, 5) AS waiting_minutes
FROM agent a LEFT JOIN notification_settings s ON s.agent_id = a.id
CROSS JOIN LATERAL (SELECT CASE WHEN a.wants_online OR s.when_offline THEN ARRAY['page', 'push', 'mail']
                                WHEN {LIVE} THEN ARRAY['page'] END AS reached) way
WHERE a.active AND reached IS NOT NULL
"""

ANYBODY = """
SELECT EXISTS (SELECT FROM push_device)
    OR EXISTS (SELECT FROM notification_settings WHERE choices @? '$.*.mail ? (@ == true)')
"""

# Conversations with something new: where a process died before it told anybody, another finds them here.
RECENT = "SELECT id FROM conversation WHERE last_seq > 0 AND last_message_at > now() - interval '5 minutes' LIMIT 1000"
MENTIONING = """
SELECT DISTINCT conversation_id AS id FROM entry
WHERE greatest(at, edited_at) > now() - interval '5 minutes' AND kind = 'note' AND data ? 'mentions' LIMIT 1000
"""

SETTINGS = """
SELECT choices, repeat_sound, when_offline, waiting_minutes, digest_minutes
FROM notification_settings WHERE agent_id = $1
"""

# A device belongs to a signed-in browser, and takes pushes no longer than that.
LIVE_DEVICE = """
push_device d JOIN session s ON s.id = d.session_id AND s.revoked_at IS NULL AND s.expires_at > now()
"""

DEVICES = f"""
SELECT d.id, d.user_agent, d.created_at, d.last_push_at, d.session_id = $2 AS current
FROM {LIVE_DEVICE} WHERE d.agent_id = $1 ORDER BY d.session_id = $2 DESC, d.created_at DESC
"""

TARGETS = (
    f"SELECT d.id, d.endpoint, d.p256dh, d.auth FROM {LIVE_DEVICE} WHERE d.agent_id = $1 AND d.agent_id = s.agent_id"
)

KEY = "SELECT private_pem FROM push_key"

LOG = f"""
SELECT id, event, way, state, reason, conversation_id, created_at, done_at FROM notification
WHERE agent_id = $1 ORDER BY created_at DESC LIMIT {LOG_LINES}
"""

AGENT = "SELECT email, locale FROM agent WHERE id = $1 AND active"

PUSH_TEXT = "SELECT push_text FROM workspace"

# Of `notification n` and its conversation `c`: why nobody needs to be told any more; null while they do.
SETTLED = f"""
CASE WHEN NOT w.active THEN 'deactivated'
     WHEN n.event = 'waiting' AND c.waiting_since IS NULL THEN 'answered'
     WHEN n.event IN ('sla_warning', 'sla_breach') AND {IS_OVER} THEN 'answered'
     WHEN n.event IN ('new_conversation', 'new_message') AND c.status <> 'unread' THEN 'answered'
     WHEN n.event NOT IN ('waiting', 'sla_warning', 'sla_breach') AND EXISTS (
         SELECT FROM conversation_seen v
         WHERE v.conversation_id = c.id AND v.agent_id = n.agent_id AND v.seq >= n.seq)
         THEN 'seen'
     WHEN n.event = 'mention' AND NOT EXISTS (
         SELECT FROM entry e JOIN entry s ON s.conversation_id = e.conversation_id AND s.seq >= {SAID}
         WHERE e.conversation_id = c.id AND e.seq = n.seq AND s.kind = 'note' AND s.data ? 'mentions'
           AND {NAMED.format("s.data -> 'mentions'")})
         THEN 'unnamed'
     WHEN NOT CASE WHEN n.event IN ('mention', 'sla_breach') THEN {SEES} ELSE {CONCERNS} END THEN 'taken'
END
"""

ABOUT = f"""
SELECT n.id, n.agent_id, n.conversation_id, n.event, w.locale, h.name AS channel, c.preview,
       coalesce(p.name, p.claims ->> 'name', '#' || p.number) AS name, {SETTLED} AS settled,
       n.created_at < now() - interval '10 minutes' AS stale
FROM notification n
JOIN (SELECT id AS agent_id, active, locale FROM agent) w ON w.agent_id = n.agent_id
JOIN conversation c ON c.id = n.conversation_id JOIN contact p ON p.id = c.contact_id
JOIN channel h ON h.id = c.channel_id
"""

DIGEST = f"{ABOUT} WHERE n.agent_id = $1 AND n.way = 'mail' AND n.state = 'waiting' ORDER BY n.created_at, n.id"

DIGESTS_DUE = """
SELECT n.agent_id, a.email FROM notification n JOIN agent a ON a.id = n.agent_id
WHERE n.way = 'mail' AND n.state = 'waiting' AND n.due_at <= now()
  AND NOT EXISTS (SELECT FROM mail m WHERE m.agent_id = n.agent_id AND m.kind = 'digest' AND m.state = 'waiting')
GROUP BY n.agent_id, a.email
"""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A browser to push to."""

    id: UUID
    endpoint: str
    p256dh: str
    auth: str


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a notification speaks of; `settled` says why nobody needs to hear it any more."""

    id: UUID
    agent_id: UUID
    conversation_id: UUID
    event: str
    locale: str
    channel: str
    preview: str
    name: str
    settled: str | None
    stale: bool


async def anybody(reading: Reading) -> bool:
    """Whether any agent is told anything outside of the console."""
    return bool(await reading.value(ANYBODY))


async def recent(reading: Reading) -> list[UUID]:
    """Conversations in which something was written lately."""
    return [row["id"] for row in await reading.rows(RECENT)]


async def mentioning(reading: Reading) -> list[UUID]:
    """Conversations in which a note named somebody lately."""
    return [row["id"] for row in await reading.rows(MENTIONING)]


async def settings(reading: Reading, agent_id: UUID) -> NotificationSettings:
    """What an agent chose; what they did not has its default."""
    row = await reading.row(SETTINGS, agent_id)
    if row is None:
        return NotificationSettings()
    fields: dict[str, Any] = {**dict(row), "choices": msgspec.convert(row["choices"], Choices)}
    return NotificationSettings(**fields)


async def devices(reading: Reading, agent_id: UUID, session_id: UUID) -> list[PushDevice]:
    """The agent's browsers that take pushes, the asking one first."""
    return [PushDevice(**dict(row)) for row in await reading.rows(DEVICES, agent_id, session_id)]


async def targets(reading: Reading, agent_id: UUID) -> list[Target]:
    """Where to push for an agent."""
    return [Target(**dict(row)) for row in await reading.rows(TARGETS, agent_id)]


async def key(reading: Reading) -> str | None:
    """Our signing key, once there is one."""
    found: str | None = await reading.value(KEY)
    return found


async def log(reading: Reading, agent_id: UUID) -> NotificationLog:
    """What the agent was told lately."""
    return NotificationLog([NotificationItem(**dict(row)) for row in await reading.rows(LOG, agent_id)])


async def agent(reading: Reading, agent_id: UUID) -> tuple[str, str] | None:
    """Where an active agent reads mail, and in which language."""
    row = await reading.row(AGENT, agent_id)
    return (row["email"], row["locale"]) if row else None


async def push_text(reading: Reading) -> bool:
    """Whether the company lets pushes and digests say who wrote and what."""
    return bool(await reading.value(PUSH_TEXT))


async def about(reading: Reading, ids: Sequence[UUID]) -> list[About]:
    """What these notifications speak of."""
    return [_about(row) for row in await reading.rows(f"{ABOUT} WHERE n.id = ANY($1)", list(ids))]


async def digest(reading: Reading, agent_id: UUID | None) -> list[About]:
    """What waits to be mailed to an agent, oldest first."""
    return [_about(row) for row in await reading.rows(DIGEST, agent_id)]


async def digests_due(reading: Reading) -> list[tuple[UUID, str]]:
    """Agents for whom enough time has gathered."""
    return [(row["agent_id"], row["email"]) for row in await reading.rows(DIGESTS_DUE)]


def _about(row: Row) -> About:
    return About(**dict(row))
