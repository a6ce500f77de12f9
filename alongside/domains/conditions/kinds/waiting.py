"""The visitor has waited for an answer for some seconds."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import SERVER, Condition, around, compare_numbers
from alongside.domains.conditions.schemas import Facts


class WaitingCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="waiting"):
    """The visitor has waited for an answer for some seconds."""

    known_in = SERVER
    closed = True

    seconds: Annotated[int, Meta(ge=1, le=604_800)]

    def holds(self, facts: Facts) -> bool | None:
        return compare_numbers("at_least", self.seconds, facts.waiting_seconds)

    def samples(self) -> list[Facts]:
        return [Facts(waiting_seconds=each) for each in around(self.seconds)]
