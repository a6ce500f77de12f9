"""Who may take a person's data out, and who may erase it."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

EXPORT = "contacts.export"
ERASE = "contacts.erase"


def may_erase(actor: AgentActor) -> bool:
    """Whether the actor may erase a contact."""
    return actor.may(ERASE)
