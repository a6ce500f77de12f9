"""Keep what the logs say, so that reports need not read them again. `reports/facts.py` says why that is never wrong."""

from __future__ import annotations

import time

from alongside.domains.reports.facts import END, IN_PLACE, KEPT, NAMES, READ
from alongside.platform.db import Database

# The episodes are held, so that none of them is erased before its row is written; one that is being erased is left.
KEEP = f"""
WITH stale AS MATERIALIZED (
    SELECT e.conversation_id, e.number FROM {IN_PLACE} {KEPT}
    WHERE kept.number IS NULL /* lately */ LIMIT $1 FOR KEY SHARE OF e SKIP LOCKED
)
INSERT INTO episode_fact (conversation_id, number, upto_seq, {NAMES})
SELECT e.conversation_id, e.number, {END}, {", ".join(f"log.{name}" for name in NAMES.split(", "))}
FROM {IN_PLACE} JOIN stale s ON s.conversation_id = e.conversation_id AND s.number = e.number
CROSS JOIN LATERAL ({READ}) AS log
ON CONFLICT (conversation_id, number) DO UPDATE SET
    upto_seq = excluded.upto_seq, {", ".join(f"{name} = excluded.{name}" for name in NAMES.split(", "))}
WHERE episode_fact.upto_seq <> excluded.upto_seq
"""

KEEP_LATELY = KEEP.replace("/* lately */", "AND c.last_message_at >= now() - interval '1 day'")

AT_ONCE = 500
# Then whatever else waits for the worker has its turn.
SLICE_SECONDS = 5.0


async def keep_facts(database: Database, *, lately: bool) -> bool:
    """Keep what is not kept yet, some hundreds at a time, or only of conversations with a message of the last day.

    Returns whether there may be more to do.
    """
    until = time.monotonic() + SLICE_SECONDS
    while time.monotonic() < until:
        async with database.work() as work:
            done = await work.run(KEEP_LATELY if lately else KEEP, AT_ONCE)
        if done < AT_ONCE:
            return False
    return True
