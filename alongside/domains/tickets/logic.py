"""What a ticket's fields may hold, and what a change changes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from alongside.domains.tickets.schemas import (
    COMMENT_CHARS,
    DESCRIPTION_CHARS,
    LABEL_CHARS,
    LABELS,
    TITLE_CHARS,
    VIEW_NAME_CHARS,
    EditTicket,
    EditTickets,
    TicketChange,
    TicketField,
    TicketPriority,
    TicketStatus,
)
from alongside.kit.text import clean_line, clean_text, preview
from alongside.platform.errors import Invalid


class Fields(msgspec.Struct, frozen=True, kw_only=True):
    """All of a ticket that can be changed."""

    title: str
    description: str
    status: TicketStatus
    priority: TicketPriority
    assignee_id: UUID | None
    team_id: UUID | None
    due_on: date | None
    labels: list[str]


# By what name the history knows a field.
_NAMES: dict[str, TicketField] = {
    "title": "title",
    "description": "description",
    "status": "status",
    "priority": "priority",
    "assignee_id": "assignee",
    "team_id": "team",
    "due_on": "due",
    "labels": "labels",
}


def title(text: str) -> str:
    """A title on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    cleaned = clean_line(text, TITLE_CHARS + 1)
    if not 1 <= len(cleaned) <= TITLE_CHARS:
        raise Invalid("ticket-title-malformed", f"A ticket's title has 1 to {TITLE_CHARS} characters.")
    return cleaned


def title_from(message: str, number: int) -> str:
    """The title of a ticket made from a conversation: what the visitor said last.

    Who wrote files alone is named by number: the ticket stays when the customer is deleted, and their name is not to.
    """
    return preview(message, TITLE_CHARS) or f"Visitor {number}"


def description(text: str) -> str:
    """A description, which may be empty. Raises `Invalid` beyond its limit."""
    return _text(text, DESCRIPTION_CHARS, "ticket-description-too-long", "A description")


def comment(text: str, *, may_be_empty: bool = False) -> str:
    """A comment. Raises `Invalid` when nothing is left of it, unless it may be empty, or it is too long."""
    cleaned = _text(text, COMMENT_CHARS, "comment-too-long", "A comment")
    if not cleaned and not may_be_empty:
        raise Invalid("empty-text", "There is nothing to send: the text is empty.")
    return cleaned


def labels(texts: Iterable[str]) -> list[str]:
    """Labels in lower case, in order, without doubles and empties. Raises `Invalid` for one that is too long."""
    cleaned = {clean_line(text, LABEL_CHARS * 4).lstrip("# ").lower() for text in texts} - {""}
    if any(len(label) > LABEL_CHARS for label in cleaned):
        raise Invalid("label-too-long", f"A label can have at most {LABEL_CHARS} characters.")
    return sorted(cleaned)


def view_name(text: str) -> str:
    """The name of a saved view on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, VIEW_NAME_CHARS + 1)
    if not 1 <= len(name) <= VIEW_NAME_CHARS:
        raise Invalid("view-name-malformed", f"A view's name has 1 to {VIEW_NAME_CHARS} characters.")
    return name


def assignment(
    agent_id: UUID | UnsetType | None, team_id: UUID | UnsetType | None
) -> dict[str, UUID | None]:  # fmt: skip
    """The fields that an assignment sets: to an agent and to a team exclude each other. Raises `Invalid` for both."""
    if agent_id and team_id:
        raise Invalid("agent-or-team", "Assign to an agent or to a team, not to both.")
    if agent_id or team_id:
        return {"assignee_id": agent_id or None, "team_id": team_id or None}
    given = {"assignee_id": agent_id, "team_id": team_id}
    return {name: None for name, value in given.items() if value is not UNSET}


def changed(before: Fields, change: EditTicket | EditTickets) -> Fields:
    """The fields after a change. Raises `Invalid` for what a field may not hold."""
    given = {
        name: value for name in ("status", "priority") if (value := getattr(change, name)) is not UNSET
    } | assignment(change.assignee_id, change.team_id)
    if change.add_labels or change.remove_labels:
        given["labels"] = _relabelled(before.labels, change)
    if isinstance(change, EditTicket):
        given |= _own_fields(change)
    return msgspec.structs.replace(before, **given)


def difference(before: Fields, after: Fields) -> list[TicketChange]:
    """What the history says of a change, field by field; nothing for what stayed."""
    return [
        TicketChange(field=field, before=_told(was), after=_told(now))
        for name, field in _NAMES.items()
        if (was := getattr(before, name)) != (now := getattr(after, name))
    ]


def _own_fields(change: EditTicket) -> dict[str, object]:
    given: dict[str, object] = {}
    if change.title is not UNSET:
        given["title"] = title(change.title)
    if change.description is not UNSET:
        given["description"] = description(change.description)
    if change.due_on is not UNSET:
        given["due_on"] = change.due_on
    return given


def _relabelled(before: Sequence[str], change: EditTicket | EditTickets) -> list[str]:
    after = sorted((set(before) - set(labels(change.remove_labels))) | set(labels(change.add_labels)))
    if len(after) > LABELS:
        raise Invalid("too-many-ticket-labels", f"A ticket can have at most {LABELS} labels. Remove one first.")
    return after


def _text(text: str, limit: int, code: str, what: str) -> str:
    cleaned = clean_text(text)
    if len(cleaned) > limit:
        raise Invalid(code, f"{what} can have at most {limit:,} characters; this one has {len(cleaned):,}.")
    return cleaned


def _told(value: object) -> str | list[str] | None:
    if value is None or isinstance(value, str | list):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
