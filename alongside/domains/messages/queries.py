"""The one statement that writes a text to a conversation's log.

Numbers, status, episode, counters and the entry change together in a single round trip, which commits by itself. The
row lock (`held`) puts writers in line; whoever repeats a client id writes nothing (`prior`, and behind it the unique
index for the case that two repeats race).

Rules of the status: a visitor's message makes it Unread, and on a Done conversation begins a new episode; an agent's
answer moves Unread to Unresolved, or to Done when asked; a note changes nothing.
"""

from __future__ import annotations

from alongside.domains.conversations.rows import ROW_COLUMNS

POST = f"""
WITH prior AS MATERIALIZED (
    SELECT FROM entry WHERE conversation_id = $1 AND author_id = $3 AND client_id = $4
), held AS MATERIALIZED (
    SELECT id, status, assignee_id,
           CASE WHEN $5 = 'note' THEN status
                WHEN $2 = 'visitor' THEN 'unread'
                WHEN $8 THEN 'done'
                WHEN status = 'unread' THEN 'unresolved'
                ELSE status END AS next_status,
           clock_timestamp() AS at
    FROM conversation WHERE id = $1 AND NOT EXISTS (SELECT FROM prior) FOR UPDATE
), bumped AS (
    UPDATE conversation c SET
        last_seq = c.last_seq + 1,
        last_public_seq = c.last_public_seq + ($5 = 'message')::int,
        status = held.next_status,
        episode = c.episode + (held.status = 'done' AND held.next_status = 'unread')::int,
        preview = CASE WHEN $5 = 'message' THEN $7 ELSE c.preview END,
        preview_author = CASE WHEN $5 = 'message' THEN $2 ELSE c.preview_author END,
        last_message_at = CASE WHEN $5 = 'message' THEN greatest(held.at, c.last_message_at) ELSE c.last_message_at END,
        unread_count = CASE WHEN $5 = 'note' THEN c.unread_count WHEN $2 = 'visitor' THEN c.unread_count + 1 ELSE 0 END,
        waiting_since = CASE WHEN $5 = 'note' THEN c.waiting_since
                             WHEN $2 = 'visitor' THEN coalesce(c.waiting_since, held.at) END,
        visitor_seen = CASE WHEN $2 = 'visitor' THEN c.last_public_seq + 1 ELSE c.visitor_seen END,
        visitor_delivered = CASE WHEN $2 = 'visitor' THEN c.last_public_seq + 1 ELSE c.visitor_delivered END
    FROM held WHERE c.id = held.id
    RETURNING c.*, held.status AS was_status, held.assignee_id AS was_assignee_id, held.at AS entry_at
), reopened AS (
    INSERT INTO episode (conversation_id, number, first_seq, opened_at)
    SELECT id, episode, last_seq, entry_at FROM bumped WHERE was_status = 'done' AND status = 'unread'
), closed AS (
    UPDATE episode e SET done_at = b.entry_at FROM bumped b
    WHERE e.conversation_id = b.id AND e.number = b.episode AND b.status = 'done' AND b.was_status <> 'done'
), added AS (
    INSERT INTO entry (conversation_id, seq, public_seq, episode, kind, author_kind, author_id, client_id, status,
                       text, at)
    SELECT id, last_seq, CASE WHEN $5 = 'message' THEN last_public_seq END, episode, $5, $2, $3, $4,
           CASE WHEN status <> was_status OR last_seq = 1 THEN status END, $6, entry_at
    FROM bumped
    RETURNING seq, public_seq, kind, author_kind, author_id, client_id, status AS entry_status, text
)
SELECT {ROW_COLUMNS}, c.was_status, c.was_assignee_id, c.entry_at,
       a.seq, a.public_seq, a.kind, a.author_kind, a.author_id, a.client_id, a.entry_status, a.text
FROM bumped c JOIN added a ON true JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
"""
