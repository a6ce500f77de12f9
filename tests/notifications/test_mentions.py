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
from alongside.domains.messages.actions import Draft, Edit
from alongside.domains.messages.schemas import Named
from alongside.domains.notifications.events import Mentioned
from alongside.domains.notifications.schemas import Choices, Ways
from alongside.kit.ids import new_client_id
from alongside.platform.errors import Invalid
from tests.harness.pushes import Device, PushService
from tests.notifications.scene import QUIET, choose, consider, go_online, log, push, subscribe
from tests.world import Browser, Colleague, World

MENTIONED = "You were mentioned in a note"


async def note(world: World, text: str, *mentions: Named, **more: Any) -> NoteEntry:
    draft = Draft(new_client_id(), text, **{"kind": "note", "mentions": mentions, **more})
    entry = await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    assert isinstance(entry, NoteEntry)
    return entry


async def edit(world: World, seq: int, text: str, *mentions: Named) -> NoteEntry:
    async with world.database.work() as work:
        change = Edit(new_client_id(), text, mentions)
        entry = await messages.edit(work, world.ada.actor, world.conversation_id, seq, change, 1_000)
    assert isinstance(entry, NoteEntry)
    return entry


def titles(device: Device) -> list[str]:
    return [each["title"] for each in device.pushes]


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
    (got,) = [each for each in device.pushes if each["title"] == MENTIONED]
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


async def test_an_edit_tells_whom_it_names_anew_and_nobody_twice(world: World) -> None:
    await online(world)
    entry = await note(world, "@Ben", Named(agent_id=world.ben.id))
    assert await told(world) == {"Ben"}
    world.facts.clear()
    edited = await edit(world, entry.seq, "@Ben and @Sol", Named(agent_id=world.ben.id), Named(agent_id=world.sol.id))
    assert [each.name for each in edited.mentions] == ["Ben", "Sol"]
    assert await told(world) == {"Sol"}
    world.facts.clear()
    assert await told(world) == set(), "considering twice tells nothing twice"
    await edit(world, entry.seq, "Now only @Sol", Named(agent_id=world.sol.id))
    assert await told(world) == set()
    await edit(world, entry.seq, "Again @Sol and @Ben", Named(agent_id=world.sol.id), Named(agent_id=world.ben.id))
    assert await told(world) == {"Ben"}, "the name had been taken back, and is there again"


async def test_two_edits_in_one_second_lose_nobody(world: World) -> None:
    await online(world)
    entry = await note(world, "Look")
    await edit(world, entry.seq, "Lok @Ben and @Sol", Named(agent_id=world.ben.id), Named(agent_id=world.sol.id))
    await edit(world, entry.seq, "Look, @Ben", Named(agent_id=world.ben.id))
    assert await told(world) == {"Ben"}, "Sol's name was taken back before anybody was told"


async def test_members_of_a_team_that_was_named_are_not_told_again(world: World) -> None:
    await online(world)
    async with world.database.work() as work:
        members = [world.ben.id, world.sol.id]
        made = await agents.create_team(work, world.sol.actor, NewTeam(name="Returns", member_ids=members))
    entry = await note(world, "@Ben", Named(agent_id=world.ben.id))
    await told(world)
    world.facts.clear()
    await edit(world, entry.seq, "@Ben, @Returns", Named(agent_id=world.ben.id), Named(team_id=made.id))
    assert await told(world) == {"Sol"}


async def test_who_is_not_named_any_more_is_not_pushed_to(world: World, service: PushService) -> None:
    await online(world)
    device = service.device("ben")
    await subscribe(world, world.ben, device)
    entry = await note(world, "@Ben", Named(agent_id=world.ben.id))
    await consider(world)
    await edit(world, entry.seq, "Ben is not concerned")
    await push(world)
    assert MENTIONED not in titles(device)
    assert ("mention", "dropped", "unnamed") in await log(world, world.ben)
    await edit(world, entry.seq, "@Ben is", Named(agent_id=world.ben.id))
    await push(world)
    assert titles(device).count(MENTIONED) == 1


async def test_an_edit_keeps_the_name_of_who_has_left(world: World) -> None:
    entry = await note(world, "@Ben, @Sol", Named(agent_id=world.ben.id), Named(agent_id=world.sol.id))
    async with world.database.work() as work:
        await work.run("UPDATE agent SET active = false WHERE id = $1", world.ben.id)
    edited = await edit(world, entry.seq, "@Ben, look", Named(agent_id=world.ben.id))
    assert edited.mentions == [Mention(agent_id=world.ben.id, name="Ben")]
    await edit(world, entry.seq, "Look")
    with pytest.raises(Invalid, match="not there any more"):
        await edit(world, entry.seq, "@Ben, look", Named(agent_id=world.ben.id))


async def test_an_edit_of_the_names_alone_reaches_who_reads_along(world: World, browser: Browser) -> None:
    entry = await note(world, "@Ben", Named(agent_id=world.ben.id))
    browser.be(world.ada)
    path = f"/conversations/{world.conversation_id}/entries"
    body = {"client_id": str(new_client_id()), "text": "@Ben"}
    same = (await browser.patch(f"{path}/{entry.seq}", body)).json()["entry"]
    assert [each["name"] for each in same["mentions"]] == ["Ben"], "left out, they stay as they are"
    assert same["edited_at"] is None
    assert (await browser.patch(f"{path}/{entry.seq}", body | {"mentions": []})).json()["entry"]["mentions"] == []
    body = {"client_id": str(new_client_id()), "text": "@Sol", "mentions": [{"agent_id": str(world.sol.id)}]}
    await browser.patch(f"{path}/{entry.seq}", body)
    edits = (await browser.get(f"{path}?after={entry.seq}")).json()["entries"]
    assert [(each["text"], [one["name"] for one in each["mentions"]]) for each in edits] == [
        (None, []),
        ("@Sol", ["Sol"]),
    ]


async def test_a_reply_that_is_edited_names_nobody(world: World) -> None:
    draft = Draft(new_client_id(), "Hello")
    said = await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 1_000)
    with pytest.raises(Invalid) as refusal:
        await edit(world, said.seq, "Hello @Ben", Named(agent_id=world.ben.id))
    assert refusal.value.code == "mention-in-reply"
