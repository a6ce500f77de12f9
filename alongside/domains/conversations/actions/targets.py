"""What the inbox shows of a conversation's targets. The log knows nothing of them, and says nothing."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

import msgspec

from alongside.domains.conversations.schemas import RowTarget
from alongside.platform.db import Work

# In the order in which those who write messages lock them.
HOLD = "SELECT id FROM conversation WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"

SHOW = """
UPDATE conversation c SET sla = new.sla, sla_due_at = (new.sla ->> 'due_at')::timestamptz
FROM jsonb_to_recordset($1::jsonb) AS new (id uuid, sla jsonb) WHERE c.id = new.id
"""


async def show_targets(work: Work, targets: Mapping[UUID, RowTarget | None]) -> None:
    """The rows show these targets from now on; None: none. Whoever has this shown announces the rows."""
    if targets:
        await work.rows(HOLD, list(targets))
        shown = [
            {"id": each, "sla": msgspec.to_builtins(target) if target else None} for each, target in targets.items()
        ]
        await work.run(SHOW, shown)
