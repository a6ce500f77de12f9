"""What every verb needs: the lock, the next entry of the history, the announcement."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.tickets import policy, queries
from alongside.domains.tickets.events import TicketChanged
from alongside.domains.tickets.logic import Fields
from alongside.domains.tickets.rows import ENTRY_COLUMNS, fields_from
from alongside.domains.tickets.schemas import TicketRow
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Row, Work
from alongside.platform.errors import Forbidden, NotFound

APPEND = f"""
WITH bumped AS (
    UPDATE ticket SET last_seq = last_seq + 1, updated_at = clock_timestamp() WHERE number = $1
    RETURNING number, last_seq, updated_at
)
INSERT INTO ticket_entry AS e (ticket_number, seq, kind, author_id, client_id, text, data, at)
SELECT number, last_seq, $2, $3, $4, $5, $6, updated_at FROM bumped
RETURNING {ENTRY_COLUMNS}
"""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry of the history says, before it has a number."""

    kind: str
    data: dict[str, Any] | None = None
    client_id: UUID | None = None
    text: str | None = None


async def append(work: Work, actor: AgentActor, number: int, line: Line) -> Row:
    """Write the next entry; the caller holds the ticket's lock, or made it just now."""
    row = await work.row(APPEND, number, line.kind, actor.id, line.client_id, line.text, line.data)
    assert row is not None
    return row


async def lock(work: Work, number: int) -> Fields:
    """What can be changed of a ticket, with its row locked. Raises `NotFound`."""
    found = await queries.locked(work, [number])
    if number not in found:
        raise no_such_ticket()
    return fields_from(found[number])


async def announce(work: Work, numbers: Iterable[int], *, removed: UUID | None = None) -> list[TicketRow]:
    """Tell everybody how these tickets are now; `removed` is a contact in whose details they no longer stand."""
    rows = await queries.rows_of(work, list(numbers))
    concerned = await queries.concerned(work, [row.number for row in rows])
    for row in rows:
        contact_ids = concerned[row.number] | ({removed} if removed else set())
        work.announce(TicketChanged(row=row, contact_ids=sorted(contact_ids)))
    return rows


def require_manage(actor: AgentActor) -> None:
    """Raises `Forbidden` unless the actor may change tickets."""
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow changing tickets. Ask an admin for it.")


def no_such_ticket() -> NotFound:
    """The refusal of a number that no ticket has."""
    return NotFound("no-such-ticket", "There is no ticket with this number.")
