"""What can be done to fields: define, change, order, archive, delete."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET

from alongside.domains.fields import logic, policy, queries
from alongside.domains.fields.events import FieldsChanged
from alongside.domains.fields.schemas import MOST_FIELDS, EditField, Field, FieldOption, NewField
from alongside.domains.workspace.events import SettingsChanged
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound

What = Literal["created", "edited", "archived", "restored", "deleted"]

INSERT = """
INSERT INTO field (key, kind, label, help, options, required, personal, set_by_page, role_ids, position)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, (SELECT coalesce(max(position), 0) + 1 FROM field))
ON CONFLICT (key) DO NOTHING RETURNING id
"""

UPDATE = """
UPDATE field SET label = $2, help = $3, options = $4, required = $5, personal = $6, set_by_page = $7, role_ids = $8,
    archived_at = CASE WHEN $9 THEN coalesce(archived_at, now()) END
WHERE id = $1
"""

# Values are stored by the options' values; what is searched are the labels, which have changed.
RELABEL = """
UPDATE contact_field v SET search = coalesce((
    SELECT left(search_fold(string_agg(o ->> 'label', ' ')), 500) FROM jsonb_array_elements($2) AS o
    WHERE v.value @> (o -> 'value')), '')
WHERE v.field_id = $1 AND v.value IS NOT NULL
"""

REORDER = """
UPDATE field f SET position = wanted.place FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, place)
WHERE f.id = wanted.id
"""

FORGET_ROLE = "UPDATE field SET role_ids = array_remove(role_ids, $1) WHERE $1 = ANY(role_ids)"


async def create_field(work: Work, actor: AgentActor, new: NewField) -> Field:
    """Define a field; it comes last. Raises `Conflict` for a key that is used."""
    _require_manage(actor)
    label = logic.labels(new.label)
    if len(await queries.ids_for_update(work)) >= MOST_FIELDS:
        raise Conflict("too-many-fields", f"There are {MOST_FIELDS} fields already. Delete one that is not used.")
    await _require_roles(work, new.role_ids)
    field_id: UUID | None = await work.value(
        INSERT,
        logic.field_key(new.key, label),
        new.kind,
        label,
        logic.helps(new.help),
        logic.options(new.kind, new.options),
        new.required,
        new.personal,
        new.set_by_page,
        list(new.role_ids),
    )
    if field_id is None:
        raise Conflict("field-key-used", "There is already a field with this key. Choose another key.")
    return await _tell(work, actor, field_id, "created")


async def edit_field(work: Work, actor: AgentActor, field_id: UUID, change: EditField) -> Field:
    """Change a field. Its key and kind stay: values that are there already depend on them."""
    _require_manage(actor)
    before = await _locked(work, field_id)
    options = before.options if change.options is UNSET else logic.options(before.kind, change.options)
    roles = before.role_ids
    if change.role_ids is not UNSET:
        roles = list(change.role_ids)
        await _require_roles(work, roles)
    await work.run(
        UPDATE,
        field_id,
        before.label if change.label is UNSET else logic.labels(change.label),
        before.help if change.help is UNSET else logic.helps(change.help),
        options,
        before.required if change.required is UNSET else change.required,
        before.personal if change.personal is UNSET else change.personal,
        before.set_by_page if change.set_by_page is UNSET else change.set_by_page,
        roles,
        before.archived_at is not None if change.archived is UNSET else change.archived,
    )
    if options != before.options:
        await work.run(RELABEL, field_id, _plain(options))
    what: What = "edited"
    if change.archived is not UNSET and change.archived != (before.archived_at is not None):
        what = "archived" if change.archived else "restored"
    return await _tell(work, actor, field_id, what)


async def order_fields(work: Work, actor: AgentActor, ids: Sequence[UUID]) -> None:
    """Show the fields in this order. Raises `Conflict` where the ids are not those of all fields."""
    _require_manage(actor)
    if sorted(ids) != await queries.ids_for_update(work):
        raise Conflict("fields-changed", "Somebody has added or deleted a field meanwhile. Look at the list again.")
    await work.run(REORDER, list(ids))
    work.announce(FieldsChanged())


async def delete_field(work: Work, actor: AgentActor, field_id: UUID) -> None:
    """Delete a field and what is known by it of every contact, for good. It must have been archived before."""
    _require_manage(actor)
    field = await _locked(work, field_id)
    if field.archived_at is None:
        raise Conflict("field-in-use", "Archive the field first: then nobody works with it while it is deleted.")
    await _tell(work, actor, field_id, "deleted")
    await work.run("DELETE FROM field WHERE id = $1", field_id)


async def forget_role(work: Work, role_id: UUID) -> None:
    """A role is about to be deleted: no field names it any more.

    Raises `Conflict` where a field names no other: without any it would be for everybody.
    """
    named = await queries.of_role_for_update(work, role_id)
    if alone := [field for field in named if field.role_ids == [role_id]]:
        labels = ", ".join(f'"{field.label.get("en") or next(iter(field.label.values()))}"' for field in alone)
        raise Conflict(
            "role-knows-fields",
            f"Nobody but this role may know {labels[:300]}. Choose there who may, then delete the role.",
        )
    if named:
        await work.run(FORGET_ROLE, role_id)
        work.announce(FieldsChanged())


async def _tell(work: Work, actor: AgentActor, field_id: UUID, what: What) -> Field:
    """Consoles read the fields again; the audit log names who changed what is asked of customers."""
    field = await _locked(work, field_id)
    work.announce(FieldsChanged())
    values = {"field": field.label, "change": what}
    work.announce(SettingsChanged(actor_id=actor.id, area="fields", values=values))
    return field


async def _locked(work: Work, field_id: UUID) -> Field:
    field = await queries.field_for_update(work, field_id)
    if field is None:
        raise NotFound("no-such-field", "This field does not exist (any more).")
    return field


async def _require_roles(work: Work, role_ids: Sequence[UUID]) -> None:
    if role_ids and not await queries.all_roles_exist(work, role_ids):
        raise Invalid("no-such-role", "One of these roles does not exist (any more).")


def _require_manage(actor: AgentActor) -> None:
    if not policy.may_manage(actor):
        raise Forbidden("not-permitted", "Your role does not allow configuring fields. Ask an admin for it.")


def _plain(options: Sequence[FieldOption]) -> object:
    return msgspec.to_builtins(options)
