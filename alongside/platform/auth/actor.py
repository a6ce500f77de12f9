"""Who acts. Every verb takes an actor; there is no global current user."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

EVERYTHING = "*"

NOBODY = UUID(int=0)
"""Who holds what nobody has."""

READ = "read"
"""The scope by which a program reads what every agent may read."""


class AgentActor(msgspec.Struct, frozen=True):
    """A signed-in agent. `permissions` are those of their role; `*` grants all.

    `holders`: whose conversations the agent may see, as ids of agents, of teams, and `NOBODY`; None means everybody's.
    Without `is_person` it is a program: `permissions` are the scopes of its API key, and `session_id` is the key's;
    `only_of` is the agent whose customers a personal key is held to.
    """

    id: UUID
    session_id: UUID
    display_name: str
    permissions: frozenset[str]
    holders: frozenset[UUID] | None = None
    is_person: bool = True
    only_of: UUID | None = None

    def may(self, permission: str) -> bool:
        """Whether the agent's role grants `permission`."""
        return EVERYTHING in self.permissions or permission in self.permissions

    def sees(self, holder_id: UUID) -> bool:
        """Whether the agent may see what this agent, this team or `NOBODY` holds."""
        return self.holders is None or holder_id in self.holders


class VisitorActor(msgspec.Struct, frozen=True):
    """The holder of a visitor's token: one contact on one channel."""

    contact_id: UUID
    channel_id: UUID
    identity_id: UUID
    verified: bool


class LinkActor(msgspec.Struct, frozen=True):
    """The holder of a chat link: an agent, cut down to one conversation and to replying in it.

    `agent` carries that agent's sight and at most the permission to reply; its `session_id` is the link's id. It
    goes to verbs only together with this `conversation_id`.
    """

    conversation_id: UUID
    expires_at: datetime
    agent: AgentActor


class SystemActor(msgspec.Struct, frozen=True):
    """Alongside itself: rules, timers, the command line."""


class Anonymous(msgspec.Struct, frozen=True):
    """Nobody we know."""


Actor = AgentActor | VisitorActor | SystemActor


def id_of(actor: AgentActor | SystemActor) -> UUID | None:
    """The agent who answers for a deed; None for Alongside itself."""
    return actor.id if isinstance(actor, AgentActor) else None
