"""What an agent's socket can listen to."""

from __future__ import annotations

from uuid import UUID

INBOX = "inbox"


def conversation(conversation_id: UUID) -> str:
    """A conversation that is open in front of somebody."""
    return f"conversation:{conversation_id}"


def contact(contact_id: UUID) -> str:
    """The person behind it."""
    return f"contact:{contact_id}"


def agent(agent_id: UUID) -> str:
    """All sockets of an agent."""
    return f"agent:{agent_id}"


def team(team_id: UUID) -> str:
    """The sockets of a team's members."""
    return f"team:{team_id}"


def session(session_id: UUID) -> str:
    """The sockets of one signed-in browser."""
    return f"session:{session_id}"
