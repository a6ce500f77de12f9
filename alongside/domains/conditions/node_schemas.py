"""Conditions put together: groups of all or any, within each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Union

import msgspec
from msgspec import Meta

from alongside.domains.conditions.kinds import KINDS
from alongside.domains.conditions.language import Condition
from alongside.domains.conditions.schemas import MOST_CONDITIONS


class ConditionGroup(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="group"
):
    """Conditions and groups of which all, or any, have to hold; with `negate` the opposite counts.

    Of "all" an empty one holds always, of "any" never.
    """

    match: Literal["all", "any"] = "all"
    negate: bool = False
    of: Annotated[list[ConditionNode], Meta(max_length=MOST_CONDITIONS)] = []


if TYPE_CHECKING:
    ConditionNode = ConditionGroup | Condition
else:
    # The kinds are found, not listed.
    ConditionNode = Union[(ConditionGroup, *KINDS)]
