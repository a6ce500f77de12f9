"""Who acts. Every verb takes an actor; there is no global current user."""

from __future__ import annotations

from uuid import UUID

import msgspec

EVERYTHING = "*"


class AgentActor(msgspec.Struct, frozen=True):
    """A signed-in agent. `permissions` are those of their role; `*` grants all."""

    id: UUID
    session_id: UUID
    display_name: str
    permissions: frozenset[str]

    def may(self, permission: str) -> bool:
        """Whether the agent's role grants `permission`."""
        return EVERYTHING in self.permissions or permission in self.permissions


class VisitorActor(msgspec.Struct, frozen=True):
    """The holder of a visitor's token: one contact on one channel."""

    contact_id: UUID
    channel_id: UUID
    identity_id: UUID
    verified: bool


class SystemActor(msgspec.Struct, frozen=True):
    """Alongside itself: rules, timers, the command line."""


class Anonymous(msgspec.Struct, frozen=True):
    """Nobody we know."""


Actor = AgentActor | VisitorActor | SystemActor
