"""Shapes of the workspace."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Locale = Literal["en", "de"]

MOST_CALENDARS = 50
MOST_SPECIAL = 400
MOST_SPANS = 8

Clock = Annotated[str, Meta(pattern=r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$(?!\n)")]
Name = Annotated[str, Meta(max_length=400)]
Zone = Annotated[str, Meta(min_length=1, max_length=60)]


class Workspace(msgspec.Struct, frozen=True):
    """The company. `name` is empty until set up.

    `epoch` names the history that log numbers belong to; it changes when a backup is restored. Reports count days in
    `time_zone`, an IANA name. People may edit and delete what they wrote for `edit_minutes`; 0 is never.
    """

    name: str
    epoch: str
    default_locale: Locale
    time_zone: str
    edit_minutes: int


class OpenSpan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Open from `opens` until `closes`, by the clock on the wall: "09:00" to "24:00".

    One that closes earlier than it opens ends on the day after.
    """

    opens: Clock
    closes: Clock


OpenSpans = Annotated[list[OpenSpan], Meta(max_length=MOST_SPANS)]


class SpecialDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Days from `first` to `last` with hours of their own; without any it is closed. `yearly`: each year from then on.

    Where several hold on one day, a single year's comes before a yearly one, and the shorter before the longer.
    """

    name: Name = ""
    first: date
    last: date
    yearly: bool = False
    spans: OpenSpans = []


class Hours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When it is open: the spans of each weekday, Monday first, and the days that are special. `zone`: an IANA name."""

    zone: Zone
    week: Annotated[list[OpenSpans], Meta(min_length=7, max_length=7)]
    special: Annotated[list[SpecialDay], Meta(max_length=MOST_SPECIAL)] = []


class OpeningHours(msgspec.Struct, frozen=True, kw_only=True):
    """Opening hours by name. One is the company's; what chooses none goes by it. `version` counts the changes."""

    id: UUID
    name: str
    is_default: bool
    hours: Hours
    version: int


class NewOpeningHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Body of new opening hours."""

    name: Name
    hours: Hours


class EditOpeningHours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change to opening hours. `version` is that of the ones that were changed: if they are newer by now, nothing is.

    `is_default` makes them the company's; that they are not any more is said by making others so.
    """

    version: int
    name: Name
    hours: Hours
    is_default: bool = False


class HolidaysPasted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What was pasted: an .ics file, or a list with one day a line."""

    text: Annotated[str, Meta(min_length=1, max_length=400_000)]


class Day(msgspec.Struct, frozen=True):
    """What holds on a day; `special` names the exception that it comes from."""

    day: date
    spans: list[OpenSpan]
    special: str | None


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """What opening hours mean now: open or not, when that changes next, and the fourteen days from today's on."""

    open: bool
    changes_at: datetime | None
    days: list[Day]
