"""It is one of some weekdays."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import Condition, Flaw, flaws_of_zone, local_time, zone_or_utc
from alongside.domains.conditions.schemas import Facts, Zone


class WeekdayCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="weekday"):
    """It is one of `days` (0 is Monday, 6 Sunday) in `zone` (empty: the company's)."""

    closed = True

    days: Annotated[list[Annotated[int, Meta(ge=0, le=6)]], Meta(min_length=1, max_length=7)]
    zone: Zone = ""

    def holds(self, facts: Facts) -> bool | None:
        local = local_time(facts, self.zone)
        return None if local is None else local.weekday() in self.days

    def flaws(self) -> list[Flaw]:
        return flaws_of_zone(self.zone)

    def subject(self) -> str:
        return f"weekday {self.zone}"

    def samples(self) -> list[Facts]:
        zone = zone_or_utc(self.zone)
        return [Facts(at=datetime(2024, 1, 1 + day, 12, tzinfo=zone), zone="UTC") for day in range(7)]
