"""Who may see and change rules."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "rules.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may see, make, change, try and delete rules."""
    return actor.may(MANAGE)
