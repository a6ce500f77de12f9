"""Many contacts from a file: first looked at, then all written or none."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from alongside.domains.contacts import book, policy
from alongside.domains.contacts.events import ContactsImported, CustomersImported
from alongside.domains.contacts.logic import tables
from alongside.domains.contacts.logic.tables import Draft, Problem
from alongside.domains.contacts.schemas import ContactImportProblem, ContactImportReport, ImportMatch
from alongside.domains.fields import queries as field_queries
from alongside.domains.labels import queries as labels
from alongside.kit import csv
from alongside.kit.csv import NotCsv
from alongside.kit.ids import new_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Reading, Work
from alongside.platform.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge

MOST_BYTES = 4_000_000
MOST_ROWS = 5_000
PROBLEMS_TOLD = 200

# One import after the other: two that bring the same new person would make two of it.
IN_TURN = "SELECT pg_advisory_xact_lock(hashtext('contacts.import'))"

CREATE = """
INSERT INTO contact (id, name, email, phone) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
"""
KNOW = """
INSERT INTO identity (contact_id, channel_id, kind, value, verified)
SELECT id, $2, 'verified', value, true FROM unnest($1::uuid[], $3::text[]) AS known (id, value)
"""
# An empty cell says nothing.
CHANGE = """
UPDATE contact c SET name = coalesce(g.name, c.name), email = coalesce(g.email, c.email),
                     phone = coalesce(g.phone, c.phone)
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS g (id, name, email, phone) WHERE c.person_id = g.id
"""
SET_FIELDS = """
INSERT INTO contact_field (contact_id, field_id, value, source, set_by, search)
SELECT contact_id, field_id, value::jsonb, 'import', $5, search
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) AS g (contact_id, field_id, value, search)
ON CONFLICT (contact_id, field_id) DO UPDATE
SET value = excluded.value, source = 'import', set_by = excluded.set_by, set_at = now(), search = excluded.search
"""
PUT_LABELS = """
WITH added AS (
    SELECT id, array_agg(label_id) AS label_ids FROM unnest($1::uuid[], $2::uuid[]) AS g (id, label_id) GROUP BY id
)
UPDATE contact c
SET label_ids = c.label_ids || ARRAY(SELECT unnest(added.label_ids) EXCEPT SELECT unnest(c.label_ids))
FROM added WHERE c.person_id = added.id
"""


class HowToImport(msgspec.Struct, frozen=True):
    """By what contacts are recognised; a site's own id belongs to one channel."""

    match: ImportMatch
    channel_id: UUID | None = None


class _Plan(msgspec.Struct, frozen=True):
    report: ContactImportReport
    # Who each draft is: the id of a contact that is there, or a new one.
    known: list[tuple[UUID, Draft]]
    fresh: list[tuple[UUID, Draft]]


async def preview_import(reading: Reading, actor: AgentActor, content: bytes, how: HowToImport) -> ContactImportReport:
    """What the file would do, and what is wrong with it. Writes nothing."""
    return (await _plan(reading, actor, content, how)).report


async def import_contacts(work: Work, actor: AgentActor, content: bytes, how: HowToImport) -> ContactImportReport:
    """Make and change contacts as the file says. Raises `Invalid` where any line is wrong: then nothing is written."""
    await work.value(IN_TURN)
    plan = await _plan(work, actor, content, how)
    if plan.report.problem_count:
        raise Invalid(
            "import-problems",
            f"{plan.report.problem_count} cells or lines cannot be imported, so nothing was. The preview names them.",
        )
    await _write(work, plan, actor, how)
    created, changed = len(plan.fresh), len(plan.known)
    work.announce(ContactsImported(created=created, changed=changed))
    work.announce(CustomersImported(actor_id=actor.id, created=created, changed=changed))
    return msgspec.structs.replace(plan.report, applied=True)


async def _plan(reading: Reading, actor: AgentActor, content: bytes, how: HowToImport) -> _Plan:
    if not policy.may_import(actor):
        raise Forbidden("not-permitted", "Your role does not allow importing contacts. Ask an admin for it.")
    await _check_channel(reading, how)
    sheet = _sheet(content)
    fields = await field_queries.fields_for(reading, actor)
    columns = tables.columns(sheet.header, fields, how.match)
    names = {label.name.lower(): label.id for label in await labels.labels(reading)}
    drafts, problems = tables.read_rows(sheet.rows, columns.known, how.match, names)
    keys = [draft.key for draft in drafts]
    people = await book.people_by_key(reading, keys, how.channel_id if how.match == "verified_id" else None)
    known, fresh = [], []
    for draft in drafts:
        ids = people.get(draft.key, [])
        if len(ids) > 1:
            text = f"There are {len(ids)} contacts with this {how.match}. Merge them first."
            problems.append(Problem(draft.line, how.match, text))
        elif ids:
            known.append((ids[0], draft))
        else:
            fresh.append((new_id(), draft))
    problems += await _too_many_labels(reading, known)
    report = ContactImportReport(
        applied=False,
        created=len(fresh),
        changed=len(known),
        columns=[column.heading for column in columns.known],
        ignored=columns.ignored,
        problems=[
            ContactImportProblem(line=each.line, column=each.column, message=each.message)
            for each in sorted(problems, key=lambda problem: problem.line)[:PROBLEMS_TOLD]
        ],
        problem_count=len(problems),
    )
    return _Plan(report, known, fresh)


async def _write(work: Work, plan: _Plan, actor: AgentActor, how: HowToImport) -> None:
    await work.run(CREATE, *_own_columns(plan.fresh))
    await work.run(CHANGE, *_own_columns(plan.known))
    if how.match == "verified_id":
        ids, keys = [each[0] for each in plan.fresh], [each[1].key for each in plan.fresh]
        try:
            await work.run(KNOW, ids, how.channel_id, keys)
        except asyncpg.UniqueViolationError:
            raise Conflict(
                "import-raced", "One of these people came to your site at this moment; nothing was imported. Try again."
            ) from None
    everybody = [*plan.known, *plan.fresh]
    values = [
        (contact_id, field_id, msgspec.json.encode(value).decode(), search)
        for contact_id, draft in everybody
        for field_id, (value, search) in draft.fields.items()
    ]
    if values:
        await work.run(SET_FIELDS, *map(list, zip(*values, strict=True)), actor.id)
    if carried := [(contact_id, label_id) for contact_id, draft in everybody for label_id in draft.labels]:
        await work.run(PUT_LABELS, *map(list, zip(*carried, strict=True)))


def _own_columns(people: list[tuple[UUID, Draft]]) -> tuple[list[Any], ...]:
    ids = [contact_id for contact_id, _ in people]
    return ids, *([draft.own.get(name) for _, draft in people] for name in ("name", "email", "phone"))


async def _too_many_labels(reading: Reading, known: list[tuple[UUID, Draft]]) -> list[Problem]:
    carried = await book.labels_of(reading, [contact_id for contact_id, draft in known if draft.labels])
    text = f"With these it would carry more than {tables.MOST_LABELS} labels."
    return [
        Problem(draft.line, "labels", text)
        for contact_id, draft in known
        if len({*carried.get(contact_id, ()), *draft.labels}) > tables.MOST_LABELS
    ]


async def _check_channel(reading: Reading, how: HowToImport) -> None:
    if how.match == "email":
        return
    if how.channel_id is None:
        raise Invalid("import-channel-missing", "Say to which channel the ids belong: each site has its own.")
    if not await book.is_channel(reading, how.channel_id):
        raise NotFound("no-such-channel", "This channel does not exist.")


def _sheet(content: bytes) -> csv.Sheet:
    if len(content) > MOST_BYTES:
        raise TooLarge("import-too-large", f"The file is larger than {MOST_BYTES // 1_000_000} MB. Import it in parts.")
    try:
        return csv.read(content, MOST_ROWS)
    except NotCsv as error:
        where = f" The first such line is {error.line}." if error.line else ""
        raise Invalid(f"csv-{error.reason}", _WORDS[error.reason] + where) from error


_WORDS = {
    "encoding": "The file is not in UTF-8. Save it as “CSV UTF-8”.",
    "empty": "The file is empty. Its first line must name the columns.",
    "quotes": "The file is no CSV: quotes do not match.",
    "rows": f"The file has more than {MOST_ROWS:,} lines. Import it in parts.",
}
