"""Who may do what with a conversation. One company: every agent may see every conversation."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.auth.actor import AgentActor

REPLY = "conversations.reply"
ASSIGN = "conversations.assign"


def may_reply(actor: AgentActor) -> bool:
    """Whether an agent may write messages and notes and set the status."""
    return actor.may(REPLY)


def may_assign(actor: AgentActor, agent_id: UUID | None) -> bool:
    """Whether an agent may give a conversation to `agent_id`; those who may reply may take one for themselves."""
    return actor.may(ASSIGN) or (agent_id == actor.id and may_reply(actor))
