"""Every scope a key can have: the permissions of agents, and one to read what every agent may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from alongside.domains.agents.permissions import PERMISSIONS
from alongside.domains.integrations.policy import MANAGE
from alongside.platform.auth.actor import EVERYTHING, READ

# By these a program could make itself more than it was made to be: other keys, another way for people to sign in.
FOR_PEOPLE = frozenset({MANAGE, "security.manage"})

SCOPES = (READ, *(each.name for each in PERMISSIONS if each.name not in FOR_PEOPLE))


def still_held(scopes: Iterable[str], of_maker: Collection[str] | None) -> set[str]:
    """Those of a key's scopes that its maker may do today: who was taken a right does not keep it by a key."""
    given = set(scopes)
    if of_maker is None or EVERYTHING in of_maker:
        return given
    return given & {READ, *of_maker}
