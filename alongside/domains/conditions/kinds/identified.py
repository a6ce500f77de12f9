"""The site vouched for who the visitor is."""

from __future__ import annotations

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts


class IdentifiedCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="identified"):
    """The site vouched for who the visitor is."""

    closed = True

    def holds(self, facts: Facts) -> bool | None:
        return facts.identified

    def samples(self) -> list[Facts]:
        return [Facts(identified=True), Facts(identified=False)]
