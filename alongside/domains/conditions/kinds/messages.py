"""The visitor has written so many messages in the running episode."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import Condition, around, compare_numbers
from alongside.domains.conditions.schemas import Facts, NumberCompare


class MessagesCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="messages"):
    """The visitor has written so many messages in the running episode."""

    closed = True

    compare: NumberCompare = "at_least"
    count: Annotated[int, Meta(ge=0, le=1_000_000)]

    def holds(self, facts: Facts) -> bool | None:
        return compare_numbers(self.compare, self.count, facts.messages)

    def samples(self) -> list[Facts]:
        return [Facts(messages=int(each)) for each in around(self.count)]
