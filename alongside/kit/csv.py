"""CSV that cannot attack who opens it, and keeps its text all the same.

A spreadsheet takes a cell that begins with = + - @ | or their wide forms for a formula, also after white space, and
drops a TAB, a carriage return or a line feed in front of one. `guarded` puts an apostrophe before such a cell;
`unguarded` takes it away again. What we write, we read as it was, whatever it was.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

# Spreadsheets read UTF-8 as such only where a file begins with this.
BOM = "\ufeff"
SEPARATORS = (",", ";", "\t")

# Apostrophes in front do not count, so that a cell which had one already comes back with it.
_DANGEROUS = re.compile(r"[\s']*[=+\-@|＝＋－＠｜]|'*[\t\r\n\x00]")

Cell = str | int | float | None


class NotCsv(ValueError):
    """What cannot be read. `reason`: "encoding", "empty", "quotes", "rows"; `line` where it is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line


@dataclass(frozen=True)
class Sheet:
    """A file with a header. Each row has the number of the line on which it begins, the header's being 1."""

    header: list[str]
    rows: list[tuple[int, list[str]]]


def guarded(text: str) -> str:
    """`text` as a cell that no spreadsheet calculates."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _DANGEROUS.match(cell[1:]) else cell


def write_row(cells: Iterable[Cell]) -> str:
    """One line with its end. Texts are guarded; numbers are ours and stay numbers; None is empty."""
    return write_rows([cells])


def write_rows(rows: Iterable[Iterable[Cell]]) -> str:
    """Lines with their ends, as `write_row` writes each."""
    out = io.StringIO(newline="")
    # Nothing that begins with a letter or a digit is dangerous: most cells, told apart at a tenth of the cost.
    csv.writer(out).writerows(
        [guarded(cell) if isinstance(cell, str) and not cell[:1].isalnum() else cell for cell in cells]
        for cells in rows
    )
    return out.getvalue()


def read(content: bytes, most_rows: int) -> Sheet:
    """Read a file with commas, semicolons or tabs, as a spreadsheet saves it. Rows without any text are left out.

    Raises `NotCsv`.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotCsv("encoding", content.count(b"\n", 0, error.start) + 1) from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    records: list[tuple[int, list[str]]] = []
    line = 1
    try:
        for record in reader:
            cells = [unguarded(cell) for cell in record]
            if any(cell.strip() for cell in cells):
                records.append((line, cells))
            if len(records) > most_rows + 1:
                raise NotCsv("rows", line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise NotCsv("quotes", line) from error
    if not records:
        raise NotCsv("empty")
    return Sheet(header=records[0][1], rows=records[1:])


def _separator(text: str) -> str:
    """The one that cuts the header into most cells."""
    return max(SEPARATORS, key=text.lstrip().partition("\n")[0].count)
