"""Who may make and change labels. Every agent may know them: the inbox shows them."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "labels.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may make, change and delete labels."""
    return actor.may(MANAGE)
