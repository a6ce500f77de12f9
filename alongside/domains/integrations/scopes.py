"""Every scope a key can have: the permissions of agents, and one to read what every agent may read."""

from __future__ import annotations

from alongside.domains.agents.permissions import PERMISSIONS
from alongside.domains.integrations.policy import MANAGE
from alongside.platform.auth.actor import READ

# By these a program could make itself more than it was made to be: other keys, another way for people to sign in.
FOR_PEOPLE = frozenset({MANAGE, "security.manage"})

SCOPES = (READ, *(each.name for each in PERMISSIONS if each.name not in FOR_PEOPLE))
