"""What happens to agents. Agents may see all of it; of presence visitors see only who is available."""

from __future__ import annotations

from uuid import UUID

from alongside.platform.events import Fact


class AgentPresenceChanged(Fact, frozen=True, kw_only=True):
    """An agent came, went, or pressed Go online or offline. Announced once per change over all processes."""

    agent_id: UUID
    online: bool
    logged_in: bool


class SessionRevoked(Fact, frozen=True, kw_only=True):
    """A session no longer holds; its sockets must close."""

    session_id: UUID
    agent_id: UUID


class AgentStandingChanged(Fact, frozen=True, kw_only=True):
    """An agent has another role or other teams: what their sockets may do and hear must be asked anew."""

    agent_id: UUID


class DirectoryChanged(Fact, frozen=True, kw_only=True):
    """Agents, teams or roles changed: read them again."""
