"""Holidays that others publish, read from what was pasted."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.workspace.logic.holidays import read_holidays
from alongside.domains.workspace.schemas import SpecialDay
from alongside.platform.errors import Invalid

TODAY = date(2026, 11, 20)

# As public holiday calendars are: folded lines, escaped commas, whole days whose end is the day after.
ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Example//Holidays//EN\r
BEGIN:VEVENT\r
UID:1@example\r
DTSTART;VALUE=DATE:20261225\r
DTEND;VALUE=DATE:20261227\r
SUMMARY:Christmas\\, both da\r
 ys\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2@example\r
DTSTART;VALUE=DATE:20200101\r
RRULE:FREQ=YEARLY\r
SUMMARY:New Year\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3@example\r
DTSTART;VALUE=DATE:20250101\r
DTEND;VALUE=DATE:20250102\r
SUMMARY:Long ago\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4@example\r
DTSTART:20261231T120000Z\r
SUMMARY:Stocktaking\r
END:VEVENT\r
END:VCALENDAR\r
"""


def day(first: str, name: str, last: str | None = None, *, yearly: bool = False) -> SpecialDay:
    return SpecialDay(name=name, first=date.fromisoformat(first), last=date.fromisoformat(last or first), yearly=yearly)


def test_an_ics_file() -> None:
    assert read_holidays(ICS, TODAY) == [
        day("2020-01-01", "New Year", yearly=True),
        day("2026-12-25", "Christmas, both days", "2026-12-26"),
        day("2026-12-31", "Stocktaking"),
    ]


def test_a_list() -> None:
    christmas = "2026-12-25 Christmas\n\n25.12.2027; Weihnachten\n24.12. - 1.1. Between the years\n"
    assert read_holidays(christmas + "2026-12-28 to 2026-12-30\n3.10.", TODAY) == [
        day("2026-10-03", "", yearly=True),
        day("2026-12-24", "Between the years", "2027-01-01", yearly=True),
        day("2026-12-25", "Christmas"),
        day("2026-12-28", "", "2026-12-30"),
        day("2027-12-25", "Weihnachten"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-12-25 Christmas\nBoxing Day 26.12.", "holiday-malformed"),
        ("2026-13-01 Nothing", "holiday-malformed"),
        ("2026-12-25 - 2026-12-20 backwards", "holiday-malformed"),
        ("2020-01-01 over", "no-holidays"),
        ("   \n", "no-holidays"),
        ("BEGIN:VCALENDAR\nnonsense", "ics-malformed"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR", "no-holidays"),
        ("\n".join(f"1.1. {number}" for number in range(401)), "too-many-holidays"),
    ],
    ids=["no-day", "no-month", "backwards", "over", "empty", "ics", "ics-empty", "many"],
)
def test_what_cannot_be_read_says_why(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_holidays(text, TODAY)
    assert refused.value.code == code


def test_the_line_is_named() -> None:
    with pytest.raises(Invalid, match="Line 2"):
        read_holidays("2026-12-25 Christmas\nBoxing Day", TODAY)


ODD = ["RRULE:FREQ=YEARLY;BYDAY=1MO", "DTSTART:99999999", "\x00", "DTEND:"]
LINES = st.lists(st.sampled_from([*ICS.splitlines(), *ODD]))
TEXTS = st.text(max_size=200)


@given(LINES.map("\n".join) | TEXTS | TEXTS.map(lambda text: f"BEGIN:VCALENDAR\n{text}"))
def test_anything_pasted_is_read_or_refused(text: str) -> None:
    try:
        found = read_holidays(text, TODAY)
    except Invalid:
        return
    assert all(each.first <= each.last for each in found)
