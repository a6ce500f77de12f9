"""The page that led to the visit; empty where there is none."""

from __future__ import annotations

from alongside.domains.conditions.language import Condition, Flaw, compare_texts, flaws_of_text
from alongside.domains.conditions.schemas import Facts, TextCompare, Value


class ReferrerCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="referrer"):
    """The page that led to the visit; empty where there is none."""

    compare: TextCompare = "contains"
    value: Value

    def holds(self, facts: Facts) -> bool | None:
        return compare_texts(self.compare, self.value, facts.referrer)

    def flaws(self) -> list[Flaw]:
        return flaws_of_text(self.compare, self.value, may_be_empty=True)

    def samples(self) -> list[Facts]:
        return [Facts(referrer=self.value)]

    @property
    def pins(self) -> bool:
        return self.compare == "equals"
