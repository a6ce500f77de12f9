"""What can be done to labels."""

from __future__ import annotations

from uuid import UUID

import asyncpg
from msgspec import UNSET

from alongside.domains.labels import policy, queries
from alongside.domains.labels.events import LabelsChanged
from alongside.domains.labels.schemas import MOST_LABELS, NAME_CHARS, EditLabel, Label, NewLabel
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

INSERT = """
INSERT INTO label (name, colour) VALUES ($1, $2) ON CONFLICT ((lower(name))) DO NOTHING RETURNING id, name, colour
"""

# Rows without any label are in no index and are not looked at.
TAKE_OFF_CONTACTS = """
UPDATE contact SET label_ids = array_remove(label_ids, $1::uuid)
WHERE cardinality(label_ids) > 0 AND label_ids @> ARRAY[$1::uuid]
"""
TAKE_OFF_CONVERSATIONS = """
UPDATE conversation SET label_ids = array_remove(label_ids, $1::uuid)
WHERE cardinality(label_ids) > 0 AND label_ids @> ARRAY[$1::uuid]
"""


async def create_label(work: Work, actor: AgentActor, new: NewLabel) -> Label:
    """Make a label. Raises `Conflict` for a taken name."""
    _require_manage(actor)
    if await queries.count(work) >= MOST_LABELS:
        raise Conflict("too-many-labels", f"There are {MOST_LABELS} labels already. Delete one that is not used.")
    row = await work.row(INSERT, label_name(new.name), new.colour)
    if row is None:
        raise _name_taken()
    work.announce(LabelsChanged())
    return Label(**dict(row))


async def edit_label(work: Work, actor: AgentActor, label_id: UUID, change: EditLabel) -> Label:
    """Give a label another name or colour."""
    _require_manage(actor)
    before = await _locked(work, label_id)
    name = before.name if change.name is UNSET else label_name(change.name)
    colour = before.colour if change.colour is UNSET else change.colour
    try:
        await work.run("UPDATE label SET name = $2, colour = $3 WHERE id = $1", label_id, name, colour)
    except asyncpg.UniqueViolationError:
        raise _name_taken() from None
    work.announce(LabelsChanged())
    return Label(label_id, name, colour)


async def delete_label(work: Work, actor: AgentActor, label_id: UUID) -> None:
    """Delete a label, and take it off everything that carries it."""
    _require_manage(actor)
    await _locked(work, label_id)
    await work.run("DELETE FROM label WHERE id = $1", label_id)
    await work.run(TAKE_OFF_CONTACTS, label_id)
    await work.run(TAKE_OFF_CONVERSATIONS, label_id)
    work.announce(LabelsChanged())


def label_name(text: str) -> str:
    """A name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS or ";" in name:
        raise Invalid("label-name-malformed", f"A label's name has 1 to {NAME_CHARS} characters and no semicolon.")
    return name


async def _locked(work: Work, label_id: UUID) -> Label:
    label = await queries.label_for_update(work, label_id)
    if label is None:
        raise NotFound("no-such-label", "This label does not exist (any more).")
    return label


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow managing labels. Ask an admin for it.")


def _name_taken() -> Conflict:
    return Conflict("label-name-taken", "There is already a label with this name.")
