"""What fields may hold, and that the history tells the whole of a change."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import UNSET

from alongside.domains.tickets import logic
from alongside.domains.tickets.logic import Fields
from alongside.domains.tickets.schemas import EditTicket, EditTickets, TicketChange
from alongside.platform.errors import Invalid

ADA, BEN, TEAM = uuid4(), uuid4(), uuid4()
PLAIN = Fields(
    title="A broken zip",
    description="",
    status="open",
    priority="normal",
    assignee_id=None,
    team_id=None,
    due_on=None,
    labels=[],
)

people = some.sampled_from([UNSET, None, ADA, BEN])
teams = some.sampled_from([UNSET, None, TEAM])
words = some.lists(some.sampled_from(["zip", "Zip ", "#tent", "boot"]), max_size=3)
changes = some.builds(
    EditTicket,
    title=some.sampled_from([UNSET, "A broken zip", "Another  title"]),
    description=some.sampled_from([UNSET, "", "words"]),
    status=some.sampled_from([UNSET, "open", "closed"]),
    priority=some.sampled_from([UNSET, "low", "urgent"]),
    assignee_id=people,
    team_id=teams,
    due_on=some.sampled_from([UNSET, None, date(2026, 12, 1)]),
    add_labels=words,
    remove_labels=words,
)


def tell(state: dict[str, object], told: list[TicketChange]) -> None:
    """Follow what a history says, refusing what cannot follow on what it said before."""
    for change in told:
        assert state[change.field] == change.before
        assert change.before != change.after, "a change that changes nothing"
        state[change.field] = change.after


def as_told(fields: Fields) -> dict[str, object]:
    """The fields as a history speaks of them."""
    ids: dict[str, UUID | None] = {"assignee": fields.assignee_id, "team": fields.team_id}
    return {
        "title": fields.title,
        "description": fields.description,
        "status": fields.status,
        "priority": fields.priority,
        "due": fields.due_on.isoformat() if fields.due_on else None,
        "labels": fields.labels,
    } | {name: str(value) if value else None for name, value in ids.items()}


@given(some.lists(changes, max_size=8))
def test_the_history_replayed_is_the_ticket(made: list[EditTicket]) -> None:
    fields, state = PLAIN, as_told(PLAIN)
    for change in made:
        if change.assignee_id and change.team_id:
            with pytest.raises(Invalid, match="not to both"):
                logic.changed(fields, change)
            continue
        after = logic.changed(fields, change)
        tell(state, logic.difference(fields, after))
        fields = after
        assert not (fields.assignee_id and fields.team_id)
        assert logic.difference(fields, logic.changed(fields, EditTicket())) == []
    assert state == as_told(fields)


@given(some.lists(some.text(max_size=60), max_size=5))
def test_labels_are_normal_once_and_for_all(texts: list[str]) -> None:
    try:
        once = logic.labels(texts)
    except Invalid:
        assert any(len(text) > 40 for text in texts)
        return
    assert logic.labels(once) == once == sorted(set(once))
    assert all(0 < len(label) <= 40 and "\n" not in label for label in once)


def test_what_is_added_wins_over_what_is_removed() -> None:
    change = EditTickets(numbers=[1], add_labels=["zip"], remove_labels=["ZIP", "boot"])
    before = logic.changed(PLAIN, EditTicket(add_labels=["boot", "zip"]))
    assert logic.changed(before, change).labels == ["zip"]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Is the green\none in stock?", "Is the green one in stock?"),
        ("x" * 300, "x" * 200),
        (" \n\x00", "Visitor 1042"),
        ("", "Visitor 1042"),
    ],
)
def test_a_title_is_always_found(message: str, expected: str) -> None:
    assert logic.title_from(message, 1042) == expected
    assert logic.title(expected) == expected
