"""Two contacts are one person, or were not after all.

Nothing moves: the contact that is merged keeps its tokens and conversations, and points to the one that stands for both
(docs/decisions/merge.md). So no visitor sees more than before, and undoing loses nothing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.contacts import policy, queries
from alongside.domains.contacts.actions.details import announce_change, lock_person, no_such_contact
from alongside.domains.contacts.events import CustomersMerged, CustomersSeparated
from alongside.domains.contacts.queries import UNDO_WITHIN, Standing
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Work
from alongside.platform.errors import Conflict, Forbidden, NotFound

COLUMNS = ("name", "email", "phone")
# To whom they belong: to one of the two, or to nobody.
OWNER = ("agent_id", "team_id")

POINT = "UPDATE contact SET merged_into = $1 WHERE id = $2 OR merged_into = $2 RETURNING id"

# All contacts of a person look alike: each stands in the inbox with its own conversations. Of what an undo brings back,
# labels and teams that were deleted meanwhile stay away.
ALIKE = """
UPDATE contact SET name = $2, email = $3, phone = $4, agent_id = $5, team_id = (SELECT id FROM team WHERE id = $6),
    label_ids = ARRAY(SELECT given.id FROM unnest($7::uuid[]) WITH ORDINALITY AS given (id, place)
                      JOIN label l ON l.id = given.id ORDER BY given.place)
WHERE person_id = $1
"""

TAKE_FIELDS = """
INSERT INTO contact_field (contact_id, field_id, value, source, set_by, search)
SELECT $1, field_id, value, 'merge', $3, search FROM contact_field WHERE contact_id = $2 AND value IS NOT NULL
ON CONFLICT (contact_id, field_id) DO UPDATE
SET value = excluded.value, source = 'merge', set_by = excluded.set_by, set_at = now(), search = excluded.search
WHERE contact_field.value IS NULL
RETURNING field_id
"""

# Only those that nobody has set since.
CLEAR_FIELDS = """
UPDATE contact_field SET value = NULL, source = NULL, set_by = NULL, search = ''
WHERE contact_id = $1 AND field_id = ANY($2) AND source = 'merge' AND set_at = $3 AND claim IS NOT NULL
"""
REMOVE_FIELDS = """
DELETE FROM contact_field
WHERE contact_id = $1 AND field_id = ANY($2) AND source = 'merge' AND set_at = $3 AND claim IS NULL
"""

# Whom a site knows by two ids, it knows as two people, whatever an agent believed before.
KEEP_APART = """
UPDATE contact s SET merged_into = NULL
WHERE s.person_id = (SELECT person_id FROM contact WHERE id = $1) AND s.merged_into IS NOT NULL AND EXISTS (
    SELECT FROM identity own
    JOIN contact o ON o.person_id = s.person_id AND o.id <> s.id
    JOIN identity other ON other.contact_id = o.id AND other.kind = 'verified' AND other.value <> own.value
    WHERE own.contact_id = s.id AND own.kind = 'verified')
"""

SWEEP = f"DELETE FROM contact_merge WHERE at < now() - interval '{UNDO_WITHIN}'"


class Before(msgspec.Struct, frozen=True):
    """What a merge changed. `shells`: who had been merged into the one that went. `fields`: those taken over."""

    kept: Standing
    gone: Standing
    shells: list[UUID]
    fields: list[UUID]


async def merge(work: Work, actor: AgentActor, kept_id: UUID, gone_id: UUID) -> UUID:
    """Two contacts are one person from now on. Returns who stands for them.

    What the kept one does not know it takes over; a verified one is always the kept one. Raises `Conflict` where the
    site knows the two by different ids.
    """
    _require_merge(actor)
    kept, gone = await _lock_both(work, actor, kept_id, gone_id)
    if gone.verified_ids and not kept.verified_ids:
        kept, gone = gone, kept
    ids = sorted({*kept.verified_ids, *gone.verified_ids})
    if kept.verified_ids and gone.verified_ids and len(ids) > 1:
        raise Conflict(
            "two-verified-ids",
            f"Your site knows these two by different ids ({', '.join(ids[:4])}): they are two people and stay two.",
        )
    moved = [row["id"] for row in await work.rows(POINT, kept.id, gone.id)]
    fields = [row["field_id"] for row in await work.rows(TAKE_FIELDS, kept.id, gone.id, actor.id)]
    await work.run(ALIKE, kept.id, *_looks(_with(kept, gone)))
    before = Before(kept, gone, [each for each in moved if each != gone.id], fields)
    await work.run(
        "INSERT INTO contact_merge (kept_id, gone_id, by_id, before) VALUES ($1, $2, $3, $4)",
        kept.id,
        gone.id,
        actor.id,
        before,
    )
    numbers = await _announce(work, kept.id, gone.id)
    work.announce(
        CustomersMerged(
            actor_id=actor.id,
            customer_id=kept.id,
            customer_number=numbers[kept.id],
            other_id=gone.id,
            other_number=numbers[gone.id],
        )
    )
    return kept.id


async def undo_merge(work: Work, actor: AgentActor, merge_id: UUID) -> tuple[UUID, UUID]:
    """The two are two people again, each with what it had; what was changed since stays with the kept one.

    Returns both. Raises `NotFound` a day after the merge, and `Conflict` where the kept one has been merged since.
    """
    _require_merge(actor)
    row = await queries.merge_for_update(work, merge_id)
    if row is None or not await queries.in_sight(work, actor, row["kept_id"]):
        raise NotFound("no-such-merge", "This merge cannot be undone any more: that is possible for a day.")
    before = msgspec.convert(row["before"], Before)
    if await lock_person(work, row["kept_id"]) != row["kept_id"]:
        raise Conflict("merged-again", "This contact was merged once more since. Undo the later merge first.")
    now = await queries.standing(work, row["kept_id"])
    await work.run("UPDATE contact SET merged_into = NULL WHERE id = $1 AND merged_into = $2", before.gone.id, now.id)
    await work.run(
        "UPDATE contact SET merged_into = $1 WHERE id = ANY($2) AND merged_into = $3",
        before.gone.id,
        before.shells,
        now.id,
    )
    await work.run(ALIKE, before.gone.id, *_looks(before.gone))
    await work.run(ALIKE, now.id, *_looks(_without(now, before)))
    for sql in (CLEAR_FIELDS, REMOVE_FIELDS):
        await work.run(sql, now.id, before.fields, row["at"])
    await work.run("DELETE FROM contact_merge WHERE id = $1", merge_id)
    numbers = await _announce(work, now.id, before.gone.id)
    work.announce(
        CustomersSeparated(
            actor_id=actor.id,
            customer_id=now.id,
            customer_number=numbers[now.id],
            other_id=before.gone.id,
            other_number=numbers[before.gone.id],
        )
    )
    return now.id, before.gone.id


async def keep_apart(work: Work, contact_id: UUID) -> None:
    """After a site vouched for a contact: nobody stays merged whom sites know by different ids."""
    await work.run(KEEP_APART, contact_id)


async def forget_merges(work: Work) -> int:
    """Merges of more than a day ago can no longer be undone. Returns how many."""
    return await work.run(SWEEP)


async def _announce(work: Work, *contact_ids: UUID) -> dict[UUID, int]:
    """Each has changed. Returns their numbers, by which the audit log knows them."""
    for contact_id in contact_ids:
        await announce_change(work, contact_id)
    return await queries.numbers(work, contact_ids)


async def _lock_both(work: Work, actor: AgentActor, kept_id: UUID, gone_id: UUID) -> tuple[Standing, Standing]:
    """Both as they stand, locked in one order, so that two who merge the same two do not wait for each other."""
    people = [await queries.person(work, each) for each in (kept_id, gone_id)]
    for each in sorted(filter(None, people)):
        await lock_person(work, each)
    if not all([each and await queries.in_sight(work, actor, each) for each in people]):
        raise no_such_contact()
    # Whoever was merged while we waited for a lock is seen now.
    kept, gone = [await queries.standing(work, each) for each in people if each]
    if kept.person_id == gone.person_id:
        raise Conflict("already-one-person", "These two are one person already.")
    if (kept.person_id, gone.person_id) != (kept.id, gone.id):
        raise Conflict("merged-meanwhile", "A colleague has merged one of these two meanwhile. Look at them again.")
    return kept, gone


def _with(kept: Standing, gone: Standing) -> Standing:
    """The kept one, with what it does not know from the one that goes."""
    missing = [column for column in COLUMNS if not getattr(kept, column)]
    if _owner(kept) == (None, None):
        missing += OWNER
    labels = list(dict.fromkeys([*kept.label_ids, *gone.label_ids]))
    return msgspec.structs.replace(kept, **{each: getattr(gone, each) for each in missing}, label_ids=labels)


def _without(now: Standing, before: Before) -> Standing:
    """The kept one without what it took over from the one that went, unless that was changed since."""
    taken = {
        column: None
        for column in COLUMNS
        if getattr(before.kept, column) is None and getattr(now, column) == getattr(before.gone, column)
    }
    if _owner(before.kept) == (None, None) and _owner(now) == _owner(before.gone):
        taken |= dict.fromkeys(OWNER)
    came = set(before.gone.label_ids) - set(before.kept.label_ids)
    return msgspec.structs.replace(now, **taken, label_ids=[each for each in now.label_ids if each not in came])


def _looks(standing: Standing) -> tuple[Any, ...]:
    return (*(getattr(standing, column) for column in (*COLUMNS, *OWNER)), standing.label_ids)


def _owner(standing: Standing) -> tuple[UUID | None, UUID | None]:
    return standing.agent_id, standing.team_id


def _require_merge(actor: AgentActor) -> None:
    if not policy.may_merge(actor):
        raise Forbidden("not-permitted", "Your role does not allow merging contacts. Ask an admin for it.")
