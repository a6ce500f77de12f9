"""What the visitor wrote last."""

from __future__ import annotations

from typing import Literal

from alongside.domains.conditions.language import Condition, Flaw, compare_texts, flaws_of_text
from alongside.domains.conditions.schemas import Facts, Value


class MessageCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="message"):
    """The visitor has sent a message ("any"), or the last one's text is as wanted."""

    compare: Literal["any", "equals", "contains", "starts_with", "pattern"] = "any"
    value: Value = ""

    def holds(self, facts: Facts) -> bool | None:
        if self.compare != "any":
            return compare_texts(self.compare, self.value, facts.message)
        if facts.messages is not None:
            return facts.messages > 0
        return None if facts.message is None else facts.message != ""

    def flaws(self) -> list[Flaw]:
        return [] if self.compare == "any" else flaws_of_text(self.compare, self.value)

    def samples(self) -> list[Facts]:
        return [Facts(message=self.value)] if self.value else []

    @property
    def pins(self) -> bool:
        return self.compare == "equals"
