"""Every scope a key can have: the permissions of agents, and one to read what every agent may read."""

from __future__ import annotations

from alongside.domains.agents.permissions import PERMISSIONS
from alongside.domains.integrations.policy import MANAGE
from alongside.platform.auth.actor import READ

SCOPES = (READ, *(each.name for each in PERMISSIONS if each.name != MANAGE))
