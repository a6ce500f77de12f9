"""Saved views: an agent's own, and those that everybody uses."""

from __future__ import annotations

from uuid import UUID

import asyncpg
from msgspec import UNSET

from alongside.domains.tickets import logic, policy, queries
from alongside.domains.tickets.events import TicketViewsChanged
from alongside.domains.tickets.rows import VIEW_COLUMNS, view_from
from alongside.domains.tickets.schemas import EditTicketView, NewTicketView, TicketView
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Forbidden, NotFound

# As many as one finds anything among.
MOST_OWN = 50
MOST_SHARED = 100

SAVE = f"""
INSERT INTO ticket_view AS v (owner_id, name, shared, question) VALUES ($1, $2, $3, $4) RETURNING {VIEW_COLUMNS}
"""
CHANGE = f"""
UPDATE ticket_view v SET name = $2, shared = $3, question = $4 WHERE id = $1 RETURNING {VIEW_COLUMNS}
"""
COUNT = "SELECT count(*) FROM ticket_view WHERE shared = $2 AND (shared OR owner_id = $1)"


async def save_view(work: Work, actor: AgentActor, new: NewTicketView) -> TicketView:
    """Save a view. Raises `Conflict` for a name that is taken, `Forbidden` for sharing without the permission."""
    if new.shared and not policy.may_manage(actor):
        raise _not_permitted()
    await _require_room(work, actor, shared=new.shared)
    return await _write(work, SAVE, actor.id, logic.view_name(new.name), new.shared, new.question)


async def edit_view(work: Work, actor: AgentActor, view_id: UUID, change: EditTicketView) -> TicketView:
    """Change a view; what becomes private belongs to whom it belonged to before."""
    before = await _changeable(work, actor, view_id)
    shared = before.shared if change.shared is UNSET else change.shared
    if shared != before.shared:
        if not policy.may_manage(actor) or (not shared and before.owner_id != actor.id):
            raise _not_permitted()
        await _require_room(work, actor, shared=shared)
    name = before.name if change.name is UNSET else logic.view_name(change.name)
    question = before.question if change.question is UNSET else change.question
    view = await _write(work, CHANGE, view_id, name, shared, question)
    if before.shared and not shared:
        work.announce(TicketViewsChanged())
    return view


async def delete_view(work: Work, actor: AgentActor, view_id: UUID) -> None:
    """Delete a view; the tickets stay."""
    view = await _changeable(work, actor, view_id)
    await work.run("DELETE FROM ticket_view WHERE id = $1", view_id)
    if view.shared:
        work.announce(TicketViewsChanged())


async def _changeable(work: Work, actor: AgentActor, view_id: UUID) -> TicketView:
    """The view, locked. Another's own view does not exist for the actor."""
    view = await queries.view_for_update(work, view_id)
    if view is None or (not view.shared and view.owner_id != actor.id):
        raise NotFound("no-such-view", "This view does not exist (any more).")
    if not policy.may_change_view(actor, view.owner_id, shared=view.shared):
        raise _not_permitted()
    return view


async def _require_room(work: Work, actor: AgentActor, *, shared: bool) -> None:
    most = MOST_SHARED if shared else MOST_OWN
    if await work.value(COUNT, actor.id, shared) >= most:
        raise Conflict("too-many-views", f"There are {most} views already. Delete one that is not used.")


async def _write(work: Work, sql: str, *values: object) -> TicketView:
    try:
        row = await work.row(sql, *values)
    except asyncpg.UniqueViolationError:
        raise Conflict("view-name-taken", "There is already a view with this name.") from None
    assert row is not None
    view = view_from(row)
    if view.shared:
        work.announce(TicketViewsChanged())
    return view


def _not_permitted() -> Forbidden:
    return Forbidden("not-permitted", "Your role does not allow changing views that everybody uses. Ask an admin.")
