"""Who may read the audit log, and decide how long it is kept."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

READ = "audit.read"
MANAGE = "audit.manage"


def may_read(actor: AgentActor) -> bool:
    """Whether an agent may read and export the log."""
    return actor.may(READ)


def may_manage(actor: AgentActor) -> bool:
    """Whether an agent may change how long the log is kept."""
    return actor.may(MANAGE)
