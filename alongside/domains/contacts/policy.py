"""Who may see and change contacts."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

EDIT = "contacts.edit"


def may_edit(actor: AgentActor) -> bool:
    """Whether an agent may correct a contact's details."""
    return actor.may(EDIT)
