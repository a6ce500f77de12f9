"""Who may see what became of targets."""

from __future__ import annotations

from alongside.domains.rules.policy import MANAGE

STATISTICS = MANAGE
