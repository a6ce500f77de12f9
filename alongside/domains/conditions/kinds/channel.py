"""The visitor writes on one of some channels."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts


class ChannelCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="channel"):
    """The visitor is on one of these channels."""

    channel_ids: Annotated[list[UUID], Meta(min_length=1, max_length=100)]

    def holds(self, facts: Facts) -> bool | None:
        return None if facts.channel_id is None else facts.channel_id in self.channel_ids

    def samples(self) -> list[Facts]:
        return [Facts(channel_id=each) for each in self.channel_ids]

    @property
    def pins(self) -> bool:
        return True
