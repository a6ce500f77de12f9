"""Presence is a lease, not a flag: a connection that was heard extends it, and nobody is online for ever by a crash.

A lease counts from the moment at which the agent was heard, so it ends that long after they were lost, whatever was
lost: the page, its machine, the network, or our own process (docs/decisions/presence.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from alongside.domains.agents.events import AgentPresenceChanged, WentOffline, WentOnline
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database, Work

# Who was lost is shown to have gone within 10 s; who reloads, or is cut off for 3 s, is not.
LEASE_SECONDS = 8.5
# A lease is not written anew before it has lost this much.
SPARE_SECONDS = 2.0

_LOGGED_IN = "(active AND coalesce(lease_until > now(), false))"
_ONLINE = f"({_LOGGED_IN} AND wants_online)"

# A second process that finds the same change waits for the row, looks again, and finds it already shown.
SHOW = f"""
UPDATE agent SET shown_online = {_ONLINE}, shown_logged_in = {_LOGGED_IN}
WHERE shown_online <> {_ONLINE} OR shown_logged_in <> {_LOGGED_IN}
RETURNING id, shown_online, shown_logged_in
"""

# A lease that ran out unnoticed is not extended: first it is told that the agent was gone.
EXTEND = """
UPDATE agent SET lease_until = greatest(lease_until, now() + make_interval(secs => $2))
WHERE id = $1 AND active AND (lease_until > now() OR NOT shown_logged_in)
RETURNING NOT shown_logged_in OR shown_online <> wants_online
"""
# Whose row somebody else is changing is left out: the next round comes soon.
EXTEND_HEARD = """
WITH held AS MATERIALIZED (
    SELECT a.id, now() + make_interval(secs => heard.seconds) AS until
    FROM unnest($1::uuid[], $2::float8[]) AS heard (id, seconds) JOIN agent a USING (id)
    WHERE a.active AND (a.lease_until > now() OR NOT a.shown_logged_in)
      AND coalesce(a.lease_until < now() + make_interval(secs => heard.seconds - $3), true)
    ORDER BY a.id FOR NO KEY UPDATE OF a SKIP LOCKED
)
UPDATE agent a SET lease_until = held.until FROM held WHERE a.id = held.id
"""

# Both after `SHOW` and under its locks, so that a span begins where its agent is shown to come, once over all
# processes. Who was not seen any more ended with their lease, however much later somebody notices.
END_SPANS = """
UPDATE agent_span s SET ended_at = greatest(s.began_at, least(now(), a.lease_until))
FROM agent a
WHERE a.id = ANY($1) AND s.agent_id = a.id AND s.ended_at IS NULL
  AND NOT CASE s.kind WHEN 'online' THEN a.shown_online ELSE a.shown_logged_in END
"""
BEGIN_SPANS = """
INSERT INTO agent_span (agent_id, kind, began_at)
SELECT a.id, shown.kind, now() FROM agent a
CROSS JOIN LATERAL (VALUES ('logged_in', a.shown_logged_in), ('online', a.shown_online)) AS shown (kind, there)
WHERE a.id = ANY($1) AND shown.there
ON CONFLICT (agent_id, kind) WHERE ended_at IS NULL DO NOTHING
"""
FORGET_SPANS = "DELETE FROM agent_span WHERE ended_at < now() - interval '2 years'"


async def extend_lease(database: Database, agent_id: UUID) -> None:
    """A socket of this agent has just opened."""
    unseen = await _extend(database, agent_id)
    if unseen is None:
        await announce_presence_changes(database)
        unseen = await _extend(database, agent_id)
    if unseen:
        await announce_presence_changes(database)


async def attend(database: Database, silent: Mapping[UUID, float]) -> int:
    """One round: agents were heard so many seconds ago; who came and went is announced. Returns how many did.

    Call it every second, with those whose consoles are open in this process.
    """
    await _extend_heard(database, silent)
    changed = await announce_presence_changes(database)
    if changed:
        # Whose lease ran out unnoticed (the database was away) is told to have gone, and is back at once.
        await _extend_heard(database, silent)
        changed += await announce_presence_changes(database)
    return changed


async def _extend_heard(database: Database, silent: Mapping[UUID, float]) -> None:
    heard = {agent_id: LEASE_SECONDS - seconds for agent_id, seconds in silent.items() if seconds < LEASE_SECONDS}
    if heard:
        async with database.statement() as work:
            await work.run(EXTEND_HEARD, list(heard), list(heard.values()), SPARE_SECONDS)


async def go_online(database: Database, actor: AgentActor, online: bool) -> None:
    """Go online, or offline. It takes effect while the console is open somewhere."""
    async with database.work() as work:
        if await work.run("UPDATE agent SET wants_online = $2 WHERE id = $1 AND wants_online <> $2", actor.id, online):
            work.announce(WentOnline(actor_id=actor.id) if online else WentOffline(actor_id=actor.id))
    await announce_presence_changes(database)


async def announce_presence_changes(database: Database) -> int:
    """Announce who came and went, each change once over all processes. Returns how many."""
    async with database.work() as work:
        rows = await work.rows(SHOW)
        if rows:
            shown = [row["id"] for row in rows]
            await work.run(END_SPANS, shown)
            await work.run(BEGIN_SPANS, shown)
        for row in rows:
            work.announce(
                AgentPresenceChanged(agent_id=row["id"], online=row["shown_online"], logged_in=row["shown_logged_in"])
            )
    return len(rows)


async def forget_spans(work: Work) -> None:
    """Delete the times of agents that ended two years ago."""
    await work.run(FORGET_SPANS)


async def _extend(database: Database, agent_id: UUID) -> bool | None:
    """Whether the agent looks different from now on; None where the lease had run out, or they may not be here."""
    async with database.statement() as work:
        unseen: bool | None = await work.value(EXTEND, agent_id, LEASE_SECONDS)
        return unseen
