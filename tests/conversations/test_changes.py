"""Status, assignment, and how far everybody has read."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.conversations import actions, queries
from alongside.domains.conversations.events import EntryAdded, TeamHasSeen, VisitorHasMarked
from alongside.domains.conversations.schemas import ConversationRow, Status
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.kit.ids import new_client_id
from alongside.platform.auth.actor import AgentActor
from alongside.platform.errors import Forbidden, Invalid, NotFound
from tests.world import World


async def set_status(world: World, status: Status, actor: AgentActor | None = None) -> ConversationRow:
    async with world.database.work() as work:
        return await actions.set_status(work, actor or world.ada.actor, world.conversation_id, status)


async def assign(
    world: World, agent_id: UUID | None, team_id: UUID | None = None, actor: AgentActor | None = None
) -> ConversationRow:
    async with world.database.work() as work:
        return await actions.assign(work, actor or world.sol.actor, world.conversation_id, agent_id, team_id)


def limited(world: World, *permissions: str) -> AgentActor:
    return AgentActor(world.ada.id, world.ada.actor.session_id, "Ada", frozenset(permissions))


async def test_a_status_that_stands_already_leaves_no_entry(world: World) -> None:
    before = await set_status(world, "unread")
    assert (before.last_seq, world.facts.of(EntryAdded)) == (1, [])
    after = await set_status(world, "done")
    assert (after.last_seq, after.status, after.unread_count) == (2, "done", 0)
    assert [fact.was_status for fact in world.facts.of(EntryAdded)] == ["unread"]


async def test_reopening_by_hand_goes_on_with_the_episode(world: World) -> None:
    await set_status(world, "done")
    assert (await set_status(world, "unresolved")).episode == 1


async def test_two_who_close_at_once_close_once(world: World) -> None:
    rows = await asyncio.gather(*(set_status(world, "done", who.actor) for who in (world.ada, world.ben, world.sol)))
    assert {row.last_seq for row in rows} == {2}


async def test_to_an_agent_a_team_nobody(world: World) -> None:
    async with world.database.work() as work:
        team = await agents.create_team(work, world.sol.actor, NewTeam(name="Green"))
    assert (await assign(world, world.ben.id)).assignee_id == world.ben.id
    row = await assign(world, None, team.id)
    assert (row.assignee_id, row.team_id) == (None, team.id)
    assert (await assign(world, None, team.id)).last_seq == row.last_seq, "to whom has it already: nothing happens"
    row = await assign(world, None)
    assert (row.assignee_id, row.team_id, row.status) == (None, None, "unread")


async def test_who_may_assign(world: World) -> None:
    reply = limited(world, "conversations.reply")
    assert (await assign(world, world.ada.id, actor=reply)).assignee_id == world.ada.id
    for wanted in (world.ben.id, None):
        with pytest.raises(Forbidden):
            await assign(world, wanted, actor=reply)
    with pytest.raises(Forbidden):
        await assign(world, world.ada.id, actor=limited(world))
    assert (await assign(world, world.ben.id, actor=limited(world, "conversations.assign"))).assignee_id == world.ben.id


async def test_only_to_who_is_there(world: World) -> None:
    await agents.deactivate(world.database, world.sol.actor, world.ben.id)
    for agent_id, team_id in ((world.ben.id, None), (new_client_id(), None), (None, new_client_id())):
        with pytest.raises(Invalid):
            await assign(world, agent_id, team_id)
    with pytest.raises(Invalid, match="not to both"):
        await assign(world, world.ada.id, new_client_id())


async def test_who_may_not_reply_may_not_close(world: World) -> None:
    with pytest.raises(Forbidden):
        await set_status(world, "done", limited(world, "conversations.assign"))


async def test_nothing_happens_to_what_is_not_there(world: World) -> None:
    async with world.database.work() as work:
        await actions.mark_seen(work, world.ada.actor, new_client_id(), 1)
        with pytest.raises(NotFound):
            await actions.set_status(work, world.ada.actor, new_client_id(), "done")
    assert world.facts == []


async def test_a_log_does_not_begin_with_an_identification(world: World) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE entry SET conversation_id = conversation_id WHERE false")
        contact_id = await work.value("INSERT INTO contact DEFAULT VALUES RETURNING id")
        conversation_id = await work.value(
            "INSERT INTO conversation (contact_id, channel_id) VALUES ($1, $2) RETURNING id", contact_id, world.site.id
        )
        await actions.record_identified(work, conversation_id, actions.Identified(contact_id=contact_id, name="Vera"))
        assert await work.value("SELECT count(*) FROM entry WHERE conversation_id = $1", conversation_id) == 0


MARKS = st.lists(
    st.tuples(st.sampled_from(["ada", "ben", "visitor"]), st.integers(-3, 12), st.integers(-3, 12)), max_size=20
)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(marks=MARKS)
async def test_marks_only_move_forward(world: World, marks: list[tuple[str, int, int]]) -> None:
    """P52: whatever is sent in whatever order, marks never go back nor beyond the log, and each move is told once."""
    for number in range(3):
        draft = Draft(new_client_id(), f"number {number}", "note" if number == 1 else "message")
        await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    before = await standing(world)
    for name, first, second in marks:
        world.facts.clear()
        async with world.database.work() as work:
            if name == "visitor":
                await actions.mark_visitor(work, world.vera.actor, first, second)
            else:
                actor = world.ada.actor if name == "ada" else world.ben.actor
                await actions.mark_seen(work, actor, world.conversation_id, first)
        after = await standing(world)
        assert all(now >= then for now, then in zip(after, before, strict=True))
        moved = len(world.facts.of(TeamHasSeen)) + len(world.facts.of(VisitorHasMarked))
        assert moved == (after != before)
        before = after


async def standing(world: World) -> list[int]:
    """Delivered, seen by the visitor, seen by the team, seen by Ada, by Ben."""
    async with world.database.reading() as reading:
        row = await reading.row(
            "SELECT visitor_delivered, visitor_seen, team_seen FROM conversation WHERE id = $1", world.conversation_id
        )
        assert row is not None
        seen = {each.agent_id: each.seq for each in await queries.seen(reading, world.conversation_id)}
    return [*row, seen.get(world.ada.id, 0), seen.get(world.ben.id, 0)]
