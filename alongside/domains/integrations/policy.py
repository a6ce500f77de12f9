"""Who may make keys for other programs. A program may not."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "integrations.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may make, see and revoke API keys."""
    return actor.is_person and actor.may(MANAGE)
