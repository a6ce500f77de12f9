"""Text blocks as a CSV file: how one is written, and what a file would change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from uuid import UUID, uuid4

import msgspec

from alongside.domains.textblocks.logic.content import Content, content, language_of, shortcut_of
from alongside.domains.textblocks.schemas import (
    ImportAct,
    ImportLine,
    TextBlock,
    TextBlockImportProblem,
    TextBlockImportReport,
)
from alongside.kit import csv
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

MOST_ROWS = 10_000
TOLD = 100

NEEDED = ("title", "text")
# The last three are for people: reading them back changes nothing.
COLUMNS = ("id", "title", "shortcut", "text", "folder", "language", "teams", "files", "uses", "last_used_at")
BETWEEN_TEAMS = " | "
BETWEEN_FILES = "/"
NO_TEAM = "(nobody)"

_UNREADABLE = {
    "encoding": "The file is not UTF-8. Save it as “CSV UTF-8”.",
    "empty": "The file is empty. Its first line names the columns; title and text are needed.",
    "quotes": "A quotation mark is not closed, or stands where none may be. Save the file anew as CSV.",
    "rows": f"The file has more than {MOST_ROWS:,} rows. Split it.",
}

Scope = frozenset[UUID] | None
Cells = Mapping[str, str]


class Stored(msgspec.Struct, frozen=True):
    """A text block as it is, or is to be, written. `scope` None: for everybody; `files` None: as they are."""

    id: UUID
    content: Content
    scope: Scope
    files: Sequence[UUID] | None = None


class Plan(msgspec.Struct, frozen=True):
    """What a file would do: what it would write, and what is told of it."""

    writes: list[Stored]
    report: TextBlockImportReport


def cells_of(block: TextBlock, teams: Mapping[UUID, str]) -> list[csv.Cell]:
    """A text block as a row of `COLUMNS`. `teams` are all there are, by name."""
    names = [teams[each] for each in block.team_ids or () if each in teams]
    scope = "" if block.team_ids is None else BETWEEN_TEAMS.join(names) or NO_TEAM
    used = block.last_used_at.isoformat(timespec="seconds") if block.last_used_at else None
    parts = (block.title, block.shortcut, block.text, block.folder, block.language)
    files = BETWEEN_FILES.join(each.name for each in block.files)
    return [str(block.id), *parts, scope, files, block.uses, used]


def read(file: bytes) -> csv.Sheet:
    """Raises `Invalid` for what is no CSV file of text blocks, naming the line where one is to blame."""
    try:
        sheet = csv.read(file, MOST_ROWS)
    except csv.NotCsv as problem:
        where = {} if problem.line is None else {"line": problem.line}
        raise Invalid(f"csv-{problem.reason}", _UNREADABLE[problem.reason], **where) from problem
    names = [_column(each) for each in sheet.header]
    missing = [each for each in NEEDED if each not in names]
    if missing:
        raise Invalid(
            "csv-columns", f"The first line must name the columns; {' and '.join(missing)} is missing.", missing=missing
        )
    twice = sorted({each for each in names if each and names.count(each) > 1})
    if twice:
        raise Invalid("csv-columns-twice", f"The first line names {twice[0]} twice.", column=twice[0])
    return csv.Sheet(names, sheet.rows)


def plan(sheet: csv.Sheet, blocks: Sequence[TextBlock], teams: Mapping[UUID, str]) -> Plan:
    """What importing `sheet` would do to `blocks`, line by line."""
    comparison = _Comparison(blocks, teams, _ids_named(sheet))
    for line, cells in sheet.rows:
        try:
            comparison.take(line, _named(sheet.header, cells))
        except Invalid as wrong:
            comparison.problem(line, wrong)
    comparison.find_taken_shortcuts()
    return comparison.plan(sorted({each for each in sheet.header if each and each not in COLUMNS}))


class _Comparison:
    """The lines of a file beside what there is."""

    def __init__(self, blocks: Sequence[TextBlock], teams: Mapping[UUID, str], named: Set[UUID]) -> None:
        there = [_stored(block) for block in blocks]
        self._teams = {_column(name): team_id for team_id, name in teams.items()}
        self._there = {each.id: each for each in there}
        self._by_key = {_key(each.content, each.scope): each for each in there if each.id not in named}
        self._files = {block.id: {each.name for each in block.files} for block in blocks}
        self._without_files = 0
        self._lines: dict[UUID, int] = {}
        self._writes: dict[UUID, Stored] = {}
        self._told: list[ImportLine] = []
        self._acts: Counter[ImportAct] = Counter()
        self._problems: list[TextBlockImportProblem] = []

    def take(self, line: int, cells: Cells) -> None:
        """Compare one line. Raises `Invalid` for what is wrong with it."""
        there = self._meant(cells)
        scope = self._scope(cells["teams"]) if "teams" in cells else there.scope if there else None
        new = Stored(there.id if there else uuid4(), content(**_filled(cells, there)), scope)
        if new.id in self._lines:
            first = self._lines[new.id]
            raise Invalid(
                "text-block-line-twice", f"Line {first} is about the same text block. Keep one.", about=str(first)
            )
        self._lines[new.id] = line
        self._without_files += not _files_named(cells) <= self._files.get(new.id, set())
        self._by_key[_key(new.content, scope)] = new
        if new != there:
            self._writes[new.id] = new
        self._tell(line, "new" if there is None else "same" if new == there else "changed", new.content)

    def problem(self, line: int, wrong: Invalid) -> None:
        """Note what is wrong with a line."""
        about = str(wrong.details.get("about", ""))
        self._problems.append(TextBlockImportProblem(line=line, code=wrong.code, message=wrong.message, about=about))

    def find_taken_shortcuts(self) -> None:
        """A shortcut once per scope and language, in what there will be."""
        taken: dict[object, str] = {}
        for each in self._there.values():
            if each.id not in self._writes:
                taken.update(dict.fromkeys(_shortcuts(each), f"“{each.content.title}”"))
        for each in self._writes.values():
            line, wanted = self._lines[each.id], _shortcuts(each)
            holder = next((taken[one] for one in wanted if one in taken), None)
            if holder is not None:
                shortcut = f"#{each.content.shortcut}"
                message = f"The shortcut {shortcut} already belongs to {holder}. Choose another."
                self.problem(line, Invalid("text-block-shortcut-taken", message, about=shortcut))
            taken.update(dict.fromkeys(wanted, f"line {line}"))

    def plan(self, ignored: list[str]) -> Plan:
        """The result."""
        report = TextBlockImportReport(
            new=self._acts["new"],
            changed=self._acts["changed"],
            same=self._acts["same"],
            problem_count=len(self._problems),
            problems=sorted(self._problems, key=lambda each: each.line)[:TOLD],
            lines=self._told[:TOLD],
            ignored=ignored,
            without_files=self._without_files,
        )
        return Plan(list(self._writes.values()), report)

    def _tell(self, line: int, act: ImportAct, new: Content) -> None:
        self._acts[act] += 1
        shown = ImportLine(
            line=line, act=act, title=new.title, shortcut=new.shortcut, folder=new.folder, language=new.language
        )
        self._told.append(shown)

    def _meant(self, cells: Cells) -> Stored | None:
        """The block that a line speaks of: by its id, else by shortcut, else by title, within scope and language."""
        found = self._there.get(_id_in(cells.get("id", "")))
        named = Content(
            title=clean_line(cells["title"], 400),
            text="",
            shortcut=shortcut_of(cells.get("shortcut")),
            folder=clean_line(cells.get("folder", ""), 400),
            language=language_of(cells.get("language")),
        )
        return found or self._by_key.get(_key(named, self._scope(cells.get("teams", ""))))

    def _scope(self, cell: str) -> Scope:
        text = cell.strip()
        if not text:
            return None
        if text == NO_TEAM:
            return frozenset()
        names = [text] if _column(text) in self._teams else text.split("|")
        unknown = [each.strip() for each in names if _column(each) not in self._teams]
        if unknown:
            name = unknown[0][:80]
            raise Invalid("text-block-team-unknown", f"There is no team called “{name}”.", about=name)
        return frozenset(self._teams[_column(each)] for each in names)


def _ids_named(sheet: csv.Sheet) -> Set[UUID]:
    """The blocks that lines name by id. What such a line says goes first: nobody else is taken for them."""
    if "id" not in sheet.header:
        return set()
    at = sheet.header.index("id")
    return {_id_in(cells[at]) for _, cells in sheet.rows if at < len(cells)}


def _id_in(cell: str) -> UUID:
    """The id in a cell, or one that nothing has."""
    try:
        return UUID(cell.strip())
    except ValueError:
        return UUID(int=0)


def _column(name: str) -> str:
    return name.strip().lower()


def _named(header: Sequence[str], cells: Sequence[str]) -> Cells:
    if any(each.strip() for each in cells[len(header) :]):
        raise Invalid("text-block-line-cells", "This line has more cells than the first line has columns.")
    return {name: cells[at] if at < len(cells) else "" for at, name in enumerate(header) if name}


def _filled(cells: Cells, there: Stored | None) -> dict[str, str]:
    """The parts of the content; a column that the file does not have leaves what there is."""
    names = ("title", "text", "shortcut", "folder", "language")
    return {name: cells.get(name, (getattr(there.content, name) if there else "") or "") for name in names}


def _files_named(cells: Cells) -> Set[str]:
    """No name of a file holds a slash (files/logic.py)."""
    return {each.strip() for each in cells.get("files", "").split(BETWEEN_FILES)} - {""}


def _stored(block: TextBlock) -> Stored:
    parts = Content(
        title=block.title, text=block.text, shortcut=block.shortcut, folder=block.folder, language=block.language
    )
    return Stored(block.id, parts, None if block.team_ids is None else frozenset(block.team_ids))


def _key(block: Content, scope: Scope) -> object:
    """By what a person knows a text block."""
    return (block.shortcut or (block.folder, block.title), block.language, scope)


def _shortcuts(block: Stored) -> list[object]:
    teams: Iterable[UUID | None] = (None,) if block.scope is None else block.scope
    shortcut, language = block.content.shortcut, block.content.language
    return [(shortcut, language, team) for team in teams] if shortcut else []
