"""Who may know what about routing. What an agent may not see is, to them, not there."""

from __future__ import annotations

from alongside.domains.conversations.policy import may_see
from alongside.domains.routing.schemas import Queue, QueueEntry
from alongside.platform.auth.actor import AgentActor


def seen_by(actor: AgentActor, entries: list[QueueEntry]) -> Queue:
    """The queue as far as an agent may see the conversations in it."""
    seen = [each for each in entries if may_see(actor, each.row.assignee_id, each.row.team_id)]
    return Queue(seen, len(entries) - len(seen))
