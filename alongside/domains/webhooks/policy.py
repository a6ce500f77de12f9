"""Who may decide where messages of customers are sent to."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "webhooks.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may make, change and delete webhooks, and read what they were sent."""
    return actor.may(MANAGE)
