"""Values of fields: set by an agent, by a site's signature, or claimed by a page.

A claim stands beside the value and never in its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.contacts import queries
from alongside.domains.contacts.actions.details import announce_change, lock_person, lock_person_in_sight, require_edit
from alongside.domains.contacts.schemas import SetField
from alongside.domains.fields import logic
from alongside.domains.fields import queries as field_queries
from alongside.domains.fields.schemas import MOST_FIELDS, Content, Field, SetByPage
from alongside.kit.text import clean_line
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Invalid, NotFound

# What a page sees of fields that it may not set is what it sees of fields that are not there.
UNKNOWN = 'The field "{key}" was left out: there is none of this key that a page may set{how}.'

SET = """
INSERT INTO contact_field (contact_id, field_id, value, source, set_by, search) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (contact_id, field_id) DO UPDATE
SET value = excluded.value, source = excluded.source, set_by = excluded.set_by, set_at = now(), search = excluded.search
"""
CLEAR = """
UPDATE contact_field SET value = NULL, source = NULL, set_by = NULL, set_at = now(), search = ''
WHERE contact_id = $1 AND field_id = $2 AND claim IS NOT NULL
"""
REMOVE = "DELETE FROM contact_field WHERE contact_id = $1 AND field_id = $2 AND claim IS NULL"

CLAIM = """
INSERT INTO contact_field (contact_id, field_id, claim) VALUES ($1, $2, $3)
ON CONFLICT (contact_id, field_id) DO UPDATE SET claim = excluded.claim
"""
FORGET_CLAIMS = "UPDATE contact_field SET claim = NULL WHERE contact_id = $1 AND value IS NOT NULL"
REMOVE_CLAIMS = "DELETE FROM contact_field WHERE contact_id = $1 AND value IS NULL"


async def set_field(work: Work, actor: AgentActor, contact_id: UUID, field_id: UUID, change: SetField) -> None:
    """Set or clear the value of a field. Raises `Conflict` where it is no longer `change.was`."""
    require_edit(actor)
    held = await field_queries.held_in_use(work, [field_id])
    field = next((each for each in await field_queries.fields_for(work, actor) if each.id in held), None)
    if field is None:
        raise NotFound("no-such-field", "This field does not exist (any more).")
    value = logic.clean_value(field, change.value)
    person_id = await lock_person_in_sight(work, actor, contact_id)
    before = await queries.field_value(work, person_id, field_id)
    if change.was is not msgspec.UNSET and change.was != before:
        raise Conflict("field-value-changed", "A colleague has changed this field meanwhile.", value=before)
    if value is None and before is not None and field.required:
        raise Invalid("field-required", "This field is required: it can be changed, but not cleared.")
    await store(work, person_id, (field, value), "agent", actor.id)
    await announce_change(work, person_id)


async def take_vouched_fields(work: Work, contact_id: UUID, said: Mapping[str, Any] | None) -> list[str]:
    """Set what a signed token says of its subject; null clears. Returns what was left out, and why."""
    if not said:
        return []
    taken, left_out = await _acceptable(work, said, ("signed", "unsigned"))
    person_id = await lock_person(work, contact_id)
    for pair in taken:
        await store(work, person_id, pair, "signed", None)
    return left_out


async def claim_fields(work: Work, contact_id: UUID, said: Mapping[str, Any] | None) -> list[str]:
    """Keep what a page says of its visitor without proof, in the place of what it said before.

    Returns what was left out, and why.
    """
    if said is None:
        return []
    taken, left_out = await _acceptable(work, said, ("unsigned",))
    await work.run(FORGET_CLAIMS, contact_id)
    await work.run(REMOVE_CLAIMS, contact_id)
    for field, value in taken:
        if value is not None:
            await work.run(CLAIM, contact_id, field.id, value)
    return left_out


async def claim_by_rule(work: Work, contact_id: UUID, field_id: UUID, said: str) -> bool:
    """Claim a field's value because a rule says so: a browser's word, as a page's claim. False where it cannot be."""
    held = await field_queries.held_in_use(work, [field_id])
    field = next((each for each in await field_queries.fields(work) if each.id in held), None)
    try:
        value = logic.read_text(field, said) if field else None
    except Invalid:
        return False
    if field is None or value is None:
        return False
    await work.run(CLAIM, contact_id, field.id, value)
    await announce_change(work, contact_id)
    return True


async def store(work: Work, contact_id: UUID, pair: tuple[Field, Content | None], source: str, by: UUID | None) -> None:
    """Write a cleaned value, or take it away. The caller has locked the person and judged who may."""
    field, value = pair
    if value is None:
        await work.run(CLEAR, contact_id, field.id)
        await work.run(REMOVE, contact_id, field.id)
        return
    await work.run(SET, contact_id, field.id, value, source, by, logic.search_words(field, value))


async def _acceptable(
    work: Work, said: Mapping[str, Any], allowed: tuple[SetByPage, ...]
) -> tuple[list[tuple[Field, Content | None]], list[str]]:
    """What a page may set of what it says, cleaned; and in words what not, so that nothing else of it is lost."""
    named = [field for field in await field_queries.fields(work) if field.key in said]
    held = await field_queries.held_in_use(work, [field.id for field in named])
    known = {field.key: field for field in named if field.id in held}
    taken: list[tuple[Field, Content | None]] = []
    left_out = []
    for key, raw in islice(said.items(), MOST_FIELDS):
        field = known.get(key)
        if field is None or field.set_by_page not in allowed:
            how = "" if "signed" in allowed else " without a signed token"
            left_out.append(UNKNOWN.format(key=clean_line(str(key), 60), how=how))
            continue
        try:
            taken.append((field, logic.clean_value(field, raw)))
        except Invalid as refusal:
            left_out.append(f'The field "{key}" was left out: {refusal.message.partition(": ")[2]}')
    return taken, left_out
