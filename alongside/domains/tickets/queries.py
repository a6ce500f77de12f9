"""Everything that is asked of tickets, their history and saved views."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec

from alongside.domains.conversations.rows import ROW_COLUMNS as CONVERSATION_COLUMNS
from alongside.domains.conversations.rows import row_from as conversation_from
from alongside.domains.files.queries import ATTACHMENT_COLUMNS, attachment_from
from alongside.domains.files.schemas import Attachment
from alongside.domains.tickets.rows import (
    CONTACT_BRIEF,
    ENTRY_COLUMNS,
    FIELD_COLUMNS,
    ROW_COLUMNS,
    VIEW_COLUMNS,
    brief_from,
    entry_from,
    id_in,
    row_from,
    view_from,
)
from alongside.domains.tickets.schemas import (
    CommentEntry,
    TicketAttachment,
    TicketChanges,
    TicketDetails,
    TicketEntry,
    TicketEntryPage,
    TicketRow,
    TicketView,
)
from alongside.domains.workspace.changes import ORDER, SINCE, Walk
from alongside.platform.db import Reading, Row

SNAPSHOT_ENTRIES = 50
LABELS_OFFERED = 500
END = 2**62

ONE = f"SELECT {ROW_COLUMNS}, t.description FROM ticket t WHERE t.number = $1"
# Always in the order of numbers, so that two changes of many never wait for each other.
LOCKED = f"SELECT t.number, {FIELD_COLUMNS} FROM ticket t WHERE t.number = ANY($1) ORDER BY t.number FOR UPDATE"
SOME = f"SELECT {ROW_COLUMNS} FROM ticket t WHERE t.number = ANY($1) ORDER BY t.number"
CHANGED = f"""
SELECT {ROW_COLUMNS}, t.changed_in FROM ticket t WHERE {SINCE.format(t="t", key="number")}
{ORDER.format(t="t", key="number")}
"""
BY_CLIENT_ID = "SELECT number FROM ticket WHERE created_by = $1 AND client_id = $2"

# Of whichever contact of a person one asks.
FAMILY = "ARRAY(SELECT m.id FROM contact one JOIN contact m ON m.person_id = one.person_id WHERE one.id = $1)"

OF_CONTACT = f"""
SELECT {ROW_COLUMNS} FROM ticket t
WHERE t.number IN (
    SELECT l.ticket_number FROM ticket_contact l WHERE l.contact_id = ANY({FAMILY})
    UNION
    SELECT l.ticket_number FROM ticket_conversation l JOIN conversation c ON c.id = l.conversation_id
    WHERE c.contact_id = ANY({FAMILY}))
ORDER BY t.status IN ('solved', 'closed'), t.updated_at DESC, t.number DESC LIMIT 50
"""

CONTACTS = f"""
SELECT {CONTACT_BRIEF} AS brief FROM ticket_contact l JOIN contact p ON p.id = l.contact_id
WHERE l.ticket_number = $1 ORDER BY l.linked_at, p.number
"""

CONVERSATIONS = f"""
SELECT {CONVERSATION_COLUMNS} FROM ticket_conversation l JOIN conversation c ON c.id = l.conversation_id
JOIN contact p ON p.id = c.contact_id JOIN channel h ON h.id = c.channel_id
WHERE l.ticket_number = $1 ORDER BY l.linked_at, c.id
"""

# In whose details a ticket stands: those linked, those whose conversations are, and whoever is one person with them.
CONCERNED = """
WITH linked AS (
    SELECT l.ticket_number AS number, l.contact_id FROM ticket_contact l WHERE l.ticket_number = ANY($1)
    UNION
    SELECT l.ticket_number, c.contact_id FROM ticket_conversation l JOIN conversation c ON c.id = l.conversation_id
    WHERE l.ticket_number = ANY($1)
)
SELECT DISTINCT l.number, m.id AS contact_id
FROM linked l JOIN contact one ON one.id = l.contact_id JOIN contact m ON m.person_id = one.person_id
"""

ENTRIES_BEFORE = f"""
SELECT {ENTRY_COLUMNS} FROM ticket_entry e WHERE e.ticket_number = $1 AND e.seq < $2 ORDER BY e.seq DESC LIMIT $3
"""

COMMENT_BY_CLIENT_ID = f"""
SELECT {ENTRY_COLUMNS} FROM ticket_entry e WHERE e.ticket_number = $1 AND e.author_id = $2 AND e.client_id = $3
"""

FILES = f"""
SELECT {ATTACHMENT_COLUMNS}, u.seq, e.author_id, e.at
FROM ticket_attachment u JOIN attachment a ON a.id = u.attachment_id
JOIN ticket_entry e ON e.ticket_number = u.ticket_number AND e.seq = u.seq
WHERE u.ticket_number = $1 AND ($2::bigint[] IS NULL OR u.seq = ANY($2)) ORDER BY u.seq, a.created_at, a.id
"""

# Whom a ticket concerns: as those linked in `CONCERNED`.
CONCERNING_ONLY = """
WITH concerned AS (
    SELECT ticket_number AS number, contact_id FROM ticket_contact
    UNION
    SELECT l.ticket_number, c.contact_id FROM ticket_conversation l JOIN conversation c ON c.id = l.conversation_id
)
SELECT t.number FROM ticket t
WHERE t.number IN (SELECT number FROM concerned WHERE contact_id = ANY($1))
  AND t.number NOT IN (SELECT number FROM concerned WHERE contact_id <> ALL($1))
ORDER BY t.number
"""

FILES_OF = f"""
SELECT {ATTACHMENT_COLUMNS} FROM ticket_attachment u JOIN attachment a ON a.id = u.attachment_id
WHERE u.ticket_number = ANY($1) ORDER BY a.created_at, a.id
"""

PEOPLE = f"SELECT {CONTACT_BRIEF} AS brief FROM contact p WHERE p.id = ANY($1)"

LAST_WORDS = """
SELECT c.contact_id, p.number, (
    SELECT e.text FROM entry e
    WHERE e.conversation_id = c.id AND e.kind = 'message' AND e.author_kind = 'visitor' AND e.deleted_at IS NULL
      AND e.text <> ''
    ORDER BY e.seq DESC LIMIT 1) AS text
FROM conversation c JOIN contact p ON p.id = c.contact_id WHERE c.id = $1
"""

LABELS = f"""
SELECT label FROM ticket t, unnest(t.labels) AS label
GROUP BY label ORDER BY count(*) DESC, label LIMIT {LABELS_OFFERED}
"""

VIEWS = f"SELECT {VIEW_COLUMNS} FROM ticket_view v WHERE v.shared OR v.owner_id = $1 ORDER BY lower(v.name), v.id"
VIEW_FOR_UPDATE = f"SELECT {VIEW_COLUMNS} FROM ticket_view v WHERE v.id = $1 FOR UPDATE"


class WrittenComment(msgspec.Struct, frozen=True):
    """A comment as it is, and the files that it had at first."""

    entry: CommentEntry
    attachments: list[UUID]


async def ticket(reading: Reading, number: int) -> TicketRow | None:
    """One ticket as a list shows it."""
    row = await reading.row(ONE, number)
    return row_from(row) if row else None


async def tickets_of(reading: Reading, contact_id: UUID) -> list[TicketRow]:
    """The tickets that a person's details show: those linked to the person or to a conversation of theirs.

    At most 50, those that are not finished first.
    """
    return [row_from(row) for row in await reading.rows(OF_CONTACT, contact_id)]


async def rows_of(reading: Reading, numbers: Sequence[int]) -> list[TicketRow]:
    """Some tickets, in the order of their numbers."""
    return [row_from(row) for row in await reading.rows(SOME, list(numbers))]


async def changed(reading: Reading, walk: Walk) -> TicketChanges:
    """What changed."""
    page, cursor, more = walk.page(await reading.rows(CHANGED, *walk.values(first_key=0)), "number")
    return TicketChanges([row_from(row) for row in page], cursor, more)


async def locked(reading: Reading, numbers: Iterable[int]) -> dict[int, Row]:
    """What can be changed of some tickets (`FIELD_COLUMNS`), with their rows locked; those that exist."""
    return {row["number"]: row for row in await reading.rows(LOCKED, sorted(set(numbers)))}


async def by_client_id(reading: Reading, agent_id: UUID, client_id: UUID) -> int | None:
    """The number of the ticket that an earlier request of this id made."""
    number: int | None = await reading.value(BY_CLIENT_ID, agent_id, client_id)
    return number


async def details(reading: Reading, number: int) -> TicketDetails | None:
    """A ticket with all that belongs to it; `reading` must be a snapshot for its parts to agree."""
    row = await reading.row(ONE, number)
    if row is None:
        return None
    page = await entries_before(reading, number, END, SNAPSHOT_ENTRIES)
    return TicketDetails(
        row=row_from(row),
        description=row["description"],
        contacts=[brief_from(found["brief"]) for found in await reading.rows(CONTACTS, number)],
        conversations=[conversation_from(found) for found in await reading.rows(CONVERSATIONS, number)],
        files=await files_of_ticket(reading, number),
        entries=page.entries,
        has_more=page.has_more,
    )


async def concerned(reading: Reading, numbers: Sequence[int]) -> dict[int, set[UUID]]:
    """By ticket, in whose details it stands."""
    found: dict[int, set[UUID]] = {number: set() for number in numbers}
    for row in await reading.rows(CONCERNED, list(numbers)):
        found[row["number"]].add(row["contact_id"])
    return found


async def entries_before(reading: Reading, number: int, seq: int, limit: int) -> TicketEntryPage:
    """The last entries before `seq`, in order."""
    rows = await reading.rows(ENTRIES_BEFORE, number, seq, limit + 1)
    return TicketEntryPage(await _entries(reading, number, rows[:limit][::-1]), len(rows) > limit)


async def files_of_ticket(reading: Reading, number: int, seqs: Sequence[int] | None = None) -> list[TicketAttachment]:
    """What the comments of a ticket carry, or those of some comments, in order."""
    return [
        TicketAttachment(attachment=attachment_from(row), seq=row["seq"], author_id=row["author_id"], at=row["at"])
        for row in await reading.rows(FILES, number, None if seqs is None else list(seqs))
    ]


async def concerning_only(reading: Reading, contact_ids: Sequence[UUID]) -> list[int]:
    """The tickets that concern some of these contacts and nobody else."""
    return [row["number"] for row in await reading.rows(CONCERNING_ONLY, list(contact_ids))]


async def files_of_contacts(reading: Reading, contact_ids: Sequence[UUID]) -> list[Attachment]:
    """The files of those tickets."""
    numbers = await concerning_only(reading, contact_ids)
    return [attachment_from(row) for row in await reading.rows(FILES_OF, numbers)]


async def comment_by_client_id(reading: Reading, number: int, agent_id: UUID, client_id: UUID) -> WrittenComment | None:
    """What was stored for an earlier comment of this id."""
    row = await reading.row(COMMENT_BY_CLIENT_ID, number, agent_id, client_id)
    found = await files_of_ticket(reading, number, [row["seq"]]) if row else []
    entry = entry_from(row, {}, [each.attachment for each in found]) if row else None
    named = (row["data"] or {}).get("attachments", []) if row else []
    return WrittenComment(entry, [UUID(each) for each in named]) if isinstance(entry, CommentEntry) else None


async def last_words(reading: Reading, conversation_id: UUID) -> Row | None:
    """Of a conversation: `contact_id`, the contact's `number`, and the `text` the visitor wrote last."""
    return await reading.row(LAST_WORDS, conversation_id)


async def labels(reading: Reading) -> list[str]:
    """Labels in use, the commonest first."""
    return [row["label"] for row in await reading.rows(LABELS)]


async def views(reading: Reading, agent_id: UUID) -> list[TicketView]:
    """The agent's own saved views and the shared ones, by name."""
    return [view_from(row) for row in await reading.rows(VIEWS, agent_id)]


async def view_for_update(reading: Reading, view_id: UUID) -> TicketView | None:
    """One saved view, with its row locked."""
    row = await reading.row(VIEW_FOR_UPDATE, view_id)
    return view_from(row) if row else None


async def _entries(reading: Reading, number: int, rows: Sequence[Row]) -> list[TicketEntry]:
    named = {id_in(row["data"] or {}, "contact_id") for row in rows} - {None}
    found = await reading.rows(PEOPLE, list(named)) if named else []
    people = {brief.id: brief for brief in (brief_from(row["brief"]) for row in found)}
    carried: dict[int, list[Attachment]] = {}
    for each in await files_of_ticket(reading, number, [row["seq"] for row in rows]):
        carried.setdefault(each.seq, []).append(each.attachment)
    return [entry_from(row, people, carried.get(row["seq"], ())) for row in rows]
