"""The site's own id of the visitor, vouched for by its signature."""

from __future__ import annotations

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts, Value


class ExternalIdCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="external_id"):
    """The site vouched for an id of the visitor: any, or this one exactly."""

    value: Value = ""

    def holds(self, facts: Facts) -> bool | None:
        if facts.external_ids is None:
            return None
        return self.value in facts.external_ids if self.value else bool(facts.external_ids)

    def samples(self) -> list[Facts]:
        return [Facts(external_ids=[self.value or "1"]), Facts(external_ids=[])]
