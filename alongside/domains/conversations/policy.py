"""Who may see a conversation and do what with it. What an agent may not see is, to them, not there."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.auth.actor import NOBODY, AgentActor

REPLY = "conversations.reply"
ASSIGN = "conversations.assign"


def holder(assignee_id: UUID | None, team_id: UUID | None) -> UUID:
    """Who has a conversation: the agent, else the team, else nobody. The database's `holder_id` says the same."""
    return assignee_id or team_id or NOBODY


def may_see(actor: AgentActor, assignee_id: UUID | None, team_id: UUID | None) -> bool:
    """Whether an agent may see what these have."""
    return actor.sees(holder(assignee_id, team_id))


def may_reply(actor: AgentActor) -> bool:
    """Whether an agent may write messages and notes and set the status."""
    return actor.may(REPLY)


def may_assign(actor: AgentActor, agent_id: UUID | None) -> bool:
    """Whether an agent may give a conversation to `agent_id`; those who may reply may take one for themselves."""
    return actor.may(ASSIGN) or (agent_id == actor.id and may_reply(actor))
