"""The customer or the conversation carries a label."""

from __future__ import annotations

from uuid import UUID

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts


class LabelCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="label"):
    """The customer or the conversation carries a label."""

    closed = True

    label_id: UUID

    def holds(self, facts: Facts) -> bool | None:
        return None if facts.label_ids is None else self.label_id in facts.label_ids

    def subject(self) -> str:
        return f"label {self.label_id}"

    def samples(self) -> list[Facts]:
        return [Facts(label_ids=[self.label_id]), Facts(label_ids=[])]
