"""What opening hours may say. Pure."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

from alongside.domains.workspace.logic.hours import minutes_of, zone_of
from alongside.domains.workspace.schemas import Hours, OpenSpan, SpecialDay
from alongside.kit.text import clean_line
from alongside.platform.errors import Invalid

NAME_CHARS = 80
LONGEST = timedelta(days=366)


def name_of(text: str) -> str:
    """A name on one line. Raises `Invalid` when nothing is left of it or it is too long."""
    name = clean_line(text, NAME_CHARS + 1)
    if not 1 <= len(name) <= NAME_CHARS:
        raise Invalid("hours-name-malformed", f"A name has 1 to {NAME_CHARS} characters.", field="name")
    return name


def checked(hours: Hours) -> Hours:
    """The same hours in order. Raises `Invalid`; its details say where: `field`, and which day or exception."""
    zone = zone_of(hours.zone).key
    week = [in_order(spans, field="week", at=day) for day, spans in enumerate(hours.week)]
    special = [_special(day, number) for number, day in enumerate(hours.special)]
    return Hours(zone=zone, week=week, special=special)


def in_order(spans: list[OpenSpan], **where: Any) -> list[OpenSpan]:
    """The spans of a day as they follow on each other. Raises `Invalid` for empty ones and those that overlap."""
    for span in spans:
        if span.opens in (span.closes, "24:00"):
            raise Invalid("span-empty", "Enter a time to close that differs; a whole day is 00:00 to 24:00.", **where)
    for (_, closes), (opens, _) in pairwise(minutes_of(spans)):
        if opens < closes:
            raise Invalid("spans-overlap", "These times overlap. Let one end before the next begins.", **where)
    return sorted(spans, key=lambda span: span.opens)


def _special(day: SpecialDay, number: int) -> SpecialDay:
    name = clean_line(day.name, NAME_CHARS)
    if not (2000 <= day.first.year <= day.last.year <= 2200 and timedelta() <= day.last - day.first < LONGEST):
        raise Invalid(
            "special-days-backwards",
            "The last day comes after the first, and less than a year later; both lie between 2000 and 2200.",
            field="special",
            at=number,
        )
    spans = in_order(day.spans, field="special", at=number)
    return SpecialDay(name=name, first=day.first, last=day.last, yearly=day.yearly, spans=spans)
