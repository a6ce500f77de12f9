"""What the visitor looks at the site with."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import Facts


class DeviceCondition(Condition, frozen=True, kw_only=True, forbid_unknown_fields=True, tag="device"):
    """The visitor's device is one of these."""

    closed = True

    devices: Annotated[list[Literal["desktop", "tablet", "mobile"]], Meta(min_length=1, max_length=3)]

    def holds(self, facts: Facts) -> bool | None:
        return facts.device in self.devices if facts.device else None

    def samples(self) -> list[Facts]:
        return [Facts(device=each) for each in ("desktop", "tablet", "mobile", "unknown")]
