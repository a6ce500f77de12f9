"""The page's own code said that something happened."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from alongside.domains.conditions.language import BROWSER, Condition
from alongside.domains.conditions.schemas import Facts


class EventCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="event"):
    """The page called `Alongside.event(name)` since it was opened. `title` is how page code is told of the match."""

    known_in = BROWSER
    closed = True

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    title: Annotated[str, Meta(max_length=100)] = ""

    def holds(self, facts: Facts) -> bool | None:
        return None if facts.events is None else self.name in facts.events

    def subject(self) -> str:
        return f"event {self.name}"

    def samples(self) -> list[Facts]:
        return [Facts(events=[self.name]), Facts(events=[])]
