"""An address of a page."""

from __future__ import annotations

from typing import Literal

from alongside.domains.conditions.language import Condition, Flaw, compare_texts, flaws_of_text
from alongside.domains.conditions.schemas import Facts, TextCompare, Value


class UrlCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="url"):
    """The page where the visit began ("start"), or where the visitor is ("current"), by its whole address."""

    page: Literal["start", "current"] = "current"
    compare: TextCompare = "contains"
    value: Value

    def holds(self, facts: Facts) -> bool | None:
        return compare_texts(self.compare, self.value, facts.start_url if self.page == "start" else facts.page_url)

    def flaws(self) -> list[Flaw]:
        return flaws_of_text(self.compare, self.value)

    def subject(self) -> str:
        return f"url {self.page}"

    def samples(self) -> list[Facts]:
        return [Facts(start_url=self.value, page_url=self.value)]

    @property
    def pins(self) -> bool:
        return self.compare == "equals"
