"""Who may manage agents and teams. Nobody grants more than they hold, nor touches who holds more."""

from __future__ import annotations

from collections.abc import Iterable

from alongside.platform.auth.actor import EVERYTHING, AgentActor, SystemActor

MANAGE_AGENTS = "agents.manage"
MANAGE_TEAMS = "teams.manage"
MANAGE_ROLES = "roles.manage"
MANAGE_SIGN_IN = "security.manage"


def may_manage_agents(actor: AgentActor | SystemActor) -> bool:
    """Whether the actor may invite, create, change and deactivate agents."""
    return isinstance(actor, SystemActor) or actor.may(MANAGE_AGENTS)


def may_manage_teams(actor: AgentActor) -> bool:
    """Whether the actor may create, change and delete teams."""
    return actor.may(MANAGE_TEAMS)


def may_manage_roles(actor: AgentActor | SystemActor) -> bool:
    """Whether the actor may create, change and delete roles."""
    return isinstance(actor, SystemActor) or actor.may(MANAGE_ROLES)


def may_manage_sign_in(actor: AgentActor) -> bool:
    """Whether the actor may decide what is asked of everybody who signs in."""
    return actor.may(MANAGE_SIGN_IN)


def covers(actor: AgentActor | SystemActor, permissions: Iterable[str]) -> bool:
    """Whether the actor holds all of these: only then may they grant them, or manage one who has them."""
    if isinstance(actor, SystemActor) or EVERYTHING in actor.permissions:
        return True
    return set(permissions) <= actor.permissions
