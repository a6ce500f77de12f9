"""Who may say when the company is open. Every agent may know it."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "hours.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may make, change and delete opening hours."""
    return actor.may(MANAGE)
