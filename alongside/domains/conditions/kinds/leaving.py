"""The visitor is about to leave the page."""

from __future__ import annotations

from alongside.domains.conditions.language import BROWSER, Condition
from alongside.domains.conditions.schemas import Facts


class LeavingCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="leaving"):
    """The pointer leaves the page upwards: the visitor is about to close it, or to go elsewhere."""

    known_in = BROWSER
    closed = True

    def holds(self, facts: Facts) -> bool | None:
        return facts.leaving

    def samples(self) -> list[Facts]:
        return [Facts(leaving=True), Facts(leaving=False)]
