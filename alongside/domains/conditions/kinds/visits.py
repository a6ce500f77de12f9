"""How often the visitor has visited the site, or seen this page, this time included."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from alongside.domains.conditions.language import Condition, around, compare_numbers
from alongside.domains.conditions.schemas import Facts, NumberCompare


class VisitsCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="visits"):
    """How often the visitor has visited the site, or seen this page, this time included."""

    closed = True

    of: Literal["site", "page"] = "site"
    compare: NumberCompare = "at_least"
    count: Annotated[int, Meta(ge=0, le=1_000_000)]

    def holds(self, facts: Facts) -> bool | None:
        return compare_numbers(self.compare, self.count, facts.site_visits if self.of == "site" else facts.page_visits)

    def subject(self) -> str:
        return f"visits {self.of}"

    def samples(self) -> list[Facts]:
        return [Facts(site_visits=int(each), page_visits=int(each)) for each in around(self.count)]
