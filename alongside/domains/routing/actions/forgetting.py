"""What a decision rested on is kept as long as it can be run again."""

from __future__ import annotations

from alongside.domains.routing.schemas import REPLAYABLE_DAYS
from alongside.platform.db import Work

FORGET = """
UPDATE routing_decision SET agents = NULL WHERE id IN (
    SELECT id FROM routing_decision WHERE agents IS NOT NULL AND at < now() - make_interval(days => $1)
    ORDER BY at LIMIT 2000)
"""


async def forget_agents(work: Work) -> int:
    """Forget how all agents were at decisions that are too old to be run again. Returns of how many; 0: of all."""
    # A day more than may be asked for: the company's day may be over later than ours.
    return await work.run(FORGET, REPLAYABLE_DAYS + 1)
