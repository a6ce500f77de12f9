"""What an agent's socket can listen to.

Who sees all conversations listens to `ALL_ROWS`; who sees those of some holders (agents, teams, nobody) listens to
`held` of each. A row is published once, for both: that costs the same however many agents there are.
"""

from __future__ import annotations

from uuid import UUID

from alongside.platform.realtime.hub import AND

EVERYBODY = "everybody"
"""All consoles: for what every agent may know. Nothing about a conversation or a contact belongs here."""

ALL_ROWS = "rows"
"""The consoles of agents who see every conversation."""

TICKETS = "tickets"
"""The consoles of agents who may read tickets."""

CHAT_LINKS = "chat-links"
"""The consoles of agents who may make chat links."""

MOVED = "moved"
"""Told to the processes, not to sockets: a conversation has another holder."""


def held(holder_id: UUID) -> str:
    """The consoles of agents who see what this agent, this team or nobody has, and not everything."""
    return f"held:{holder_id}"


def row(holder_id: UUID) -> str:
    """Everybody who sees what `holder_id` has."""
    return f"{ALL_ROWS}{AND}{held(holder_id)}"


def conversation(conversation_id: UUID) -> str:
    """A conversation that is open in front of somebody."""
    return f"conversation:{conversation_id}"


def narrow(conversation_id: UUID) -> str:
    """Those of them who do not see all conversations."""
    return f"narrow:{conversation_id}"


def signals(conversation_id: UUID) -> str:
    """Who is shown typing and looking: all who see everything, in their lists; others where they have it open."""
    return f"{ALL_ROWS}{AND}{narrow(conversation_id)}"


def contact(contact_id: UUID) -> str:
    """The person behind it."""
    return f"contact:{contact_id}"


def agent(agent_id: UUID) -> str:
    """All sockets of an agent."""
    return f"agent:{agent_id}"


def standing(agent_id: UUID) -> str:
    """The same, from before it is asked what the agent may do: they are closed when that changes."""
    return f"standing:{agent_id}"


def team(team_id: UUID) -> str:
    """The sockets of a team's members."""
    return f"team:{team_id}"


def session(session_id: UUID) -> str:
    """The sockets of one signed-in browser."""
    return f"session:{session_id}"
