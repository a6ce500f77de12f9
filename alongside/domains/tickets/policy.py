"""Who may do what with tickets. Every agent may see all of them, as they may see all conversations."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.auth.actor import AgentActor

MANAGE = "tickets.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether an agent may make, change, comment, link and export tickets, and share views of them."""
    return actor.may(MANAGE)


def may_change_view(actor: AgentActor, owner_id: UUID, *, shared: bool) -> bool:
    """Whether an agent may change or delete a saved view: their own, or one that everybody uses."""
    return may_manage(actor) if shared else owner_id == actor.id
