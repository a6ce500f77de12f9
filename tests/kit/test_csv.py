"""CSV that no spreadsheet calculates, and that comes back as it was."""

from __future__ import annotations

import csv as standard
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alongside.kit import csv

SIGNS = "=+-@|＝＋－＠｜"
FIRST = f"{SIGNS}\t\r\n\x00"
TEXTS = st.text(alphabet=st.sampled_from(f"{FIRST}' \"ab,;ä"), max_size=8)


def first_cell(line: str) -> str:
    """As a spreadsheet takes the line apart."""
    return next(standard.reader(io.StringIO(line, newline="")))[0]


@pytest.mark.parametrize(
    "begin",
    [
        *(before + sign for before in ("", " ", "\u00a0 ", "'", " '", "\n", "\t") for sign in SIGNS),
        *(before + first for before in ("", "'") for first in FIRST),
    ],
)
def test_no_cell_begins_a_formula(begin: str) -> None:
    cell = first_cell(csv.write_row([f"{begin}1+1"]))
    assert cell.startswith("'")
    assert csv.unguarded(cell) == f"{begin}1+1"


@given(TEXTS)
@example("'=1")
@example("''=1")
@example("'hello")
def test_what_is_written_is_read_as_it_was(text: str) -> None:
    written = csv.guarded(text)
    assert not written or written[0] not in FIRST
    assert csv.unguarded(written) == text


def test_plain_texts_and_numbers_stay_as_they_are() -> None:
    assert csv.write_row(["a-b", "O'Neill", "1 = 1", -5, 1.5, None, ""]) == "a-b,O'Neill,1 = 1,-5,1.5,,\r\n"
    assert csv.write_row(['say "hi", twice', "two\nlines"]) == '"say ""hi"", twice","two\nlines"\r\n'


@given(st.lists(st.lists(TEXTS, min_size=2, max_size=2), max_size=5))
def test_a_whole_file_comes_back(rows: list[list[str]]) -> None:
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    content = csv.BOM + csv.write_row(["one", "two"]) + "".join(csv.write_row(row) for row in rows)
    sheet = csv.read(content.encode(), 100)
    assert sheet.header == ["one", "two"]
    assert [cells for _, cells in sheet.rows] == kept


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_as_spreadsheets_save_it(separator: str, end: str) -> None:
    lines = [f"title{separator}text", f'a{separator}"x{end}y"', "", f"b{separator}z{separator}"]
    sheet = csv.read(end.join(lines).encode(), 10)
    assert sheet.header == ["title", "text"]
    assert [(line, cells[:2]) for line, cells in sheet.rows] == [(2, ["a", f"x{end}y"]), (5, ["b", "z"])]


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", "empty", None),
        (b"\n \n,,\n", "empty", None),
        (b"\xff\xfe\x00", "encoding", 1),
        ("a,b\nä,c".encode("latin-1"), "encoding", 2),
        (b'a,b\nc,"d', "quotes", 2),
        (b'a,b\nc,"d"e\n', "quotes", 2),
        (b"a\n1\n2\n3\n4", "rows", 5),
        (b"a,b\nc," + b"x" * 200_000, "quotes", 2),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(content: bytes, reason: str, line: int | None) -> None:
    with pytest.raises(csv.NotCsv) as problem:
        csv.read(content, 3)
    assert (problem.value.reason, problem.value.line) == (reason, line)
