"""The visitor has scrolled down the page, so many percent of it."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import BROWSER, Condition, around, compare_numbers
from alongside.domains.conditions.schemas import Facts


class ScrolledCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="scrolled"):
    """The visitor has scrolled down the page, so many percent of it."""

    known_in = BROWSER
    closed = True

    percent: Annotated[int, Meta(ge=1, le=100)]

    def holds(self, facts: Facts) -> bool | None:
        return compare_numbers("at_least", self.percent, facts.scrolled)

    def samples(self) -> list[Facts]:
        return [Facts(scrolled=each) for each in around(self.percent)]
