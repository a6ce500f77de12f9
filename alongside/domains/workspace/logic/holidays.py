"""Holidays as others publish them: an .ics file, or a list with one day a line. Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from icalendar import Calendar, Event

from alongside.domains.workspace.logic.rules import LONGEST, NAME_CHARS
from alongside.domains.workspace.schemas import MOST_SPECIAL, SpecialDay
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

# 2026-12-25, 25.12.2026 or 25.12. (every year); perhaps "- 2026-12-31" behind it, then the name.
_ISO = r"\d{4}-\d{1,2}-\d{1,2}"
_DOTS = r"\d{1,2}\.\d{1,2}\.(?:\d{4})?"
_LINE = re.compile(rf"(?P<first>{_ISO}|{_DOTS})(?:\s*(?:-|–|to|bis)\s*(?P<last>{_ISO}|{_DOTS}))?[\s,;:]*(?P<name>.*)")


def read_holidays(text: str, today: date) -> list[SpecialDay]:
    """Days on which it is closed, in order, without those that are over. Raises `Invalid` naming the first line
    that is no day."""
    found = _from_ics(text) if "BEGIN:VCALENDAR" in text.upper() else _from_lines(text, today)
    kept = {(day.first, day.last, day.name): day for day in found if day.yearly or day.last >= today}
    if not kept:
        raise Invalid("no-holidays", "No day to come was found in this text.", field="text")
    if len(kept) > MOST_SPECIAL:
        raise Invalid("too-many-holidays", f"These are more than {MOST_SPECIAL} days. Take fewer.", field="text")
    return [kept[key] for key in sorted(kept)]


def _from_ics(text: str) -> list[SpecialDay]:
    try:
        events = [each for each in Calendar.from_ical(text).walk("VEVENT") if isinstance(each, Event)]
        return [day for event in events if (day := _from_event(event))]
    except (ValueError, KeyError, IndexError, AttributeError, TypeError, OverflowError):
        raise Invalid("ics-malformed", "This is no calendar that can be read (.ics).", field="text") from None


def _from_event(event: Event) -> SpecialDay | None:
    starts, ends = event.get("DTSTART"), event.get("DTEND")
    if starts is None:
        return None
    first = _day(starts.dt)
    # The end of an event is the day after its last.
    last = _day(ends.dt) - timedelta(days=1) if ends is not None else first
    last = min(max(first, last), first + LONGEST - timedelta(days=1))
    rule = event.get("RRULE") or {}
    yearly = "YEARLY" in [str(each).upper() for each in rule.get("FREQ", [])] and "BYDAY" not in rule
    return SpecialDay(name=clean_line(str(event.get("SUMMARY", "")), NAME_CHARS), first=first, last=last, yearly=yearly)


def _from_lines(text: str, today: date) -> list[SpecialDay]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        day = _from_line(line.strip(), today)
        if day is None:
            raise Invalid(
                "holiday-malformed",
                f"Line {number} does not begin with a day. Write 2026-12-25 Christmas, or 25.12. for every year.",
                field="text",
                line=number,
            )
        found.append(day)
    return found


def _from_line(line: str, today: date) -> SpecialDay | None:
    parts = _LINE.fullmatch(line)
    if parts is None:
        return None
    first = _written(parts["first"], today.year)
    last = _written(parts["last"], today.year) if parts["last"] else first
    if first is None or last is None:
        return None
    yearly = parts["first"].endswith(".")
    if yearly and last < first:  # over the turn of the year
        last = date(last.year + 1, last.month, min(last.day, 28 if last.month == 2 else 31))
    if not first <= last < first + LONGEST:
        return None
    return SpecialDay(name=clean_line(parts["name"], NAME_CHARS), first=first, last=last, yearly=yearly)


def _written(text: str, year: int) -> date | None:
    try:
        if "-" in text:
            return date(*(int(part) for part in text.split("-")))
        day, month, given = text.split(".")
        return date(int(given or year), int(month), int(day))
    except ValueError:
        return None


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
