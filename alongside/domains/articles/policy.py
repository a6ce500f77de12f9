"""Who may write articles. Every agent may read and send those that are published."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor, SystemActor

MANAGE = "articles.manage"


def may_manage(actor: AgentActor | SystemActor) -> bool:
    """Whether the actor may write, publish and delete articles and their categories."""
    return isinstance(actor, SystemActor) or actor.may(MANAGE)
