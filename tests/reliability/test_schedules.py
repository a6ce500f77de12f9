"""P49: what is due is told once, over three processes of which one is killed while it looks."""

from __future__ import annotations

import asyncio
from datetime import datetime
from uuid import UUID

from tests.harness.stage import Stage
from tests.harness.until import PATIENCE, until

VISITORS = 12
# A job that the killed process was about is begun again in the minute after its heart has not beaten for 30 s.
TAKEN_UP_SECONDS = 30 + 60 + PATIENCE
RULE = {
    "name": "Soon",
    "state": "on",
    "conditions": {"kind": "group", "match": "all", "negate": False, "of": []},
    "body": {"kind": "sla", "first_seconds": 20, "warn_percent": 50},
}
# Each agent who is told, of what.
TOLD = """
SELECT agent_id, conversation_id, event, count(*) FROM notification WHERE event LIKE 'sla%%' AND way = 'page'
GROUP BY agent_id, conversation_id, event
"""

# Those of the newcomers; the cast's own conversation has its clock whenever the rules of old ones are looked at.
CLOCKS = "SELECT conversation_id, missed_at FROM sla_clock WHERE rule_id IS NOT NULL AND conversation_id <> %s"


async def begin(stage: Stage, number: int) -> None:
    """A newcomer writes, to any of the processes."""
    url = stage.urls[number % len(stage.urls)]
    async with stage.visitor(await stage.newcomer(), url) as visitor:
        await visitor.send(f"Is anybody there? {number}")


async def test_warning_and_breach_are_told_once_though_a_process_is_killed(fragile: Stage) -> None:
    stage = fragile
    async with stage.console(stage.world.sol) as sol:
        answer = await sol.post("/rules/sla", json=RULE)
        assert answer.status_code == 201, answer.text
    stage.sql("UPDATE agent SET wants_online = true WHERE id = %s", stage.world.ada.id)
    await asyncio.gather(*(begin(stage, number) for number in range(VISITORS)))

    def clocks() -> dict[UUID, datetime | None]:
        return dict(stage.sql(CLOCKS, stage.world.conversation_id))

    async def all_run() -> bool:
        return len(clocks()) >= VISITORS

    await until(all_run, what="every conversation has its clock")
    await stage.nodes[-1].again()

    async def all_told() -> bool:
        return clocks().keys() <= {row[1] for row in stage.sql(TOLD) if row[2] == "sla_breach"}

    await until(all_told, TAKEN_UP_SECONDS, "every breach was told")
    assert {row[3] for row in stage.sql(TOLD)} == {1}
    assert len(clocks()) == VISITORS and None not in clocks().values()
