"""Who may do what with tickets. They tell of conversations: only who sees all of these reads any."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.auth.actor import AgentActor

READ = "tickets.read"
MANAGE = "tickets.manage"


def may_read(actor: AgentActor) -> bool:
    """Whether an agent may read tickets. Only roles that see every conversation have this."""
    return actor.may(READ)


def may_manage(actor: AgentActor) -> bool:
    """Whether an agent may make, change, comment, link and export tickets, and share views of them."""
    return actor.may(MANAGE)


def may_change_view(actor: AgentActor, owner_id: UUID, *, shared: bool) -> bool:
    """Whether an agent may change or delete a saved view: their own, or one that everybody uses."""
    return may_manage(actor) if shared else owner_id == actor.id
