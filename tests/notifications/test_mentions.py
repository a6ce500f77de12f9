"""Whom a note names hears of it, by the ways they chose, if they may see the conversation; nobody else does."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from alongside.domains.agents import actions as agents
from alongside.domains.agents.schemas import NewTeam
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.schemas import Mention, NoteEntry
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.messages.schemas import Named
from alongside.domains.notifications.events import Mentioned
from alongside.domains.notifications.schemas import Choices, Ways
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Invalid
from tests.harness.pushes import PushService
from tests.notifications.scene import QUIET, choose, consider, go_online, push, subscribe
from tests.world import Browser, Colleague, World


async def note(world: World, text: str, *mentions: Named, **more: Any) -> NoteEntry:
    draft = Draft(new_client_id(), text, **{"kind": "note", "mentions": mentions, **more})
    entry = await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    assert isinstance(entry, NoteEntry)
    return entry


async def told(world: World) -> set[str]:
    """Whom the console told, by name."""
    await consider(world)
    names = {world.sol.id: "Sol", world.ada.id: "Ada", world.ben.id: "Ben"}
    return {names[each] for fact in world.facts.of(Mentioned) for each in fact.agent_ids}


async def sees_own(world: World, who: Colleague) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE role SET sees = 'own' FROM agent a WHERE role.id = a.role_id AND a.id = $1", who.id)
        await conversations.assign(work, world.sol.actor, world.conversation_id, world.sol.id, None)


async def online(world: World) -> None:
    for who in (world.sol, world.ada, world.ben):
        await go_online(world, who)


async def test_a_note_names_agents_and_teams_by_reference(world: World) -> None:
    async with world.database.work() as work:
        made = await agents.create_team(work, world.sol.actor, NewTeam(name="Returns", member_ids=[world.ben.id]))
    entry = await note(
        world, "@Ben and @Returns, look", Named(agent_id=world.ben.id), Named(team_id=made.id), Named(team_id=made.id)
    )
    assert entry.mentions == [Mention(agent_id=world.ben.id, name="Ben"), Mention(team_id=made.id, name="Returns")]


async def test_who_is_named_hears_it_once_and_nobody_else(world: World) -> None:
    await online(world)
    await note(world, "@Ben, @Ada: look", Named(agent_id=world.ben.id), Named(agent_id=world.ada.id))
    assert await told(world) == {"Ben"}, "who wrote it knows it"
    world.facts.clear()
    assert await told(world) == set(), "considering twice tells nothing twice"
    await note(world, "Nobody is named here")
    assert await told(world) == set()


async def test_a_team_is_its_members(world: World) -> None:
    await online(world)
    async with world.database.work() as work:
        members = [world.ben.id, world.sol.id]
        made = await agents.create_team(work, world.sol.actor, NewTeam(name="Returns", member_ids=members))
    await note(world, "@Returns", Named(team_id=made.id))
    assert await told(world) == {"Ben", "Sol"}


async def test_who_may_not_see_the_conversation_is_not_told(world: World, browser: Browser) -> None:
    await online(world)
    await sees_own(world, world.ben)
    await note(world, "@Ben", Named(agent_id=world.ben.id))
    assert await told(world) == set()
    browser.be(world.sol)
    listed = (await browser.get(f"/conversations/{world.conversation_id}/mentionable")).json()
    assert {each["name"]: each["sees"] for each in listed} == {"Ada": False, "Ben": False, "Sol": True}
    browser.be(world.ben)
    assert (await browser.get(f"/conversations/{world.conversation_id}/mentionable")).status_code == 404


async def test_each_chooses_the_ways(world: World, service: PushService) -> None:
    await online(world)
    device = service.device("ben")
    await subscribe(world, world.ben, device)
    await note(world, "@Ben", Named(agent_id=world.ben.id))
    await push(world)
    (got,) = [each for each in device.pushes if each["title"] == "You were mentioned in a note"]
    assert got["body"] == "Green Shop"
    await choose(world, world.ben, choices=Choices(mention=QUIET))
    world.facts.clear()
    await note(world, "@Ben again", Named(agent_id=world.ben.id))
    await push(world)
    assert world.facts.of(Mentioned) == []
    await choose(world, world.ben, choices=Choices(mention=Ways(popup=False, sound=False, push=False, mail=True)))
    await note(world, "@Ben by mail", Named(agent_id=world.ben.id))
    await consider(world)
    async with world.database.reading() as reading:
        ways = await reading.rows("SELECT way FROM notification WHERE event = 'mention' AND state = 'waiting'")
    assert {row["way"] for row in ways} == {"mail"}


async def test_choices_of_before_there_were_mentions_leave_the_usual(world: World) -> None:
    await online(world)
    await choose(world, world.ben)
    async with world.database.work() as work:
        await work.run("UPDATE notification_settings SET choices = choices - 'mention'")
    await note(world, "@Ben", Named(agent_id=world.ben.id))
    assert await told(world) == {"Ben"}


async def test_two_notes_in_one_second_are_two_mentions(world: World) -> None:
    await online(world)
    await note(world, "@Ben", Named(agent_id=world.ben.id))
    await note(world, "@Sol", Named(agent_id=world.sol.id))
    assert await told(world) == {"Ben", "Sol"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "message"}, "mention-in-reply"),
        ({"mentions": [Named()]}, "bad-mention"),
        ({"mentions": [Named(agent_id=uuid4(), team_id=uuid4())]}, "bad-mention"),
        ({"mentions": [Named(agent_id=uuid4())]}, "no-such-mention"),
        ({"mentions": [Named(agent_id=uuid4()) for _ in range(21)]}, "bad-mention"),
    ],
    ids=["reply", "nobody", "both", "unknown", "many"],
)
async def test_what_is_refused(world: World, change: dict[str, Any], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        await note(world, "@Ben", **{"mentions": [Named(agent_id=world.ben.id)], **change})
    assert refusal.value.code == code


async def test_a_deleted_note_names_nobody(world: World) -> None:
    await online(world)
    entry = await note(world, "@Ben", Named(agent_id=world.ben.id))
    async with world.database.work() as work:
        left = await messages.delete(work, world.ada.actor, world.conversation_id, entry.seq)
    assert isinstance(left, NoteEntry)
    assert left.mentions == []
    assert await told(world) == set()
