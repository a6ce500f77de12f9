"""Who may manage text blocks. Every agent may use those of everybody and of their own teams."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor, SystemActor

MANAGE = "textblocks.manage"


def may_manage(actor: AgentActor | SystemActor) -> bool:
    """Whether the actor may create, change, delete, import and export text blocks, and see those of all teams."""
    return isinstance(actor, SystemActor) or actor.may(MANAGE)
