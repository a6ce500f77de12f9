"""The language that the visitor's browser asks for."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts


class LanguageCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="language"):
    """One of these languages: "de" is every German, "de-at" that of Austria."""

    languages: Annotated[
        list[Annotated[str, Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}$(?!\n)")]],
        Meta(min_length=1, max_length=50),
    ]

    def holds(self, facts: Facts) -> bool | None:
        if not facts.language:
            return None
        found = facts.language.lower()
        return any(found == wanted or found.startswith(wanted + "-") for wanted in map(str.lower, self.languages))

    def samples(self) -> list[Facts]:
        return [Facts(language=each) for each in self.languages]
