"""Who may manage watchdogs: whoever manages rules."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "rules.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may make, change and delete watchdogs."""
    return actor.may(MANAGE)
