"""Conversations and people are added to tickets, and removed."""

from __future__ import annotations

from uuid import UUID

import asyncpg

from alongside.domains.contacts import queries as contacts
from alongside.domains.contacts.actions.details import no_such_contact
from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.tickets import queries
from alongside.domains.tickets.actions.writing import Line, announce, append, lock, require_manage
from alongside.domains.tickets.schemas import LINKS, TicketRow
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict

# The ticket's row is locked, so that the counts hold. Nothing is added beyond the limit ($3), or twice.
ADD_CONTACT = """
INSERT INTO ticket_contact (ticket_number, contact_id)
SELECT $1, $2 WHERE (SELECT count(*) FROM ticket_contact WHERE ticket_number = $1) < $3
ON CONFLICT DO NOTHING
"""
ADD_CONVERSATION = """
INSERT INTO ticket_conversation (ticket_number, conversation_id)
SELECT $1, $2 WHERE (SELECT count(*) FROM ticket_conversation WHERE ticket_number = $1) < $3
ON CONFLICT DO NOTHING
"""
ADD_CONTACT_OF = """
INSERT INTO ticket_contact (ticket_number, contact_id)
SELECT $1, contact_id FROM conversation
WHERE id = $2 AND (SELECT count(*) FROM ticket_contact WHERE ticket_number = $1) < $3
ON CONFLICT DO NOTHING
"""
HAS_CONTACT = "SELECT true FROM ticket_contact WHERE ticket_number = $1 AND contact_id = $2"
HAS_CONVERSATION = "SELECT true FROM ticket_conversation WHERE ticket_number = $1 AND conversation_id = $2"
DROP_CONTACT = "DELETE FROM ticket_contact WHERE ticket_number = $1 AND contact_id = $2"
DROP_CONVERSATION = "DELETE FROM ticket_conversation WHERE ticket_number = $1 AND conversation_id = $2"
CONTACT_OF = "SELECT contact_id FROM conversation WHERE id = $1"


async def link_conversation(work: Work, actor: AgentActor, number: int, conversation_id: UUID) -> TicketRow:
    """Add a conversation and its customer. One that is there already: nothing happens."""
    require_manage(actor)
    await lock(work, number)
    if await work.value(HAS_CONVERSATION, number, conversation_id):
        return (await queries.rows_of(work, [number]))[0]
    await add_conversation(work, actor, number, conversation_id)
    await append(work, actor, number, Line(kind="linked", data={"conversation_id": conversation_id}))
    return (await announce(work, [number]))[0]


async def link_contact(work: Work, actor: AgentActor, number: int, contact_id: UUID) -> TicketRow:
    """Add a person. One who is there already: nothing happens."""
    require_manage(actor)
    await lock(work, number)
    if await work.value(HAS_CONTACT, number, contact_id):
        return (await queries.rows_of(work, [number]))[0]
    if not await contacts.in_sight(work, actor, contact_id):
        raise no_such_contact()
    try:
        added = await work.run(ADD_CONTACT, number, contact_id, LINKS)
    except asyncpg.ForeignKeyViolationError:
        raise no_such_contact() from None
    if not added:
        raise _full("people")
    await append(work, actor, number, Line(kind="linked", data={"contact_id": contact_id}))
    return (await announce(work, [number]))[0]


async def unlink_conversation(work: Work, actor: AgentActor, number: int, conversation_id: UUID) -> TicketRow:
    """Remove a conversation; its customer stays. One that is not there: nothing happens."""
    require_manage(actor)
    await lock(work, number)
    if not await work.run(DROP_CONVERSATION, number, conversation_id):
        return (await queries.rows_of(work, [number]))[0]
    contact_id: UUID = await work.value(CONTACT_OF, conversation_id)
    await append(work, actor, number, Line(kind="unlinked", data={"conversation_id": conversation_id}))
    return (await announce(work, [number], removed=contact_id))[0]


async def unlink_contact(work: Work, actor: AgentActor, number: int, contact_id: UUID) -> TicketRow:
    """Remove a person. One who is not there: nothing happens."""
    require_manage(actor)
    await lock(work, number)
    if not await work.run(DROP_CONTACT, number, contact_id):
        return (await queries.rows_of(work, [number]))[0]
    await append(work, actor, number, Line(kind="unlinked", data={"contact_id": contact_id}))
    return (await announce(work, [number], removed=contact_id))[0]


async def add_conversation(work: Work, actor: AgentActor, number: int, conversation_id: UUID) -> None:
    """Link a conversation and its customer; the caller holds the ticket's lock and writes the history.

    Raises `NotFound` for one that is gone or out of the actor's sight, `Conflict` where the ticket has enough.
    """
    if not await conversations.in_sight(work, actor, conversation_id):
        raise no_such_conversation()
    try:
        added = await work.run(ADD_CONVERSATION, number, conversation_id, LINKS)
    except asyncpg.ForeignKeyViolationError:
        raise no_such_conversation() from None
    if not added:
        raise _full("conversations")
    await work.run(ADD_CONTACT_OF, number, conversation_id, LINKS)


def _full(what: str) -> Conflict:
    return Conflict("ticket-full", f"A ticket gathers at most {LINKS} {what}. Remove one, or make another ticket.")
