"""The country where the visitor seems to be."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts


class CountryCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="country"):
    """The visitor seems to be in one of these countries (two capital letters, ISO 3166)."""

    countries: Annotated[list[Annotated[str, Meta(pattern=r"^[A-Z]{2}$(?!\n)")]], Meta(min_length=1, max_length=250)]

    def holds(self, facts: Facts) -> bool | None:
        return facts.country in self.countries if facts.country else None

    def samples(self) -> list[Facts]:
        return [Facts(country=each) for each in self.countries]

    @property
    def pins(self) -> bool:
        return True
