"""Who may call a route. It stands on the route's own line, and the app does not start where it is missing.

@post("/teams", opt={"who": who.agent("teams.manage")})
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Scope

from alongside.platform.auth.actor import READ, AgentActor, LinkActor, VisitorActor
from alongside.platform.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

Connection = ASGIConnection[Any, Any, Any, Any]


class Who(msgspec.Struct, frozen=True):
    """Agents (with a permission, or any), the holder of a visitor's token or of a chat link, or everybody for a reason.

    A program with an API key is let in where an agent is, by its scopes; not where only a `person` is.
    A `doorkeeper` route signs people in by itself in its first frame; sockets do.
    """

    kind: Literal["agent", "visitor", "link", "public", "doorkeeper"]
    permission: str | None = None
    reason: str = ""
    person: bool = False

    def __str__(self) -> str:
        if self.kind == "agent":
            told = f"agent with `{self.permission}`" if self.permission else "any agent"
            return f"{told}, in person" if self.person else told
        return {"visitor": "visitor", "link": "chat link"}.get(self.kind) or f"{self.kind}: {self.reason}"


def agent(permission: str | None = None) -> Who:
    """A signed-in agent whose role grants `permission`."""
    return Who("agent", permission)


def person(permission: str | None = None) -> Who:
    """As `agent`, but no program: what is asked or done concerns the agent's own account, or gives out rights."""
    return Who("agent", permission, person=True)


def visitor() -> Who:
    """The holder of a visitor's token."""
    return Who("visitor")


def link() -> Who:
    """The holder of a chat link's secret, which opens nothing else."""
    return Who("link")


def public(reason: str) -> Who:
    """Everybody, because `reason`."""
    return Who("public", None, reason)


def doorkeeper(reason: str) -> Who:
    """A route that checks for itself, because `reason`."""
    return Who("doorkeeper", None, reason)


class Doormen(msgspec.Struct, frozen=True):
    """How agents, visitors and holders of chat links prove who they are; given by the domains, used by the guard."""

    agent: Callable[[Connection], Awaitable[AgentActor]]
    visitor: Callable[[Connection], Awaitable[VisitorActor]]
    link: Callable[[Connection], Awaitable[LinkActor]]


async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let in whom the route names, and remember who it is for `provide_actor`."""
    wanted = handler.opt.get("who")
    if not isinstance(wanted, Who):
        raise Forbidden("no-policy", "This route is closed.")
    doormen: Doormen = connection.app.state.doormen
    if wanted.kind == "agent":
        actor = await doormen.agent(connection)
        _require(actor, wanted)
        _remember(connection.scope, actor)
    elif wanted.kind == "visitor":
        _remember(connection.scope, await doormen.visitor(connection))
    elif wanted.kind == "link":
        _remember(connection.scope, await doormen.link(connection))


def _require(actor: AgentActor, wanted: Who) -> None:
    if not actor.is_person:
        _require_scope(actor, wanted)
    elif wanted.permission and not actor.may(wanted.permission):
        raise Forbidden("not-permitted", f"Your role does not include {wanted.permission}. Ask an admin for it.")


def _require_scope(actor: AgentActor, wanted: Who) -> None:
    if wanted.person:
        raise Forbidden("people-only", "This is for a person who is signed in; API keys cannot do it.")
    scope = wanted.permission or READ
    if not actor.may(scope):
        raise Forbidden("not-permitted", f"This API key lacks the scope {scope}. Make one that has it.", scope=scope)


def provide_actor(scope: Scope) -> Any:
    """The actor that the guard let in."""
    return scope["state"]["actor"]


def _remember(scope: Scope, actor: AgentActor | VisitorActor | LinkActor) -> None:
    scope["state"]["actor"] = actor


def require_policies(handlers: list[BaseRouteHandler]) -> None:
    """Raises `RuntimeError` naming every route without a policy."""
    missing = sorted(str(handler) for handler in handlers if not isinstance(handler.opt.get("who"), Who))
    if missing:
        raise RuntimeError(f"routes without a policy: {', '.join(missing)}")
