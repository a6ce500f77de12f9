"""Who may take a person's data out, and who may erase it: only who sees all of it."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from alongside.platform.auth.actor import AgentActor

EXPORT = "contacts.export"
ERASE = "contacts.erase"


def may_erase(actor: AgentActor) -> bool:
    """Whether the actor may erase a contact."""
    return actor.may(ERASE)


def may_export(actor: AgentActor) -> bool:
    """Whether the actor may take what is known about a contact away."""
    return actor.may(EXPORT)


def sees_any(actor: AgentActor, holders: Collection[UUID]) -> bool:
    """Whether the actor may know a person whose conversations these have."""
    return any(map(actor.sees, holders))


def sees_whole(actor: AgentActor, holders: Collection[UUID]) -> bool:
    """Whether all that these have may be shown to the actor."""
    return all(map(actor.sees, holders))
