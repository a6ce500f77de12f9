"""Who may see and change contacts."""

from __future__ import annotations

from alongside.platform.auth.actor import AgentActor

EDIT = "contacts.edit"
MERGE = "contacts.merge"
IMPORT = "contacts.import"
EXPORT = "contacts.export"


def may_edit(actor: AgentActor) -> bool:
    """Whether an agent may correct a contact's details, fields and labels."""
    return actor.may(EDIT)


def may_merge(actor: AgentActor) -> bool:
    """Whether an agent may say that two contacts are one person, and take it back."""
    return actor.may(MERGE)


def may_import(actor: AgentActor) -> bool:
    """Whether an agent may make and change many contacts at once from a file."""
    return actor.may(IMPORT)


def may_export(actor: AgentActor) -> bool:
    """Whether an agent may take all contacts home in a file."""
    return actor.may(EXPORT)
