"""Contacts as tables: what the columns of a file mean, what each line says, and how contacts are written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.contacts.schemas import ImportMatch
from alongside.domains.fields import logic
from alongside.domains.fields.schemas import Content, Field
from alongside.kit.text import clean_line, is_email
from alongside.platform.errors import Invalid

NAME_CHARS = 200
EMAIL_CHARS = 254
MOST_LABELS = 20

OWN = ("name", "email", "phone", "verified_id", "labels")
# Written into files and left alone when they come back.
WRITTEN_ONLY = ("id", "number", "language", "created_at")


class Column(msgspec.Struct, frozen=True):
    """A column that is understood: one of a contact's own, or a field."""

    place: int
    heading: str
    own: str | None = None
    field: Field | None = None


class Columns(msgspec.Struct, frozen=True):
    """The columns of a file, and the headings that mean nothing."""

    known: list[Column]
    ignored: list[str]


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a line says of a contact; an empty cell says nothing. `key` is what it is recognised by, as compared."""

    line: int
    key: str
    own: dict[str, str]
    fields: dict[UUID, tuple[Content, str]]
    labels: list[UUID]


class Problem(msgspec.Struct, frozen=True):
    """Why a line cannot be read."""

    line: int
    column: str
    message: str


def columns(header: Sequence[str], fields: Sequence[Field], match: ImportMatch) -> Columns:
    """What each heading means. A field is named by its key or by its label in any language.

    Raises `Invalid` where a heading stands twice, or the one is missing by which contacts are recognised.
    """
    named = {text.casefold(): field for field in reversed(fields) for text in field.label.values()}
    named |= {field.key: field for field in fields}
    known: list[Column] = []
    ignored = []
    for place, cell in enumerate(header):
        heading = clean_line(cell, 100)
        folded = heading.casefold()
        own = next((name for name in OWN if name == folded.replace(" ", "_").replace("-", "_")), None)
        if own or folded in named:
            known.append(Column(place, heading, own, None if own else named[folded]))
        elif heading and folded not in WRITTEN_ONLY:
            ignored.append(heading)
    meant = [column.own or (column.field and column.field.key) for column in known]
    if doubles := {each for each in meant if meant.count(each) > 1}:
        raise Invalid(
            "import-column-double", f"The column {min(map(str, doubles))} stands in the file twice. Keep one."
        )
    if match not in meant:
        raise Invalid(
            "import-column-missing",
            f"The file has no column {match}, by which contacts are recognised. Its first line must name the columns.",
        )
    return Columns(known, ignored)


def read_rows(
    rows: Sequence[tuple[int, Sequence[str]]], known: Sequence[Column], match: ImportMatch, labels: Mapping[str, UUID]
) -> tuple[list[Draft], list[Problem]]:
    """What the lines say, and all that is wrong with them. `labels` are ids by name in lower case."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    first: dict[str, int] = {}
    for line, cells in rows:
        draft, wrong = _read_row(line, cells, known, match, labels)
        if not wrong and draft.key in first:
            wrong = [Problem(line, match, f"Line {first[draft.key]} has the same {match}.")]
        first.setdefault(draft.key, line)
        problems += wrong
        if not wrong:
            drafts.append(draft)
    return drafts, problems


def heading_row(fields: Sequence[Field]) -> list[str]:
    """The first line of a file of contacts."""
    return ["id", "number", "name", "email", "phone", "verified_id", "language", "created_at", "labels"] + [
        field.key for field in fields
    ]


def contact_row(
    contact: Mapping[str, Any], fields: Sequence[Field], values: Mapping[UUID, Content], labels: Mapping[UUID, str]
) -> list[str | int]:
    """A contact as a line of a file."""
    created: datetime = contact["created_at"]
    carried = "; ".join(labels[each] for each in contact["label_ids"] if each in labels)
    own = [contact[name] or "" for name in ("name", "email", "phone", "verified_id", "language")]
    cells = [logic.write_text(values.get(field.id)) for field in fields]
    return [str(contact["id"]), contact["number"], *own, created.isoformat(timespec="seconds"), carried, *cells]


def _read_row(
    line: int, cells: Sequence[str], known: Sequence[Column], match: ImportMatch, labels: Mapping[str, UUID]
) -> tuple[Draft, list[Problem]]:
    own: dict[str, str] = {}
    fields: dict[UUID, tuple[Content, str]] = {}
    carried: list[UUID] = []
    problems: list[Problem] = []
    for column in known:
        text = cells[column.place] if column.place < len(cells) else ""
        try:
            if column.field:
                value = logic.read_text(column.field, text)
                if value is not None:
                    fields[column.field.id] = (value, logic.search_words(column.field, value))
            elif column.own == "labels":
                carried = list(_labels(text, labels))
            elif column.own and (words := _own(column.own, text)):
                own[column.own] = words
        except Invalid as refusal:
            problems.append(Problem(line, column.heading, refusal.message))
    key = own.get(match, "")
    if not key and not any(problem.column.casefold() == match for problem in problems):
        problems.append(Problem(line, match, f"There is no {match}, by which contacts are recognised."))
    return (
        Draft(line=line, key=key.lower() if match == "email" else key, own=own, fields=fields, labels=carried),
        problems,
    )


def _own(name: str, text: str) -> str:
    words = clean_line(text, EMAIL_CHARS + 1)
    if len(words) > (EMAIL_CHARS if name == "email" else NAME_CHARS):
        raise Invalid("import-cell-too-long", f"This is longer than {NAME_CHARS} characters.")
    if name == "email" and words and not is_email(words):
        raise Invalid("email-malformed", "This is not an e-mail address. It should look like name@example.com.")
    return words


def _labels(text: str, labels: Mapping[str, UUID]) -> Iterator[UUID]:
    names = dict.fromkeys(name for part in text.split(";") if (name := clean_line(part, 100)))
    if len(names) > MOST_LABELS:
        raise Invalid("too-many-carried", f"A contact carries at most {MOST_LABELS} labels.")
    for name in names:
        if name.lower() not in labels:
            raise Invalid("no-such-label", f"There is no label “{name}”. Make it first, under Settings, Labels.")
        yield labels[name.lower()]
