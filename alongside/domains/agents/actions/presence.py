"""Presence is a lease, not a flag: a live connection extends it, and nobody is online for ever by a crash."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.agents.events import AgentPresenceChanged, WentOffline, WentOnline
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database

LEASE_SECONDS = 60

_LOGGED_IN = "(active AND coalesce(lease_until > now(), false))"
_ONLINE = f"({_LOGGED_IN} AND wants_online)"

# A second process that finds the same change waits for the row, looks again, and finds it already shown.
SHOW = f"""
UPDATE agent SET shown_online = {_ONLINE}, shown_logged_in = {_LOGGED_IN}
WHERE shown_online <> {_ONLINE} OR shown_logged_in <> {_LOGGED_IN}
RETURNING id, shown_online, shown_logged_in
"""


async def extend_lease(database: Database, agent_id: UUID) -> None:
    """A socket of this agent is open: call it at once, then at least every 30 seconds while it is."""
    async with database.statement() as work:
        unseen = await work.value(
            """
            UPDATE agent SET lease_until = now() + make_interval(secs => $2) WHERE id = $1 AND active
            RETURNING NOT shown_logged_in OR shown_online <> wants_online
            """,
            agent_id,
            LEASE_SECONDS,
        )
    if unseen:
        await announce_presence_changes(database)


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
        for row in rows:
            work.announce(
                AgentPresenceChanged(agent_id=row["id"], online=row["shown_online"], logged_in=row["shown_logged_in"])
            )
    return len(rows)
