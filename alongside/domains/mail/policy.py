"""Who may know and test how mail goes out, and see to whom."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

MANAGE = "mail.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may see the log of mail, test the server and try letters again."""
    return actor.may(MANAGE)
