"""A visitor rates an episode that is over: once, changeable until the next one begins (decisions.md 1)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations import queries
from alongside.domains.conversations.actions import Rating
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import RatingEntry, Status
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import VisitorActor
from alongside.platform.errors import Conflict, NotFound
from tests.world import World


async def rate(
    world: World, stars: int, comment: str | None = None, episode: int = 1, actor: VisitorActor | None = None
) -> None:
    async with world.database.work() as work:
        await conversations.rate(work, actor or world.vera.actor, Rating(episode, stars, comment))


async def set_status(world: World, status: Status) -> None:
    async with world.database.work() as work:
        await conversations.set_status(work, world.ada.actor, world.conversation_id, status)


async def write(world: World, text: str) -> None:
    draft = Draft(new_client_id(), text)
    await messages.post(world.database, world.vera.actor, world.conversation_id, draft, 10_000)


async def stored(world: World) -> list[tuple[Any, ...]]:
    async with world.database.reading() as reading:
        rows = await reading.rows("SELECT number, rating, rating_comment, rated_at FROM episode ORDER BY number")
    assert all((row["rating"] is None) == (row["rated_at"] is None) for row in rows)
    return [(row["number"], row["rating"], row["rating_comment"]) for row in rows]


def told(world: World) -> list[tuple[int, str | None]]:
    """The ratings that the log took, in order."""
    entries = [fact.entry for fact in world.facts.of(EntryAdded)]
    return [(entry.stars, entry.comment) for entry in entries if isinstance(entry, RatingEntry)]


async def test_an_episode_has_one_rating_and_the_last_one_holds(world: World) -> None:
    await set_status(world, "done")
    await rate(world, 2, "slow")
    await rate(world, 5)
    await rate(world, 5)
    assert await stored(world) == [(1, 5, None)]
    assert told(world) == [(2, "slow"), (5, None)], "the same again is nothing new"
    entry = world.facts.of(EntryAdded)[-1]
    assert (entry.entry.author.kind, entry.entry.author.id) == ("visitor", world.vera.actor.contact_id)
    assert (entry.row.status, entry.row.unread_count) == ("done", 0), "a rating wakes nobody"
    async with world.database.reading() as reading:
        page = await queries.entries_before(reading, world.conversation_id, queries.END, 1)
    assert page.entries == [entry.entry]


async def test_what_runs_cannot_be_rated(world: World) -> None:
    with pytest.raises(Conflict) as refused:
        await rate(world, 5)
    assert refused.value.code == "rating-closed"
    await set_status(world, "done")
    for episode in (0, 2):
        with pytest.raises(Conflict):
            await rate(world, 5, episode=episode)
    assert await stored(world) == [(1, None, None)]


async def test_the_next_episode_has_a_rating_of_its_own(world: World) -> None:
    await set_status(world, "done")
    await rate(world, 4)
    await write(world, "One more thing")
    with pytest.raises(Conflict):
        await rate(world, 1)
    with pytest.raises(Conflict):
        await rate(world, 1, episode=2)
    await set_status(world, "done")
    await rate(world, 3, episode=2)
    assert await stored(world) == [(1, 4, None), (2, 3, None)]


async def test_a_colleague_who_takes_it_up_again_takes_no_rating_away(world: World) -> None:
    await set_status(world, "done")
    await rate(world, 4)
    await set_status(world, "unresolved")
    await rate(world, 2, "not over yet")
    await set_status(world, "done")
    assert await stored(world) == [(1, 2, "not over yet")]


async def test_a_rating_and_a_message_race(world: World) -> None:
    """Either the rating came first, or it is refused: never does it count for what has just begun."""
    for episode in range(1, 9):
        await set_status(world, "done")
        outcomes = await asyncio.gather(
            rate(world, 5, episode=episode), write(world, f"wait {episode}"), return_exceptions=True
        )
        refused = [outcome for outcome in outcomes if outcome is not None]
        assert all(isinstance(each, Conflict) for each in refused)
        assert (await stored(world))[episode - 1 :] == [
            (episode, None if refused else 5, None),
            (episode + 1, None, None),
        ]


async def test_two_ratings_race_and_one_is_kept(world: World) -> None:
    await set_status(world, "done")
    await asyncio.gather(*(rate(world, stars, f"{stars} it is") for stars in (1, 2, 3, 4, 5)))
    assert len(told(world)) == 5
    stars, comment = told(world)[-1]
    assert await stored(world) == [(1, stars, comment)]


async def test_somebody_else_rates_nothing_of_hers(world: World) -> None:
    await set_status(world, "done")
    async with world.database.work() as work:
        other = await contacts.meet_visitor(work, world.site.id, None, "en")
    with pytest.raises(NotFound):
        await rate(world, 1, actor=other.actor)
    assert await stored(world) == [(1, None, None)]
