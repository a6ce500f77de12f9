"""The one decision: who of these agents gets it, and why the others do not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from uuid import UUID

from alongside.domains.routing.schemas import Candidate, Choice, Considered, Reason, Wanted

AREAS = {"webchat": ("chat", "both"), "calling": ("call", "both")}


def choose(wanted: Wanted, agents: Iterable[Candidate], passed_over: AbstractSet[UUID] = frozenset()) -> Choice:
    """Who is to get it: the fewest open conversations, then the longest without a new one, then the id.

    `passed_over` did not react to this one. `considered` has every agent: who comes into question in the order of
    choice, then the others by id.
    """
    fit: list[Candidate] = []
    unfit: list[Considered] = []
    for agent in agents:
        reason = why_not(wanted, agent, passed_over)
        if reason is None:
            fit.append(agent)
        else:
            unfit.append(Considered(agent.id, agent.open, reason))
    fit.sort(key=_order)
    unfit.sort(key=lambda each: each.agent_id)
    considered = [*(Considered(each.id, each.open) for each in fit), *unfit]
    return Choice(fit[0].id if fit else None, considered)


def why_not(wanted: Wanted, agent: Candidate, passed_over: AbstractSet[UUID]) -> Reason | None:
    """The first reason against an agent; None where they come into question."""
    silent: Reason | None = "did_not_react" if agent.id in passed_over else None
    absent: Reason | None = "offline" if wanted.state != "any" and not agent.online else None
    return _outside(wanted, agent) or _barred(wanted, agent) or silent or absent or _without_room(wanted, agent)


def _barred(wanted: Wanted, agent: Candidate) -> Reason | None:
    if not agent.active:
        return "inactive"
    if not agent.may_reply:
        return "not_permitted"
    return None if agent.area in AREAS[wanted.medium] else "wrong_area"


def _outside(wanted: Wanted, agent: Candidate) -> Reason | None:
    if wanted.agent_id and agent.id != wanted.agent_id:
        return "not_named"
    if wanted.team_id and wanted.team_id not in agent.team_ids:
        return "not_in_team"
    if wanted.tag and wanted.tag.casefold() not in {tag.casefold() for tag in agent.tags}:
        return "lacks_tag"
    return None


def _without_room(wanted: Wanted, agent: Candidate) -> Reason | None:
    """The limit is one of chats: it holds for chats in every state, for calls where somebody available is wanted."""
    if wanted.medium == "calling" and wanted.state != "available":
        return None
    if agent.open >= agent.chat_limit:
        return "full"
    return "kept_for_queue" if agent.open + agent.kept >= agent.chat_limit else None


def _order(agent: Candidate) -> tuple[int, float, UUID]:
    # Who never had one has waited longest.
    since = agent.last_given_at.timestamp() if agent.last_given_at else float("-inf")
    return agent.open, since, agent.id


def known(agents: Sequence[Candidate], agent_id: UUID) -> Candidate | None:
    """One of them by id."""
    return next((each for each in agents if each.id == agent_id), None)
