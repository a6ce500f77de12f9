"""Who may define fields, and who may know their values."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.fields.schemas import Field
from alongside.platform.auth.actor import EVERYTHING, AgentActor

MANAGE = "fields.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may define, change, order, archive and delete fields."""
    return actor.may(MANAGE)


def may_see(actor: AgentActor, role_id: UUID | None, field: Field) -> bool:
    """Whether an agent of the role may know a field's values. To define a field is not to know them."""
    return not field.role_ids or EVERYTHING in actor.permissions or role_id in field.role_ids
