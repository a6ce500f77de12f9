"""A CSV file of people, read line by line. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args

import msgspec

from alongside.domains.agents import logic
from alongside.domains.agents.joining_schemas import ImportProblem
from alongside.domains.agents.schemas import Area
from alongside.domains.workspace.schemas import Locale
from alongside.kit import csv
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

MOST_PEOPLE = 1_000
LIST_SEPARATOR = ";"

# What a column may be called; the first is what problems call it.
COLUMNS = {
    "email": ("email", "e-mail", "mail", "e-mail-adresse"),
    "display_name": ("display_name", "display name", "name", "anzeigename"),
    "role": ("role", "rolle"),
    "teams": ("teams", "team"),
    "tags": ("tags", "skills", "fähigkeiten"),
    "description": ("description", "beschreibung"),
    "area": ("area", "is agent for", "bereich"),
    "chat_limit": ("chat_limit", "max. concurrent chats", "limit", "chats"),
    "locale": ("locale", "language", "sprache"),
}
REFUSED = {"password", "passwort", "kennwort"}

NOT_CSV = {
    "encoding": "This file is not UTF-8. Save it as CSV UTF-8 and choose it again.",
    "empty": "This file holds no line of text.",
    "quotes": "A quotation mark is missing, or stands in the middle of a cell.",
    "rows": f"A file can have at most {MOST_PEOPLE:,} people. Import it in parts.",
}


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """A line as it was understood; what was not has a problem and the default in its place."""

    line: int
    email: str
    display_name: str
    role: str
    teams: list[str]
    tags: list[str]
    description: str
    area: Area
    chat_limit: int
    locale: Locale | None
    problems: list[ImportProblem]


def people(text: str) -> tuple[list[Person], list[str]]:
    """Everybody in a file, and the columns that mean nothing here. Raises `Invalid` for what is no such file."""
    sheet = _read(text)
    places, ignored = _places(sheet.header)
    found = [_person(line, {name: _cell(cells, at) for name, at in places.items()}) for line, cells in sheet.rows]
    if not found:
        raise Invalid("import-empty", "Below the header there is no line. Add one for each person.")
    return _without_doubles(found), ignored


def _read(text: str) -> csv.Sheet:
    try:
        return csv.read(text.encode("utf-8", "replace"), MOST_PEOPLE)
    except csv.NotCsv as error:
        where = f" (line {error.line})" if error.line else ""
        raise Invalid("import-malformed", NOT_CSV[error.reason] + where, line=error.line) from None


def _places(header: list[str]) -> tuple[dict[str, int], list[str]]:
    titles = [clean_line(title, 80) for title in header]
    if refused := [title for title in titles if title.lower() in REFUSED]:
        raise Invalid(
            "import-has-passwords",
            f"Take the column {refused[0]!r} out: passwords do not belong in a file. Everybody gets a link and "
            "chooses their own.",
        )
    places: dict[str, int] = {}
    for name, titles_of in COLUMNS.items():
        at = [place for place, title in enumerate(titles) if title.lower() in titles_of]
        if len(at) > 1:
            raise Invalid("import-column-twice", f"Two columns mean {name}. Take one out.")
        if at:
            places[name] = at[0]
    if "email" not in places:
        raise Invalid(
            "import-needs-email",
            "The first line must name the columns, one of them email. Others: " + ", ".join(list(COLUMNS)[1:]) + ".",
        )
    return places, [title for place, title in enumerate(titles) if title and place not in places.values()]


def _cell(cells: list[str], at: int) -> str:
    return cells[at] if at < len(cells) else ""


def _person(line: int, cells: dict[str, str]) -> Person:
    problems: list[ImportProblem] = []

    def take(column: str, read: Callable[[str], Any], otherwise: Any) -> Any:
        text = cells.get(column, "").strip()
        if not text and column != "email":
            return otherwise
        try:
            return read(text)
        except Invalid as error:
            problems.append(ImportProblem(column, error.code, error.message))
            return otherwise

    return Person(
        line=line,
        email=take("email", logic.normal_email, clean_line(cells["email"], logic.EMAIL_CHARS)),
        display_name=take("display_name", logic.display_name, ""),
        role=clean_line(cells.get("role", ""), logic.NAME_CHARS),
        teams=_list(cells.get("teams", "")),
        tags=logic.tags(_list(cells.get("tags", ""))),
        description=take("description", logic.description, ""),
        area=take("area", _one_of("area", get_args(Area)), "chat"),
        chat_limit=take("chat_limit", _limit, 5),
        locale=take("locale", _one_of("locale", get_args(Locale)), None),
        problems=problems,
    )


def _list(text: str) -> list[str]:
    names = (clean_line(name, logic.NAME_CHARS) for name in text.split(LIST_SEPARATOR))
    return list(dict.fromkeys(name for name in names if name))


def _one_of(column: str, known: tuple[str, ...]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in known:
            raise Invalid(f"{column}-unknown", f"Write one of: {', '.join(known)}.")
        return text.lower()

    return read


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= 1_000):
        raise Invalid("limit-malformed", "Write a whole number from 1 to 1,000.")
    return int(text)


def _without_doubles(found: list[Person]) -> list[Person]:
    first: dict[str, int] = {}
    judged = []
    for person in found:
        line = first.setdefault(person.email, person.line)
        double = ImportProblem("email", "email-twice", f"This address stands in line {line} already.")
        problems = person.problems if line == person.line else [*person.problems, double]
        judged.append(msgspec.structs.replace(person, problems=problems))
    return judged
