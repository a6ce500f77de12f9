"""Events about customers and tickets, in the words that receivers get. Pure; `logic` has those of conversations.

Of tickets only what says where to look: their titles and comments may quote a customer, who can be erased here but not
in what was sent about the ticket.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from alongside.domains.webhooks.logic import Said, say
from alongside.domains.webhooks.schemas import (
    ContactChanged,
    ContactLabelled,
    ContactMerged,
    EventType,
    HookAuthor,
    HookContact,
    HookData,
    HookTicket,
    TicketHappened,
)

TICKET_EVENTS: Mapping[str, EventType] = {"created": "ticket.created", "comment": "ticket.commented"}


def of_contact(row: Mapping[str, Any], wanted: Collection[str], console: str) -> list[Said]:
    """What happened to a customer. `row` is one of the query `FACTS`."""
    kind: EventType
    data: HookData
    match row["change"]:
        case "labelled":
            if row["label_name"] is None:  # deleted meanwhile
                return []
            labelled = ContactLabelled(
                contact=_contact(row, console), label_id=row["other_id"], label_name=row["label_name"]
            )
            kind, data = "contact.labelled", labelled
        case "merged":
            kind, data = "contact.merged", ContactMerged(contact_id=row["of_id"], into_id=row["other_id"])
        case _:
            kind, data = "contact.changed", ContactChanged(contact=_contact(row, console))
    # Numbers of facts are never given twice, and a fact of a customer is put into words once.
    return [say(kind, f"contact:{row['of_id']}:{row['fact_id']}", row["noted_at"], data)] if kind in wanted else []


def of_ticket(row: Mapping[str, Any], wanted: Collection[str], console: str) -> list[Said]:
    """What happened to a ticket."""
    kind = TICKET_EVENTS.get(row["ticket_kind"], "ticket.changed")
    if kind not in wanted:
        return []
    author_id: UUID | None = row["ticket_author_id"]
    author = HookAuthor(kind="agent" if author_id else "system", id=author_id, name=row["ticket_author_name"])
    ticket = HookTicket(
        number=row["ticket_number"],
        status=row["ticket_status"],
        priority=row["ticket_priority"],
        assignee_id=row["ticket_assignee_id"],
        team_id=row["ticket_team_id"],
        due_on=row["ticket_due_on"],
        labels=row["ticket_labels"],
        url=f"{console}/tickets/{row['ticket_number']}",
    )
    key = f"ticket:{row['ticket_number']}:{row['seq']}"
    return [say(kind, key, row["ticket_at"], TicketHappened(ticket=ticket, seq=row["seq"], author=author))]


def _contact(row: Mapping[str, Any], console: str) -> HookContact:
    return HookContact(
        id=row["of_id"],
        number=row["of_number"],
        name=row["of_name"],
        email=row["of_email"],
        phone=row["of_phone"],
        verified_id=row["of_verified_id"],
        label_ids=row["of_label_ids"],
        agent_id=row["of_agent_id"],
        team_id=row["of_team_id"],
        url=f"{console}/contacts/{row['of_id']}",
    )
