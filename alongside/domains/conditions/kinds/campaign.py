"""A parameter of the address where the visit began, such as utm_source."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from msgspec import Meta

from alongside.domains.conditions.language import Condition, Flaw, compare_texts, flaws_of_text
from alongside.domains.conditions.schemas import Facts, TextCompare, Value


class CampaignCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="campaign"):
    """The first value of a parameter of the start page's address. One that is not there is as nothing."""

    parameter: Annotated[str, Meta(min_length=1, max_length=100)] = "utm_campaign"
    compare: TextCompare = "equals"
    value: Value

    def holds(self, facts: Facts) -> bool | None:
        if facts.start_url is None:
            return None
        query = facts.start_url.partition("#")[0].partition("?")[2]
        found = next(
            (value for name, value in parse_qsl(query, keep_blank_values=True) if name == self.parameter), None
        )
        return found is not None and compare_texts(self.compare, self.value, found)

    def flaws(self) -> list[Flaw]:
        return flaws_of_text(self.compare, self.value, may_be_empty=True)

    def subject(self) -> str:
        return f"campaign {self.parameter}"

    def samples(self) -> list[Facts]:
        return [Facts(start_url="https://example.com/?" + urlencode({self.parameter: self.value}))]

    @property
    def pins(self) -> bool:
        return self.compare == "equals"
