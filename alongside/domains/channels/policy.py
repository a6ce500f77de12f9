"""Who may manage channels. Every agent may know them: the inbox filters by them."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor, SystemActor

MANAGE = "channels.manage"


def may_manage(actor: AgentActor | SystemActor) -> bool:
    """Whether the actor may create and change channels and their identity keys."""
    return isinstance(actor, SystemActor) or actor.may(MANAGE)
