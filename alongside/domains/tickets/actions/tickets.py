"""Tickets are made and changed, one or many at a time."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from alongside.domains.conversations.actions import no_such_conversation, require_assignable
from alongside.domains.conversations.queries import in_sight
from alongside.domains.tickets import logic, queries
from alongside.domains.tickets.actions.links import add_conversation
from alongside.domains.tickets.actions.writing import Line, announce, append, lock, no_such_ticket, require_manage
from alongside.domains.tickets.logic import Fields
from alongside.domains.tickets.rows import fields_from
from alongside.domains.tickets.schemas import (
    CreatedTicketEntry,
    EditTicket,
    EditTickets,
    NewTicket,
    TicketRefused,
    TicketRow,
    TicketsEdited,
)
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Refusal

MAKE = """
INSERT INTO ticket (title, description, priority, assignee_id, team_id, due_on, labels, created_by, client_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (created_by, client_id) WHERE client_id IS NOT NULL DO NOTHING
RETURNING number
"""

# What cannot have changed under the lock is written as it was.
WRITE = """
UPDATE ticket SET title = $2, description = $3, status = $4, priority = $5, assignee_id = $6, team_id = $7,
    due_on = $8, labels = $9
WHERE number = $1
"""


async def create(work: Work, actor: AgentActor, new: NewTicket) -> TicketRow:
    """Make a ticket, alone or from a conversation. Repeating a `client_id` answers with the ticket made first.

    Raises `NotFound` for a conversation that is gone, `Conflict` where the id was used for another conversation.
    """
    require_manage(actor)
    if number := await queries.by_client_id(work, actor.id, new.client_id):
        return await _repeat(work, number, new)
    fields = await _fields_of(work, actor, new)
    await require_assignable(work, fields.assignee_id, fields.team_id)
    number = await work.value(
        MAKE,
        fields.title,
        fields.description,
        fields.priority,
        fields.assignee_id,
        fields.team_id,
        fields.due_on,
        fields.labels,
        actor.id,
        new.client_id,
    )
    if number is None:  # Two requests of one client id raced; the other one won.
        number = await queries.by_client_id(work, actor.id, new.client_id)
        assert number is not None
        return await _repeat(work, number, new)
    data = None
    if new.conversation_id:
        data = {"conversation_id": new.conversation_id}
        await add_conversation(work, actor, number, new.conversation_id)
    await append(work, actor, number, Line(kind="created", data=data))
    return (await announce(work, [number]))[0]


async def edit(work: Work, actor: AgentActor, number: int, change: EditTicket) -> TicketRow:
    """Change a ticket. To what it is already: nothing happens, and nothing is added to the history."""
    require_manage(actor)
    before = await lock(work, number)
    after = logic.changed(before, change)
    await _require_assignable(work, change)
    if not await _write(work, actor, number, before, after):
        return (await queries.rows_of(work, [number]))[0]
    return (await announce(work, [number]))[0]


async def edit_many(work: Work, actor: AgentActor, change: EditTickets) -> TicketsEdited:
    """The same change of many. Each is changed, was so already, or is refused with a reason; one harms no other.

    Raises `Invalid` where the change itself is wrong, such as an agent who left.
    """
    require_manage(actor)
    logic.assignment(change.assignee_id, change.team_id)
    found = await queries.locked(work, change.numbers)
    await _require_assignable(work, change)
    changed: list[int] = []
    unchanged: list[int] = []
    refused: list[TicketRefused] = []
    for number in dict.fromkeys(change.numbers):
        try:
            if number not in found:
                raise no_such_ticket()
            before = fields_from(found[number])
            wrote = await _write(work, actor, number, before, logic.changed(before, change))
            (changed if wrote else unchanged).append(number)
        except Refusal as refusal:
            refused.append(TicketRefused(number, refusal.code, refusal.message))
    await announce(work, changed)
    return TicketsEdited(changed=changed, unchanged=unchanged, refused=refused)


async def _fields_of(work: Work, actor: AgentActor, new: NewTicket) -> Fields:
    words = None
    if new.conversation_id:
        words = await queries.last_words(work, new.conversation_id)
        if words is None or not await in_sight(work, actor, new.conversation_id):
            raise no_such_conversation()
    quoted = logic.title_from(words["text"] or "", words["number"]) if words else ""
    return Fields(
        title=logic.title(new.title or quoted),
        description=logic.description(new.description),
        status="open",
        priority=new.priority,
        **logic.assignment(new.assignee_id, new.team_id),
        due_on=new.due_on,
        labels=logic.labels(new.labels),
    )


async def _repeat(work: Work, number: int, new: NewTicket) -> TicketRow:
    first = (await queries.entries_before(work, number, 2, 1)).entries[0]
    if not isinstance(first, CreatedTicketEntry) or first.conversation_id != new.conversation_id:
        raise Conflict("client-id-reused", "This client_id was used for another ticket. Make a new one.")
    return (await queries.rows_of(work, [number]))[0]


async def _write(work: Work, actor: AgentActor, number: int, before: Fields, after: Fields) -> bool:
    """Write what differs, and say so in the history; False where nothing does."""
    changes = logic.difference(before, after)
    if changes:
        await work.run(WRITE, number, *(getattr(after, name) for name in Fields.__struct_fields__))
        await append(work, actor, number, Line(kind="changed", data={"changes": msgspec.to_builtins(changes)}))
    return bool(changes)


async def _require_assignable(work: Work, change: EditTicket | EditTickets) -> None:
    agent_id = None if change.assignee_id is UNSET else change.assignee_id
    team_id = None if change.team_id is UNSET else change.team_id
    await require_assignable(work, agent_id, team_id)
