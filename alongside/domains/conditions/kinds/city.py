"""The city where the visitor seems to be."""

from __future__ import annotations

from alongside.domains.conditions.language import Condition, Flaw, compare_texts, flaws_of_text
from alongside.domains.conditions.schemas import Facts, TextCompare, Value


class CityCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="city"):
    """The city where the visitor seems to be."""

    compare: TextCompare = "equals"
    value: Value

    def holds(self, facts: Facts) -> bool | None:
        return compare_texts(self.compare, self.value, facts.city)

    def flaws(self) -> list[Flaw]:
        return flaws_of_text(self.compare, self.value)

    def samples(self) -> list[Facts]:
        return [Facts(city=self.value)]

    @property
    def pins(self) -> bool:
        return self.compare == "equals"
