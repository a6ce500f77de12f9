"""It is inside, or outside, of opening hours."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts


class OpeningHoursCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="opening_hours"):
    """It is `inside` of opening hours, or not. `hours_id` None: the company's."""

    closed = True

    hours_id: UUID | None = None
    inside: bool = True

    def holds(self, facts: Facts) -> bool | None:
        is_open = (facts.hours or {}).get(self._key)
        return None if is_open is None else is_open == self.inside

    def subject(self) -> str:
        return f"hours {self._key}"

    def samples(self) -> list[Facts]:
        return [Facts(hours={self._key: is_open}) for is_open in (True, False)]

    @property
    def _key(self) -> str:
        return str(self.hours_id) if self.hours_id else ""
