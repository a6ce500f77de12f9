"""Who may manage system messages: whoever manages the rules that tell them."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "rules.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may make, change and delete system messages."""
    return actor.may(MANAGE)
