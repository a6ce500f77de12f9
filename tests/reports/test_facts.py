"""What is kept of the logs changes no figure: kept, behind, missing or thrown away, reports tell what the log says."""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages.actions import Draft, post
from alongside.domains.privacy import actions as privacy
from alongside.domains.reports import queries
from alongside.domains.reports.actions import facts
from alongside.domains.reports.logic import Period, period_of
from alongside.domains.reports.schemas import EpisodeRow, ReportFilter
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import VisitorActor
from tests.reports.stories import recomputed
from tests.world import World

ACTS = ("ask", "answer", "close", "note", "give", "unread", "unresolved", "done", "keep", "keep-lately", "forget")
COUNT = "SELECT count(*) FROM episode_fact"


@cache
def now_and_then() -> Period:
    """Whatever the tests write now is in it. It stays the same though a day may begin meanwhile."""
    today = datetime.now(UTC).date()
    return period_of(today - timedelta(days=2), today + timedelta(days=2), "UTC")


async def told(world: World) -> list[EpisodeRow]:
    async with world.database.snapshot() as reading:
        return (await queries.episode_page(reading, now_and_then(), ReportFilter(), None, 200)).rows


async def dashboard(world: World) -> Any:
    async with world.database.snapshot() as reading:
        return await queries.dashboard(reading, now_and_then(), ReportFilter())


async def kept(world: World) -> int:
    async with world.database.reading() as reading:
        count: int = await reading.value(COUNT)
        return count


async def forget(world: World) -> None:
    async with world.database.work() as work:
        await work.run("DELETE FROM episode_fact")


async def newcomer(world: World) -> tuple[VisitorActor, UUID]:
    async with world.database.work() as work:
        visitor = (await contacts.meet_visitor(work, world.site.id, None, "en")).actor
        conversation_id = await conversations.begin(work, visitor)
    await say(world, visitor, conversation_id)
    return visitor, conversation_id


async def say(world: World, author: Any, conversation_id: UUID, **how: Any) -> None:
    await post(world.database, author, conversation_id, Draft(new_client_id(), "words", **how), 1_000)


async def act(world: World, visitor: VisitorActor, conversation_id: UUID, do: str) -> None:
    match do:
        case "ask":
            await say(world, visitor, conversation_id)
        case "answer" | "close":
            await say(world, world.ada.actor, conversation_id, then_done=do == "close")
        case "note":
            await say(world, world.ben.actor, conversation_id, kind="note")
        case "keep" | "keep-lately":
            await facts.keep_facts(world.database, lately=do == "keep-lately")
        case "forget":
            await forget(world)
        case "give":
            async with world.database.work() as work:
                await conversations.assign(work, world.sol.actor, conversation_id, world.ben.id, None)
        case "unread" | "unresolved" | "done":
            async with world.database.work() as work:
                await conversations.set_status(work, world.ada.actor, conversation_id, do)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.sampled_from(ACTS), max_size=14))
async def test_whatever_is_kept_and_when_reports_tell_what_the_log_says(world: World, history: list[str]) -> None:
    visitor, conversation_id = await newcomer(world)
    for do in history:
        await act(world, visitor, conversation_id, do)
    as_kept, figures = await told(world), await dashboard(world)
    truth = await recomputed(world)
    for row in as_kept:
        plain = msgspec.to_builtins(row, builtin_types=(UUID, datetime))
        for name, value in truth[row.conversation_id, row.episode].items():
            assert (set(plain[name]) if isinstance(value, set) else plain[name]) == value, (name, history)
    await forget(world)
    assert (await told(world), await dashboard(world)) == (as_kept, figures)
    await facts.keep_facts(world.database, lately=False)
    assert (await told(world), await dashboard(world)) == (as_kept, figures)


async def test_all_is_kept_once_and_again_where_the_log_grew(world: World) -> None:
    visitor, conversation_id = await newcomer(world)
    assert not await facts.keep_facts(world.database, lately=False)
    assert await kept(world) == 2, "Vera's and this one"
    async with world.database.work() as work:
        assert await work.run(facts.KEEP, 10) == 0
    await say(world, visitor, conversation_id)
    async with world.database.work() as work:
        assert await work.run(facts.KEEP, 10) == 1
    await act(world, visitor, conversation_id, "close")
    await act(world, visitor, conversation_id, "ask")
    async with world.database.work() as work:
        assert await work.run(facts.KEEP, 10) == 2, "the one that ended, and the one that began"
        assert await work.run(facts.KEEP, 10) == 0


async def test_what_is_old_is_left_to_the_keeping_of_all(world: World) -> None:
    _, conversation_id = await newcomer(world)
    async with world.database.work() as work:
        await work.run(
            "UPDATE conversation SET last_message_at = last_message_at - interval '2 days' WHERE id = $1",
            conversation_id,
        )
        assert await work.run(facts.KEEP_LATELY, 10) == 1
        assert await work.run(facts.KEEP, 10) == 1


async def test_several_who_keep_at_once_while_people_write(world: World, seed: int) -> None:
    """Nobody waits for ever, nobody fails, and the end is the log's."""
    chance = random.Random(seed)
    people = [await newcomer(world) for _ in range(4)]

    async def write(visitor: VisitorActor, conversation_id: UUID) -> None:
        for _ in range(8):
            await act(world, visitor, conversation_id, chance.choice(("ask", "answer", "close", "note")))

    async def keep() -> None:
        for _ in range(6):
            await facts.keep_facts(world.database, lately=False)

    await asyncio.gather(*(write(*each) for each in people), keep(), keep())
    as_kept = await told(world)
    await forget(world)
    assert await told(world) == as_kept


async def test_what_is_erased_is_not_kept(world: World) -> None:
    visitor, _ = await newcomer(world)
    await facts.keep_facts(world.database, lately=False)
    before = await kept(world)

    async def erase() -> None:
        await privacy.erase(world.database, world.sol.actor, visitor.contact_id)

    await asyncio.gather(erase(), *(facts.keep_facts(world.database, lately=False) for _ in range(3)))
    assert await kept(world) == before - 1
