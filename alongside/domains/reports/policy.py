"""Who may see reports. They tell of all conversations: whoever they may be read by sees figures about every one."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.auth.actor import AgentActor

VIEW = "reports.view"
MANAGE = "reports.manage"


def may_view(actor: AgentActor) -> bool:
    """Whether an agent may see figures and take reports away as files."""
    return actor.may(VIEW)


def may_manage(actor: AgentActor) -> bool:
    """Whether an agent may decide in which time zone days are counted."""
    return actor.may(MANAGE)


def may_change(actor: AgentActor, made_by: UUID) -> bool:
    """Whether an agent may change, pause and delete a report that is sent again and again."""
    return may_view(actor) and (actor.id == made_by or may_manage(actor))


def may_take(actor: AgentActor, made_by: UUID) -> bool:
    """Whether an agent may have a file: the one who asked for it, since it holds what their role may know."""
    return may_view(actor) and actor.id == made_by
