"""The one statement that writes messages and notes to the logs of conversations, at most one to each; edits, deletions.

Numbers, status, episode, counters and the entry change together in a single round trip, which commits by itself. The
row lock (`held`) puts writers in line, always in the order of ids; whoever repeats a client id writes nothing (`held`
leaves it out, and behind it stands the unique index for the case that two repeats race).

Rules of the status: a visitor's message makes it Unread, and on a Done conversation begins a new episode; an agent's
answer moves Unread to Unresolved, or to Done when asked; a note changes nothing.

Rule of the visitor's marks: their own message moves a mark that stood at the end of the log. One that stood before it
stays: a message that was written offline says nothing of what the team wrote meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from alongside.domains.agents.queries import HOLDERS
from alongside.domains.conversations.rows import ENTRY_COLUMNS, ROW_COLUMNS
from alongside.domains.conversations.schemas import Mention
from alongside.domains.messages.schemas import Mentionable, Named, SeenBy, SeenMessage, SeenWhen
from alongside.platform.db import Reading

POST = f"""
WITH given AS MATERIALIZED (
    SELECT *, NULL::jsonb AS data
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::bool[])
        WITH ORDINALITY AS g (conversation_id, author_kind, author_id, client_id, kind, text, preview, then_done, place)
), held AS MATERIALIZED (
    SELECT g.*, c.status, c.assignee_id, g.kind = 'message' AS is_message, g.author_kind = 'visitor' AS from_visitor,
           CASE WHEN g.kind = 'note' THEN c.status
                WHEN g.author_kind = 'visitor' THEN 'unread'
                WHEN g.then_done THEN 'done'
                WHEN c.status = 'unread' THEN 'unresolved'
                ELSE c.status END AS next_status,
           clock_timestamp() AS at
    FROM given g JOIN conversation c ON c.id = g.conversation_id
    WHERE NOT EXISTS (
        SELECT FROM entry e
        WHERE e.conversation_id = g.conversation_id AND e.author_id = g.author_id AND e.client_id = g.client_id)
    ORDER BY c.id FOR UPDATE OF c
), bumped AS (
    UPDATE conversation c SET
        last_seq = c.last_seq + 1,
        last_public_seq = c.last_public_seq + is_message::int,
        status = next_status,
        episode = c.episode + (held.status = 'done' AND next_status = 'unread')::int,
        preview = CASE WHEN is_message THEN held.preview ELSE c.preview END,
        preview_author = CASE WHEN is_message THEN author_kind ELSE c.preview_author END,
        preview_attachment = CASE WHEN is_message THEN data -> 'attachments' -> 0 ->> 'kind'
                                  ELSE c.preview_attachment END,
        last_message_at = CASE WHEN is_message THEN greatest(held.at, c.last_message_at) ELSE c.last_message_at END,
        unread_count = CASE WHEN NOT is_message THEN c.unread_count
                            WHEN from_visitor THEN c.unread_count + 1 ELSE 0 END,
        waiting_since = CASE WHEN NOT is_message THEN c.waiting_since
                             WHEN from_visitor THEN coalesce(c.waiting_since, held.at) END,
        visitor_seen = c.visitor_seen + (from_visitor AND c.visitor_seen = c.last_public_seq)::int,
        visitor_delivered = c.visitor_delivered + (from_visitor AND c.visitor_delivered = c.last_public_seq)::int
    FROM held WHERE c.id = held.conversation_id
    RETURNING c.*, held.status AS was_status, held.assignee_id AS was_assignee_id, held.at AS entry_at, held.place,
              held.kind AS entry_kind, held.author_kind, held.author_id, held.client_id, held.text AS entry_text,
              held.data
), reopened AS (
    INSERT INTO episode (conversation_id, number, first_seq, opened_at)
    SELECT id, episode, last_seq, entry_at FROM bumped WHERE was_status = 'done' AND status = 'unread'
), closed AS (
    -- The episode always exists, but it may have begun after this statement's snapshot, while it waited for the row:
    -- an UPDATE would not see it then, a conflict does.
    INSERT INTO episode (conversation_id, number, first_seq, opened_at, done_at)
    SELECT id, episode, last_seq, entry_at, entry_at FROM bumped WHERE status = 'done' AND was_status <> 'done'
    ON CONFLICT (conversation_id, number) DO UPDATE SET done_at = excluded.done_at
), added AS (
    INSERT INTO entry
        (conversation_id, seq, public_seq, episode, kind, author_kind, author_id, client_id, status, text, data, at)
    SELECT id, last_seq, CASE WHEN entry_kind = 'message' THEN last_public_seq END, episode, entry_kind, author_kind,
           author_id, client_id, CASE WHEN status <> was_status OR last_seq = 1 THEN status END, entry_text,
           data, entry_at
    FROM bumped
)
SELECT {ROW_COLUMNS}, c.was_status, c.was_assignee_id, c.entry_at, c.place, c.last_seq AS seq,
       CASE WHEN c.entry_kind = 'message' THEN c.last_public_seq END AS public_seq, c.entry_kind AS kind,
       c.author_kind, c.author_id, c.client_id, c.entry_text AS text, c.data,
       CASE WHEN c.status <> c.was_status OR c.last_seq = 1 THEN c.status END AS entry_status
FROM bumped c JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
"""

# In the transaction that wrote the entry.
SHOW_CARDS = "UPDATE entry SET cards = $3 WHERE conversation_id = $1 AND seq = $2"
# What carries more than a text takes it along as one more value (JSON, `Carried`), and claims each file: the primary
# key lets a file be claimed once, the foreign key only while it is there, and the whole statement fails with them.
POST_CARRYING = (
    POST.replace("NULL::jsonb AS data", "carried::jsonb AS data")
    .replace("$8::bool[])", "$8::bool[], $9::text[])")
    .replace("then_done, place)", "then_done, carried, place)")
    .replace(
        ", added AS (",
        """, claimed AS (
    INSERT INTO entry_attachment (attachment_id, conversation_id, seq)
    SELECT (file ->> 'id')::uuid, b.id, b.last_seq FROM bumped b, jsonb_array_elements(b.data -> 'attachments') AS file
), added AS (""",
    )
)

# Conversations that somebody else is changing just now are left out: their writers wait alone, not with everybody.
POST_EAGERLY = POST.replace("FOR UPDATE OF c", "FOR UPDATE OF c SKIP LOCKED")

# What waits for an answer in a conversation: the texts of its running episode, if all of them are the visitor's.
UNANSWERED = """
SELECT e.client_id, e.text, e.data FROM conversation c
JOIN entry e ON e.conversation_id = c.id AND e.episode = c.episode AND e.kind = 'message'
    AND e.author_kind = 'visitor' AND e.deleted_at IS NULL
WHERE c.id = $1 AND c.status = 'unread' AND NOT EXISTS (
    SELECT FROM entry a
    WHERE a.conversation_id = c.id AND a.episode = c.episode AND a.kind = 'message' AND a.author_kind = 'agent')
ORDER BY e.seq LIMIT 100
"""
POST_CARRYING_EAGERLY = POST_CARRYING.replace("FOR UPDATE OF c", "FOR UPDATE OF c SKIP LOCKED")

# Without hindering who only refers to the conversation: who writes deliveries may hold the entry meanwhile.
HOLD = "SELECT id, assignee_id, team_id FROM conversation WHERE id = $1 FOR NO KEY UPDATE"

TO_CHANGE = f"""
SELECT {ENTRY_COLUMNS},
       at > clock_timestamp() - make_interval(mins => (SELECT edit_minutes FROM workspace)) AS in_time
FROM entry WHERE conversation_id = $1 AND seq = $2 AND kind IN ('message', 'note')
"""
# A message's public number is never above its number in the team's log.
TO_CHANGE_BY_VISITOR = TO_CHANGE.replace(
    "seq = $2 AND kind IN ('message', 'note')", "seq >= $2 AND public_seq = $2 AND kind = 'message'"
)

CHANGE_BY_CLIENT_ID = """
SELECT coalesce((data ->> 'of')::bigint, -1) FROM entry WHERE conversation_id = $1 AND author_id = $2 AND client_id = $3
"""

# Of several edits the last alone holds a text, and whom it names.
FORGET_EDITS = """
UPDATE entry SET text = NULL, data = data - 'mentions'
WHERE conversation_id = $1 AND kind = 'edited' AND (data ->> 'of')::bigint = $2
"""
REPLACE = f"""
WITH earlier AS ({FORGET_EDITS})
UPDATE entry SET text = $3, data = $4, edited_at = clock_timestamp() WHERE conversation_id = $1 AND seq = $2
"""
EMPTY = f"""
WITH earlier AS ({FORGET_EDITS})
UPDATE entry SET text = '', cards = NULL, data = NULL, deleted_at = clock_timestamp()
WHERE conversation_id = $1 AND seq = $2
"""
DELETE_FILES = """
DELETE FROM attachment WHERE id IN (
    SELECT attachment_id FROM entry_attachment WHERE conversation_id = $1 AND seq = $2)
"""

# The next number, in the visitor's log too where the message stands there; the list shows the change of a last message.
# $9 says whom a note names now, and whom it named before.
RECORD = f"""
WITH target AS MATERIALIZED (
    SELECT e.seq, e.public_seq, e.public_seq IS NOT NULL AS shown, coalesce(e.deleted_at, e.edited_at) AS at,
           e.public_seq IS NOT NULL AND NOT EXISTS (
               SELECT FROM entry later WHERE later.conversation_id = $1 AND later.seq > $2 AND later.kind = 'message'
                   AND later.author_kind <> 'system') AS newest
    FROM entry e WHERE e.conversation_id = $1 AND e.seq = $2
), bumped AS (
    UPDATE conversation c SET
        last_seq = c.last_seq + 1,
        last_public_seq = c.last_public_seq + shown::int,
        preview = CASE WHEN newest THEN $8 ELSE c.preview END,
        preview_attachment = CASE WHEN newest AND $3 = 'deleted' THEN NULL ELSE c.preview_attachment END,
        visitor_seen = c.visitor_seen + ($4 = 'visitor' AND c.visitor_seen = c.last_public_seq)::int,
        visitor_delivered = c.visitor_delivered + ($4 = 'visitor' AND c.visitor_delivered = c.last_public_seq)::int
    FROM target WHERE c.id = $1
    RETURNING c.id, c.last_seq, c.episode, CASE WHEN shown THEN c.last_public_seq END AS last_public_seq,
              target.seq AS of_seq, target.public_seq AS of_public, target.at
)
INSERT INTO entry (conversation_id, seq, public_seq, episode, kind, author_kind, author_id, client_id, text, data, at)
SELECT id, last_seq, last_public_seq, episode, $3, $4, $5, $6, $7,
       jsonb_build_object('of', of_seq, 'of_public', of_public) || $9, at
FROM bumped
RETURNING {ENTRY_COLUMNS}
"""

# For a system message: its author has no id, so what was told by a client id is looked for under the row's lock.
HOLD_TO_TELL = "SELECT last_seq FROM conversation WHERE id = $1 FOR NO KEY UPDATE"
TOLD = f"""
SELECT {ENTRY_COLUMNS} FROM entry
WHERE conversation_id = $1 AND author_id IS NULL AND client_id = $2 AND kind = 'message' AND author_kind = 'system'
"""
TELL = f"""
WITH bumped AS (
    UPDATE conversation SET last_seq = last_seq + 1, last_public_seq = last_public_seq + 1 WHERE id = $1
    RETURNING id, last_seq, last_public_seq, episode
)
INSERT INTO entry (conversation_id, seq, public_seq, episode, kind, author_kind, client_id, text, data)
SELECT id, last_seq, last_public_seq, episode, 'message', 'system', $3, $2, $4 FROM bumped
RETURNING {ENTRY_COLUMNS}
"""

# Programs and who has left cannot be named; their names in notes of earlier times stay.
NAMED = """
SELECT a.id AS agent_id, NULL AS team_id, a.display_name AS name FROM agent a
WHERE a.active AND a.kind = 'person' AND a.id = ANY($1)
UNION ALL SELECT NULL, t.id, t.name FROM team t WHERE t.id = ANY($2)
"""

MENTIONABLE = f"""
WITH person AS (
    SELECT a.id, a.display_name AS name, {HOLDERS} FROM agent a JOIN role r ON r.id = a.role_id
    WHERE a.active AND a.kind = 'person'
), sight AS (
    SELECT p.id, p.name, p.holders IS NULL OR c.holder_id = ANY(p.holders) AS sees
    FROM person p CROSS JOIN conversation c WHERE c.id = $1
)
SELECT id AS agent_id, NULL::uuid AS team_id, name, sees, 0 AS place FROM sight
UNION ALL SELECT NULL, t.id, t.name, EXISTS (
    SELECT FROM team_member m JOIN sight s ON s.id = m.agent_id AND s.sees WHERE m.team_id = t.id), 1
FROM team t
ORDER BY place, name
"""

# What can be answered to, in both numberings. What was deleted can be as well: it may go at any moment.
QUOTABLE = """
SELECT seq, public_seq FROM entry WHERE conversation_id = $1 AND seq = $2 AND kind IN ('message', 'note')
"""
QUOTABLE_BY_VISITOR = """
SELECT seq, public_seq FROM entry WHERE conversation_id = $1 AND seq >= $2 AND public_seq = $2 AND kind = 'message'
"""

# Whoever wrote it is not among those who read it. The visitor's steps are in their own numbering.
SEEN_BY = """
WITH said AS (
    SELECT conversation_id, seq, public_seq, author_kind, author_id FROM entry
    WHERE conversation_id = $1 AND seq = $2 AND kind IN ('message', 'note')
), first AS (
    SELECT DISTINCT ON (r.agent_id) r.agent_id, r.at, true AS seen FROM said s JOIN read_mark r USING (conversation_id)
    WHERE CASE WHEN r.agent_id IS NULL THEN s.author_kind <> 'visitor' AND r.seq >= s.public_seq
               ELSE r.seq >= s.seq AND r.agent_id IS DISTINCT FROM s.author_id END
    ORDER BY r.agent_id, r.seq
)
SELECT f.agent_id, f.at, f.seen FROM said LEFT JOIN first f ON true ORDER BY f.at NULLS FIRST, f.agent_id
"""


async def named(reading: Reading, wanted: Sequence[Named]) -> list[Mention]:
    """Those of the agents and teams that there are, each once, in the order asked for."""
    agents, teams = [each.agent_id for each in wanted], [each.team_id for each in wanted]
    rows = await reading.rows(NAMED, [each for each in agents if each], [each for each in teams if each])
    found = {row["agent_id"] or row["team_id"]: Mention(**dict(row)) for row in rows}
    ids = dict.fromkeys(each.agent_id or each.team_id for each in wanted)
    return [found[each] for each in ids if each in found]


async def mentionable(reading: Reading, conversation_id: UUID) -> list[Mentionable]:
    """Agents and teams, and whether they may see a conversation."""
    return [
        Mentionable(agent_id=row["agent_id"], team_id=row["team_id"], name=row["name"], sees=row["sees"])
        for row in await reading.rows(MENTIONABLE, conversation_id)
    ]


async def seen_by(reading: Reading, conversation_id: UUID, seq: int) -> SeenMessage | None:
    """Who has read a message or note, first readers first; None where there is none of that number."""
    rows = await reading.rows(SEEN_BY, conversation_id, seq)
    if not rows:
        return None
    readers = [row for row in rows if row["seen"]]
    visitor = next((SeenWhen(row["at"]) for row in readers if row["agent_id"] is None), None)
    return SeenMessage(
        agents=[SeenBy(row["agent_id"], row["at"]) for row in readers if row["agent_id"]], visitor=visitor
    )
