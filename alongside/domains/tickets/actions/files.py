"""Files of tickets: carried by a comment, taken away, forgotten with the person whom a ticket was about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

import asyncpg

from alongside.domains.files import queries as files
from alongside.domains.files.policy import MOST_TOGETHER
from alongside.domains.files.queries import Place
from alongside.domains.files.schemas import Attachment
from alongside.domains.tickets import queries
from alongside.domains.tickets.actions.writing import Line, announce, append, lock, require_manage
from alongside.domains.tickets.schemas import FILES, TicketRow
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Invalid, NotFound

# The ticket's row is locked, so that the count holds.
COUNT = "SELECT count(*) FROM ticket_attachment WHERE ticket_number = $1"
CARRY = "INSERT INTO ticket_attachment (attachment_id, ticket_number, seq) SELECT unnest($3::uuid[]), $1, $2"
REMOVE = """
DELETE FROM attachment WHERE id = (
    SELECT attachment_id FROM ticket_attachment WHERE ticket_number = $1 AND attachment_id = $2)
"""
# With those that are on their way there, which are not counted.
FORGET = """
DELETE FROM attachment a WHERE a.ticket_number = ANY($1)
RETURNING a.ticket_number AS number, EXISTS (SELECT FROM ticket_attachment u WHERE u.attachment_id = a.id) AS carried
"""


async def choose(work: Work, actor: AgentActor, number: int, ids: Sequence[UUID]) -> list[Attachment]:
    """The actor's whole uploads for this ticket, whose lock the caller holds.

    Raises `Invalid` for too many at once, `NotFound` for what is not there, `Conflict` for what a comment has already,
    or where the ticket has enough.
    """
    if len(ids) > MOST_TOGETHER or len(set(ids)) < len(ids):
        raise Invalid("too-many-files", f"A comment carries up to {MOST_TOGETHER} files, each of them once.")
    chosen = await files.chosen(work, actor, Place(ticket_number=number), ids)
    if len(chosen) < len(ids):
        raise NotFound("no-such-upload", "One of the files is not there (any more), or not whole yet. Attach it again.")
    if any(each.sent for each in chosen):
        raise _carried_already()
    if ids and await work.value(COUNT, number) + len(ids) > FILES:
        raise Conflict("ticket-full", f"A ticket holds at most {FILES} files. Remove one, or make another ticket.")
    return [each.attachment for each in chosen]


async def carry(work: Work, number: int, seq: int, chosen: Sequence[Attachment]) -> None:
    """A comment carries these from now on."""
    if not chosen:
        return
    try:
        await work.run(CARRY, number, seq, [each.id for each in chosen])
    except asyncpg.UniqueViolationError:
        raise _carried_already() from None
    except asyncpg.ForeignKeyViolationError:
        raise NotFound("no-such-upload", "One of the files is not there any more. Attach it again.") from None


async def remove_file(work: Work, actor: AgentActor, number: int, attachment_id: UUID) -> TicketRow:
    """Delete a file of a ticket for good; the history says that it was. Raises `NotFound` for what is not there."""
    require_manage(actor)
    await lock(work, number)
    if not await work.run(REMOVE, number, attachment_id):
        raise NotFound("no-such-file", "This file does not exist (any more).")
    await append(work, actor, number, Line(kind="files_removed", data={"count": 1}))
    return (await announce(work, [number]))[0]


async def forget_files(work: Work, contact_ids: Sequence[UUID]) -> dict[int, int]:
    """Delete the files of the tickets that concern these contacts and nobody else. How many there were, by ticket.

    The links must still be there. No ticket is locked: whoever links the person just now waits for them, not for us.
    """
    gone = await work.rows(FORGET, await queries.concerning_only(work, contact_ids))
    return Counter(row["number"] for row in gone if row["carried"])


async def note_forgotten(work: Work, actor: AgentActor, counts: Mapping[int, int]) -> None:
    """The histories say that files are gone; to be told when the erasure is committed."""
    for number in sorted(counts):
        await lock(work, number)
        await append(work, actor, number, Line(kind="files_removed", data={"count": counts[number]}))
    await announce(work, sorted(counts))


def _carried_already() -> Conflict:
    return Conflict("file-sent-already", "One of these files was sent already. Attach it again.")
