"""When the widget of a channel shows: told to browsers for weeks ahead, so that they turn at the minute."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import msgspec
from msgspec import UNSET

from alongside.domains.channels.schemas import ChannelSettings
from alongside.domains.widget.look_schemas import Gate
from alongside.domains.workspace import queries as workspace
from alongside.domains.workspace.logic.hours import HORIZON, Calendar
from alongside.domains.workspace.schemas import OpeningHours
from alongside.kit.time import now
from alongside.platform.db import Reading

# Two weeks of days with a break.
MOST_CHANGES = 56
# Of opening hours that do not change, the answer is looked for again after this long.
FRESH = timedelta(hours=1)
MOST_PLANS = 200


class Plan(msgspec.Struct, frozen=True):
    """Opening hours, and the moments at which they change after `at`."""

    at: datetime
    open: bool
    changes: list[datetime]

    def holds(self, at: datetime) -> bool:
        """Whether nothing has changed since."""
        return self.at <= at < (self.changes[0] if self.changes else self.at + FRESH)


class Gatekeeper:
    """Knows for each channel when it is open. `clock` tells the time."""

    def __init__(self, clock: Callable[[], datetime] = now) -> None:
        self.clock = clock
        self._plans: dict[tuple[UUID, int], Plan] = {}

    async def gate(
        self, reading: Reading, settings: ChannelSettings, *, by_mail: bool, rules: str | None = None
    ) -> Gate | None:
        """What browsers must know to show the widget at the right time and place; None: always and everywhere.

        `rules` is the tag of the channel's action rules.
        """
        wanted = settings.availability
        always = wanted.outside == "open" and wanted.nobody == "message" and not wanted.show_on and not wanted.hide_on
        if always and rules is None:
            return None
        at = self.clock()
        plan = Plan(at, True, [])
        if wanted.outside != "open":
            plan = await self.plan(await workspace.opening_hours_of(reading, wanted.hours_id), at)
        return Gate(
            at=at,
            open=plan.open,
            changes=plan.changes,
            outside=wanted.outside,
            nobody=wanted.nobody,
            closed=wanted.closed,
            by_mail=by_mail,
            show_on=wanted.show_on,
            hide_on=wanted.hide_on,
            rules=rules or UNSET,
        )

    async def plan(self, hours: OpeningHours, at: datetime) -> Plan:
        """Whether it is open, and when that changes."""
        key = hours.id, hours.version
        plan = self._plans.get(key)
        if plan is None or not plan.holds(at):
            while len(self._plans) >= MOST_PLANS:
                self._plans.pop(next(iter(self._plans)))
            plan = self._plans[key] = await asyncio.to_thread(_planned, hours, at)
        return plan


def _planned(hours: OpeningHours, at: datetime) -> Plan:
    calendar = Calendar(hours.hours)
    return Plan(at, calendar.is_open(at), list(islice(calendar.changes(at, at + HORIZON), MOST_CHANGES)))
