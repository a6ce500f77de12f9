"""What the tests of targets do again and again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.conversations import queries as conversations
from alongside.domains.conversations.schemas import RowTarget
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.notifications import jobs as notification_jobs
from alongside.domains.rules import actions as rules
from alongside.domains.rules.schemas import Rule, WriteRule
from alongside.domains.sla import actions as sla
from alongside.kit.ids import new_client_id
from alongside.platform.jobs import Means
from alongside.platform.storage import Storage
from tests.world import Colleague, World

ALWAYS: dict[str, Any] = {"kind": "group", "match": "all", "negate": False, "of": []}

# Everything of a conversation happened so much earlier.
EARLIER = """
WITH step (by) AS (VALUES ($2::interval)),
log AS (UPDATE entry SET at = at - by FROM step WHERE conversation_id = $1),
rows AS (
    UPDATE conversation SET last_message_at = last_message_at - by, waiting_since = waiting_since - by FROM step
    WHERE id = $1),
clocks AS (
    UPDATE sla_clock SET started_at = started_at - by, due_at = due_at - by, warn_at = warn_at - by,
        over_at = over_at - by, pauses = ARRAY(SELECT p - by FROM unnest(pauses) AS p)
    FROM step WHERE conversation_id = $1)
UPDATE episode SET opened_at = opened_at - by, done_at = done_at - by FROM step WHERE conversation_id = $1
"""


async def rule(world: World, name: str, conditions: dict[str, Any] | None = None, **body: Any) -> Rule:
    """An SLA rule that is on."""
    new = {"name": name, "state": "on", "conditions": conditions or ALWAYS, "body": {"kind": "sla", **body}}
    async with world.database.work() as work:
        return await rules.create_rule(work, world.sol.actor, "sla", msgspec.convert(new, WriteRule))


async def change(world: World, before: Rule, **body: Any) -> None:
    new = {"name": before.name, "state": "on", "conditions": before.conditions, "version": before.version}
    wanted = msgspec.convert(msgspec.to_builtins(new) | {"body": {"kind": "sla", **body}}, WriteRule)
    async with world.database.work() as work:
        await rules.edit_rule(work, world.sol.actor, "sla", before.id, wanted)


async def write(world: World, who: Any, text: str = "And the blue one?", *, then_done: bool = False) -> None:
    """Vera or an agent writes."""
    draft = Draft(new_client_id(), text, then_done=then_done)
    await messages.post(world.database, who.actor, world.conversation_id, draft, 10_000)


async def follow(world: World, *, judge: bool = False) -> None:
    """What the follower of the process does a moment later."""
    ids = [world.conversation_id]
    await sla.follow(world.database, ids, judge=frozenset(ids) if judge else frozenset())


async def shown(world: World, conversation_id: UUID | None = None) -> RowTarget | None:
    """What the row shows."""
    async with world.database.reading() as reading:
        row = await conversations.conversation(reading, conversation_id or world.conversation_id)
    assert row is not None
    return row.sla


async def clocks(world: World) -> list[tuple[str, str]]:
    """The clocks that rules set, in order, and what became of them."""
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT kind, over_at, met, missed_at, pauses FROM sla_clock WHERE rule_id IS NOT NULL ORDER BY seq, kind"
        )
    return [(row["kind"], _state(row)) for row in rows]


def _state(row: Any) -> str:
    if row["missed_at"]:
        return "missed"
    if row["over_at"]:
        return "met" if row["met"] else "ended"
    return "paused" if len(row["pauses"]) % 2 else "runs"


async def minutes_pass(world: World, minutes: float) -> None:
    """All of it happened so much earlier."""
    async with world.database.work() as work:
        await work.run(EARLIER, world.conversation_id, timedelta(minutes=minutes))


async def tell(world: World, storage: Storage) -> None:
    """Do the jobs that alarms were made into; each twice, as a job may run twice."""
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT args FROM procrastinate_jobs WHERE task_name = $1 ORDER BY id", sla.TELL)
    for row in rows:
        for _ in range(2):
            await notification_jobs.target(Means(world.database, storage, world.config), **row["args"])


async def told(world: World, who: Colleague, way: str = "page") -> list[str]:
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT event FROM notification WHERE agent_id = $1 AND way = $2 AND event LIKE 'sla%' ORDER BY created_at",
            who.id,
            way,
        )
    return [row["event"] for row in rows]
