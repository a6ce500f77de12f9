"""The visitor has been on this page for some seconds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import BROWSER, Condition, around, compare_numbers
from alongside.domains.conditions.schemas import Facts


class SecondsOnPageCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="seconds_on_page"):
    """The visitor has been on this page for some seconds."""

    known_in = BROWSER
    closed = True

    seconds: Annotated[int, Meta(ge=0, le=86_400)]

    def holds(self, facts: Facts) -> bool | None:
        return compare_numbers("at_least", self.seconds, facts.seconds_on_page)

    def samples(self) -> list[Facts]:
        return [Facts(seconds_on_page=each) for each in around(self.seconds)]
