"""Database rows become structs here, for every query that reads tickets and their history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conversations.schemas import ContactBrief
from alongside.domains.files.schemas import Attachment
from alongside.domains.tickets.logic import Fields
from alongside.domains.tickets.schemas import (
    ChangedEntry,
    CommentEntry,
    CreatedTicketEntry,
    FilesRemovedEntry,
    LinkedEntry,
    TicketChange,
    TicketEntry,
    TicketRow,
    TicketView,
    UnlinkedEntry,
    ViewQuestion,
)
from alongside.platform.db import Row

# Of `contact p`, for `brief_from`: the driver reads no arrays inside of a row.
CONTACT_BRIEF = """
(p.id, p.number, coalesce(p.name, p.claims ->> 'name'),
 (SELECT true FROM identity v WHERE v.contact_id = p.id AND v.kind = 'verified' LIMIT 1) IS NOT NULL,
 array_to_string(p.label_ids, ','))
"""

# Of `ticket t`.
ROW_COLUMNS = f"""
t.number, t.title, t.status, t.priority, t.assignee_id, t.team_id, t.due_on, t.labels, t.created_by, t.created_at,
t.updated_at, t.last_seq,
ARRAY(SELECT {CONTACT_BRIEF} FROM ticket_contact l JOIN contact p ON p.id = l.contact_id
      WHERE l.ticket_number = t.number ORDER BY l.linked_at, p.number LIMIT 3) AS contacts,
(SELECT count(*) FROM ticket_contact l WHERE l.ticket_number = t.number) AS contact_count,
(SELECT count(*) FROM ticket_conversation l WHERE l.ticket_number = t.number) AS conversation_count,
(SELECT count(*) FROM ticket_entry e WHERE e.ticket_number = t.number AND e.kind = 'comment') AS comment_count
"""

FIELD_COLUMNS = ", ".join(f"t.{name}" for name in Fields.__struct_fields__)

ENTRY_COLUMNS = "e.seq, e.kind, e.author_id, e.client_id, e.text, e.data, e.at"

VIEW_COLUMNS = "v.id, v.owner_id, v.name, v.shared, v.question"


def row_from(row: Row) -> TicketRow:
    """A ticket from `ROW_COLUMNS`."""
    fields = {name: row[name] for name in TicketRow.__struct_fields__}
    return TicketRow(**fields | {"contacts": [brief_from(contact) for contact in row["contacts"]]})


def brief_from(contact: Sequence[Any]) -> ContactBrief:
    """A contact from `CONTACT_BRIEF`."""
    contact_id, number, name, verified, label_ids = contact
    return ContactBrief(contact_id, number, name, verified, [UUID(each) for each in label_ids.split(",") if each])


def fields_from(row: Row) -> Fields:
    """What can be changed, from `FIELD_COLUMNS`."""
    return Fields(**{name: row[name] for name in Fields.__struct_fields__})


def view_from(row: Row) -> TicketView:
    """A saved view from `VIEW_COLUMNS`."""
    return TicketView(**dict(row) | {"question": msgspec.convert(row["question"], ViewQuestion)})


def entry_from(row: Row, people: Mapping[UUID, ContactBrief], files: Sequence[Attachment] = ()) -> TicketEntry:
    """An entry from `ENTRY_COLUMNS`; `people` are those that still exist, `files` what it carries."""
    base: dict[str, Any] = {"seq": row["seq"], "author_id": row["author_id"], "at": row["at"]}
    data = row["data"] or {}
    match row["kind"]:
        case "created":
            return CreatedTicketEntry(**base, conversation_id=id_in(data, "conversation_id"))
        case "comment":
            return CommentEntry(**base, client_id=row["client_id"], text=row["text"], attachments=list(files))
        case "changed":
            return ChangedEntry(**base, changes=msgspec.convert(data["changes"], list[TicketChange]))
        case "linked" | "unlinked" as kind:
            shape = LinkedEntry if kind == "linked" else UnlinkedEntry
            contact_id = id_in(data, "contact_id")
            contact = people.get(contact_id) if contact_id else None
            return shape(**base, conversation_id=id_in(data, "conversation_id"), contact=contact)
        case "files_removed":
            return FilesRemovedEntry(**base, count=data["count"])
        case unknown:
            raise ValueError(f"an entry of kind {unknown!r} was written by a newer version")


def id_in(data: Mapping[str, Any], name: str) -> UUID | None:
    """An id that an entry names, if it does."""
    found = data.get(name)
    return UUID(found) if found else None
