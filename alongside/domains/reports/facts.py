"""What the log says of an episode, in SQL: how it is read, and how it is kept so that it need not be read again.

A log only grows. What was once read of it up to a number stays true of it up to that number; so a kept row (`upto_seq`)
counts where it knows its episode to the end, and whatever is behind or missing is read from the log at that moment.
Keeping costs the writers of messages nothing, and nothing that is kept can be wrong.
"""

from __future__ import annotations

# The last entry of episode `e`: the end of the log, or before the first of the next episode, where there is one.
END = """CASE WHEN e.number = c.episode THEN c.last_seq ELSE (
    SELECT n.first_seq - 1 FROM episode n WHERE n.conversation_id = e.conversation_id AND n.number = e.number + 1
) END"""

# An episode `e` in its place: conversation `c`.
IN_PLACE = "episode e JOIN conversation c ON c.id = e.conversation_id AND c.last_seq > 0"

# A visitor's message asks; an agent's answers. Waiting begins with a question and ends with the next answer, or when a
# person sets the status to something else than Unread. `next_at` is the next moment that counts for it; questions
# behind the last end are still waiting and not summed.
_LOG = f"""
SELECT min(at) FILTER (WHERE answers) AS first_response_at,
       coalesce(array_agg(DISTINCT author_id) FILTER (WHERE answers), '{{}}') AS agent_ids,
       count(*) FILTER (WHERE asks) AS visitor_messages,
       count(*) FILTER (WHERE answers) AS agent_messages,
       count(*) FILTER (WHERE kind = 'note') AS notes,
       sum(next_at - at) FILTER (WHERE asks AND seq < last_end) AS waited
FROM (
    SELECT *, lead(at) OVER (PARTITION BY asks OR ends ORDER BY seq) AS next_at,
           max(seq) FILTER (WHERE ends) OVER () AS last_end
    FROM (
        SELECT t.seq, t.at, t.kind, t.author_id, t.kind = 'message' AND t.author_kind = 'visitor' AS asks,
               t.kind = 'message' AND t.author_kind = 'agent' AS answers,
               (t.kind = 'message' AND t.author_kind = 'agent') OR coalesce(t.status <> 'unread', false) AS ends
        FROM entry t
        WHERE t.conversation_id = e.conversation_id AND t.seq BETWEEN e.first_seq AND {END}
    ) AS marked
) AS ordered
"""

# Who held it while it ran: whoever had it when it began, and everybody to whom it was given.
_HELD = f"""
SELECT coalesce(array_agg(DISTINCT (t.data ->> 'agent_id')::uuid) FILTER (WHERE t.data ->> 'agent_id' IS NOT NULL),
                '{{}}') AS assigned_ids,
       coalesce(array_agg(DISTINCT (t.data ->> 'team_id')::uuid) FILTER (WHERE t.data ->> 'team_id' IS NOT NULL),
                '{{}}') AS team_ids
FROM entry t
WHERE t.conversation_id = e.conversation_id AND t.kind = 'assignment'
  AND t.seq >= coalesce((SELECT max(b.seq) FROM entry b WHERE b.conversation_id = e.conversation_id
                         AND b.kind = 'assignment' AND b.seq < e.first_seq), e.first_seq)
  AND t.seq <= {END}
"""

NAMES = "first_response_at, agent_ids, visitor_messages, agent_messages, notes, waited, assigned_ids, team_ids"
READ = f"SELECT {NAMES} FROM ({_LOG}) AS told CROSS JOIN ({_HELD}) AS held"
KEPT = f"""
LEFT JOIN episode_fact kept ON kept.conversation_id = e.conversation_id AND kept.number = e.number
                           AND kept.upto_seq = {END}
"""

# Behind `IN_PLACE`: what the log says, each by its name from `LOG`. OFFSET keeps the condition inside, where it spares
# PostgreSQL the reading; as a condition of the join it would be asked afterwards.
FACTS = f"""{KEPT}
LEFT JOIN LATERAL (SELECT {NAMES} FROM ({READ}) AS told WHERE kept.number IS NULL OFFSET 0) AS fresh ON true"""
LOG = {name: f"coalesce(kept.{name}, fresh.{name})" for name in NAMES.split(", ")}
