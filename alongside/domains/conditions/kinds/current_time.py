"""A clock on the wall shows a time of day."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from alongside.domains.conditions.language import Condition, Flaw, flaws_of_zone, local_time, zone_or_utc
from alongside.domains.conditions.schemas import Facts, Minute, Zone


class CurrentTimeCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="current_time"):
    """From `after` on and before `before`, by the clock in `zone` (empty: the company's).

    Over midnight where `after` is the later one; the whole day where both are the same.
    """

    closed = True

    after: Minute
    before: Minute
    zone: Zone = ""

    def holds(self, facts: Facts) -> bool | None:
        local = local_time(facts, self.zone)
        if local is None:
            return None
        shows = f"{local:%H:%M}"
        if self.after < self.before:
            return self.after <= shows < self.before
        return shows >= self.after or shows < self.before

    def flaws(self) -> list[Flaw]:
        return flaws_of_zone(self.zone)

    def subject(self) -> str:
        return f"time {self.zone}"

    def samples(self) -> list[Facts]:
        moments = [_at(clock) + step for clock in (self.after, self.before) for step in (timedelta(), -MINUTE)]
        return [Facts(at=at.replace(tzinfo=zone_or_utc(self.zone)), zone="UTC") for at in moments]


MINUTE = timedelta(minutes=1)


def _at(clock: str) -> datetime:
    return datetime.combine(date(2024, 1, 10), time.fromisoformat(clock))
