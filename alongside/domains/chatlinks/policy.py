"""Who may make chat links, and as whom."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.auth.actor import AgentActor

MANAGE = "chat_links.manage"


def may_manage(actor: AgentActor) -> bool:
    """Whether the actor may make, see and revoke chat links."""
    return actor.may(MANAGE)


def speaks_as(actor: AgentActor, agent_id: UUID | None) -> UUID | None:
    """As whom a link answers, by default; None where a program has to say so."""
    return agent_id or actor.only_of or (actor.id if actor.is_person else None)


def may_speak_as(actor: AgentActor, agent_id: UUID) -> bool:
    """People make links for themselves alone, personal keys for their agent; other programs for everybody."""
    if actor.is_person:
        return agent_id == actor.id
    return actor.only_of in (None, agent_id)
