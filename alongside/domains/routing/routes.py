"""Routing over HTTP: why a conversation went where it did, who waits, and what other rules would have done."""

from __future__ import annotations

from uuid import UUID

from litestar import get, post

from alongside.domains.conversations.actions import no_such_conversation
from alongside.domains.conversations.queries import in_sight
from alongside.domains.routing import policy, queries
from alongside.domains.routing.schemas import Queue, RoutingHistory, Simulate, Simulation
from alongside.domains.routing.simulating import simulate
from alongside.domains.rules.policy import MANAGE
from alongside.platform.auth.actor import AgentActor
from alongside.platform.db import Database
from alongside.platform.web import who


@get("/conversations/{conversation_id:uuid}/routing", opt={"who": who.agent()})
async def read_routing(conversation_id: UUID, actor: AgentActor, database: Database) -> RoutingHistory:
    """What the rules decided about a conversation and why, the newest first."""
    async with database.snapshot() as reading:
        if not await in_sight(reading, actor, conversation_id):
            raise no_such_conversation()
        decisions = await queries.decisions(reading, conversation_id)
        waiting = [each for each in await queries.queue(reading) if each.row.id == conversation_id]
    return RoutingHistory(decisions=decisions, waiting=waiting[0] if waiting else None)


@get("/routing/queue", opt={"who": who.agent()})
async def read_queue(actor: AgentActor, database: Database) -> Queue:
    """Who waits for an agent, in the order in which they are served."""
    async with database.snapshot() as reading:
        return policy.seen_by(actor, await queries.queue(reading))


@post("/routing/simulate", status_code=200, opt={"who": who.agent(MANAGE)})
async def simulate_rules(data: Simulate, actor: AgentActor, database: Database) -> Simulation:
    """Run past decisions through other rules, or through drafts: who would have got what, beside what was."""
    async with database.snapshot() as reading:
        return await simulate(reading, actor, data)


ROUTES = [read_routing, read_queue, simulate_rules]
