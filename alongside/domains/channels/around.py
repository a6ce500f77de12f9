"""How the settings of what happens around a chat change. Pure."""

from __future__ import annotations

from msgspec import UNSET, structs

from alongside.domains.channels.around_schemas import AroundChat, EditAroundChat


def changed_around(current: AroundChat, change: EditAroundChat) -> AroundChat:
    """As it is after a change."""
    given = {name: value for name, value in structs.asdict(change).items() if value is not UNSET}
    return structs.replace(current, **given)
