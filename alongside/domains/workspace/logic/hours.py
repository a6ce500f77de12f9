"""When the company is open, at any moment, in any zone. Time is an argument.

The clock on the wall decides: whoever is open from 9 to 17 is open whenever a clock in that zone shows 9:00 to 16:59.
So an hour that a change of the clocks skips is skipped, and one that comes twice counts twice.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alongside.domains.workspace.schemas import Day, Hours, OpenSpan, SpecialDay
from alongside.platform.errors import Invalid

DAY = 1_440
# How far ahead the next change is looked for: beyond every yearly exception.
HORIZON = timedelta(days=400)
# How far ahead the end of a wait in open time is looked for: a year of hours that open two days a week, twice over.
FARTHEST = timedelta(days=800)
# A whole number of days, looked through at once.
WINDOW = timedelta(days=7)

Minutes = tuple[int, int]


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `Invalid`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Invalid(
            "no-such-zone", "This time zone is not known. Use a name such as Europe/Berlin.", field="zone"
        ) from None


class Calendar:
    """Opening hours, ready to be asked. `hours` must have passed `rules.checked`."""

    def __init__(self, hours: Hours) -> None:
        self.zone = zone_of(hours.zone)
        self._week = [minutes_of(spans) for spans in hours.week]
        self._special = [(day, minutes_of(day.spans)) for day in hours.special]
        self._days: dict[date, tuple[SpecialDay | None, list[Minutes]]] = {}
        self._ever = any(self._week) or any(spans for _, spans in self._special)

    def is_open(self, at: datetime) -> bool:
        """Whether somebody who comes at this moment finds the door open."""
        local = at.astimezone(self.zone)
        minute = local.hour * 60 + local.minute
        today, yesterday = local.date(), local.date() - timedelta(days=1)
        return any(opens <= minute < closes for opens, closes in self._on(today)[1]) or any(
            opens <= minute + DAY < closes for opens, closes in self._on(yesterday)[1]
        )

    def next_change(self, after: datetime) -> datetime | None:
        """The first moment after this one at which it opens or closes; None if it does not in the year to come."""
        return next(self.changes(after, after + HORIZON), None)

    def next_opening(self, after: datetime) -> datetime | None:
        """The first moment after this one at which it opens; None if it does not in the year to come."""
        return next((at for at in self.changes(after, after + HORIZON) if self.is_open(at)), None)

    def changes(self, after: datetime, until: datetime) -> Iterator[datetime]:
        """Every moment of `after` < moment <= `until` at which it opens or closes, in order, in UTC."""
        if not self._ever:
            return
        state, start, end = self.is_open(after), after.astimezone(UTC), until.astimezone(UTC)
        while start < end:
            stop = min(start + WINDOW, end)
            for at in self._candidates(start, stop):
                if self.is_open(at) != state:
                    state = not state
                    yield at
            start = stop

    def open_seconds_between(self, begins: datetime, ends: datetime) -> float:
        """How long it is open between two moments, in seconds: what a clock shows that stands still while closed."""
        if ends <= begins:
            return 0.0
        seconds, state, since = 0.0, self.is_open(begins), begins
        for at in [*self.changes(begins, ends), ends]:
            if state:
                seconds += (at - since).total_seconds()
            state, since = not state, at
        return seconds

    def after_open_seconds(self, begins: datetime, seconds: float) -> datetime | None:
        """The first moment by which it has been open for so long; None if that is not within two years.

        The inverse of `open_seconds_between`: between `begins` and the answer it is open for exactly `seconds`.
        """
        left = timedelta(seconds=seconds)
        if left <= timedelta(0):
            return begins.astimezone(UTC)
        state, since, end = self.is_open(begins), begins.astimezone(UTC), begins.astimezone(UTC) + FARTHEST
        for at in chain(self.changes(begins, end), (end,)):
            if state and left <= at - since:
                return since + left
            left -= (at - since) * state
            state, since = not state, at
        return None

    def days(self, first: date, count: int) -> list[Day]:
        """What holds on each of some days, as it would be written at the door."""
        found = []
        for number in range(count):
            day = first + timedelta(days=number)
            special, spans = self._on(day)
            found.append(Day(day, [_span(*minutes) for minutes in spans], special.name if special else None))
        return found

    def _on(self, day: date) -> tuple[SpecialDay | None, list[Minutes]]:
        """What opens on a day: the exception that says most about it, else its weekday."""
        if day not in self._days:
            found = [
                (not special.yearly, -(special.last - special.first).days, number)
                for number, (special, _) in enumerate(self._special)
                if applies(special, day)
            ]
            self._days[day] = self._special[max(found)[2]] if found else (None, self._week[day.weekday()])
        return self._days[day]

    def _candidates(self, after: datetime, until: datetime) -> list[datetime]:
        """All moments in which the clock on the wall shows a beginning or an end, or jumps."""
        first = after.astimezone(self.zone).date() - timedelta(days=1)
        last = until.astimezone(self.zone).date() + timedelta(days=1)
        found = self._jumps(after, until)
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            midnight = datetime.combine(day, time())
            for minute in {edge for span in self._on(day)[1] for edge in span}:
                wall = midnight + timedelta(minutes=minute)
                for fold in (0, 1):
                    found.add(wall.replace(tzinfo=self.zone, fold=fold).astimezone(UTC))
        return sorted(at for at in found if after < at <= until)

    def _jumps(self, after: datetime, until: datetime) -> set[datetime]:
        """When the clocks are changed, to the second."""
        found, step = set(), timedelta(days=1)
        while after < until:
            low, high = after, min(after + step, until)
            after = high
            if self._offset(low) == self._offset(high):
                continue
            before = self._offset(low)
            while high - low > timedelta(seconds=1):
                middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
                low, high = (middle, high) if self._offset(middle) == before else (low, middle)
            found.add(high.replace(microsecond=0))
        return found

    def _offset(self, at: datetime) -> timedelta | None:
        return at.astimezone(self.zone).utcoffset()


def applies(special: SpecialDay, day: date) -> bool:
    """Whether an exception holds on a day. Yearly ones come again from their first year on."""
    if not special.yearly:
        return special.first <= day <= special.last
    for year in (day.year, day.year - 1):
        if year >= special.first.year:
            begins = _in_year(special.first, year)
            if begins <= day <= begins + (special.last - special.first):
                return True
    return False


def minutes_of(spans: Sequence[OpenSpan]) -> list[Minutes]:
    """Minutes since the day's midnight, in order. One that ends on the day after ends beyond 1,440."""
    found = []
    for span in spans:
        opens, closes = _minute(span.opens), _minute(span.closes)
        found.append((opens, closes if closes > opens else closes + DAY))
    return sorted(found)


def _minute(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _span(opens: int, closes: int) -> OpenSpan:
    late = closes if closes <= DAY else closes - DAY
    return OpenSpan(*(f"{minute // 60:02}:{minute % 60:02}" for minute in (opens, late)))


def _in_year(day: date, year: int) -> date:
    """The same day of another year; the 29th of February is the 28th where there is none."""
    leap = day.month == 2 and day.day == 29 and not calendar.isleap(year)
    return day.replace(year=year, day=28 if leap else day.day)
