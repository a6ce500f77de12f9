"""Rules, visitors and agents who come and go, by the real verbs; and a router that looks when it is told to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import msgspec

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import EditAgent, NewTeam
from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries as conversation_queries
from alongside.domains.conversations.schemas import ConversationRow
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.routing import queries
from alongside.domains.routing.actions import Busy
from alongside.domains.routing.router import Router
from alongside.domains.routing.schemas import QueueEntry, RoutingDecision
from alongside.domains.rules import actions as rules
from alongside.domains.rules.schemas import Rule, WriteRule
from alongside.domains.systemmessages import actions as system_messages
from alongside.domains.systemmessages.schemas import NewSystemMessage
from alongside.kit.ids import new_client_id
from tests.world import Colleague, Visitor, World

ALWAYS: dict[str, Any] = {"kind": "group", "of": []}

STANDS_STILL = """
SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')
"""


async def make_rule(world: World, *actions: dict[str, Any], **body: Any) -> Rule:
    """A routing rule that acts."""
    conditions, name = body.pop("conditions", ALWAYS), body.pop("name", "Everybody")
    state = body.pop("state", "on")
    given = {"kind": "routing", "actions": list(actions), **body}
    written = {"name": name, "state": state, "conditions": conditions, "body": given}
    async with world.database.work() as work:
        return await rules.create_rule(work, world.sol.actor, "routing", msgspec.convert(written, WriteRule))


async def switch(world: World, rule: Rule, state: Any) -> None:
    async with world.database.work() as work:
        await rules.switch_rule(work, world.sol.actor, "routing", rule.id, state)


async def make_message(world: World, text: str) -> str:
    """A system message's id."""
    async with world.database.work() as work:
        made = await system_messages.create_system_message(
            work, world.sol.actor, NewSystemMessage(name=text[:40], texts={"en": text})
        )
    return str(made.id)


async def team_of(world: World, *members: Colleague, tags: list[str] | None = None) -> str:
    """A team's id."""
    async with world.database.work() as work:
        new = NewTeam(name="Returns", member_ids=[each.id for each in members], tags=tags or [])
        return str((await agents.create_team(work, world.sol.actor, new)).id)


async def come(world: World, *people: Colleague, limit: int = 5) -> None:
    """They have the console open, for as long as the test lasts, and press Go online."""
    for each in people:
        await agents.extend_lease(world.database, each.id)
        async with world.database.work() as work:
            await work.run("UPDATE agent SET lease_until = now() + interval '1 day' WHERE id = $1", each.id)
        await agents.go_online(world.database, each.actor, True)
        await limit_to(world, each, limit)


async def leave(world: World, who: Colleague) -> None:
    await agents.go_online(world.database, who.actor, False)


async def limit_to(world: World, who: Colleague, limit: int) -> None:
    await edit(world, who, EditAgent(chat_limit=limit))


async def edit(world: World, who: Colleague, change: EditAgent) -> None:
    async with world.database.work() as work:
        await agents.edit_agent(work, world.sol.actor, who.id, change)


async def visitor(world: World) -> Visitor:
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
    return Visitor(new.actor, new.token)


async def write(world: World, who: Visitor, text: str = "Hello") -> UUID:
    """They write, and their conversation's id is told."""
    async with world.database.work() as work:
        conversation_id = await conversations.begin(work, who.actor)
    await messages.post(
        world.database, who.actor, conversation_id, Draft(new_client_id(), text), world.config.max_message_chars
    )
    return conversation_id


async def begin(world: World, text: str = "Hello") -> UUID:
    """Somebody new writes; nothing has been decided yet."""
    return await write(world, await visitor(world), text)


async def answer(world: World, who: Colleague, conversation_id: UUID, *, then_done: bool = False) -> None:
    draft = Draft(new_client_id(), "Here I am", then_done=then_done)
    await messages.post(world.database, who.actor, conversation_id, draft, world.config.max_message_chars)


async def close(world: World, who: Colleague, conversation_id: UUID) -> None:
    async with world.database.work() as work:
        await conversations.set_status(work, who.actor, conversation_id, "done")


async def take(world: World, who: Colleague, conversation_id: UUID) -> None:
    async with world.database.work() as work:
        await conversations.assign(work, who.actor, conversation_id, who.id, None)


async def decide(world: World) -> None:
    """What a router does when it is rung for."""
    router = Router(world.database)
    while True:
        try:
            return await router.see_to_all()
        except Busy:
            continue


async def row(world: World, conversation_id: UUID) -> ConversationRow:
    async with world.database.reading() as reading:
        found = await conversation_queries.conversation(reading, conversation_id)
    assert found is not None
    return found


async def holder(world: World, conversation_id: UUID) -> UUID | None:
    return (await row(world, conversation_id)).assignee_id


async def decisions(world: World, conversation_id: UUID) -> list[RoutingDecision]:
    async with world.database.reading() as reading:
        return await queries.decisions(reading, conversation_id)


async def queue(world: World) -> list[QueueEntry]:
    async with world.database.reading() as reading:
        return await queries.queue(reading)


async def waiting(world: World) -> list[UUID]:
    return [each.row.id for each in await queue(world)]


async def age(world: World, minutes: int) -> None:
    """All that waits has waited so much longer."""
    async with world.database.work() as work:
        await work.run(
            """
            UPDATE routing_queue SET since = since - make_interval(mins => $1),
                until = until - make_interval(mins => $1)
            """,
            minutes,
        )
        await work.run("UPDATE routing_watch SET react_until = react_until - make_interval(mins => $1)", minutes)


async def said(world: World, conversation_id: UUID) -> list[str]:
    """What Alongside itself told there."""
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT text FROM entry WHERE conversation_id = $1 AND kind = 'message' AND author_kind = 'system' "
            "ORDER BY seq",
            conversation_id,
        )
    return [each["text"] for each in rows]


async def stands_still(world: World) -> bool:
    """Somebody waits for what another holds."""
    async with world.database.reading() as reading:
        return bool(await reading.value(STANDS_STILL))
