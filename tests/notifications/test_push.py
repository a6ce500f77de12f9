"""Pushes reach a real endpoint, encrypted for the browser alone; who has seen it or went offline gets none."""

from __future__ import annotations

import asyncio

import pytest

from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.notifications import actions as notifications
from alongside.domains.notifications.schemas import Choices
from alongside.domains.privacy import actions as privacy
from alongside.kit.ids import new_client_id
from tests.harness.pushes import Device, PushService, signer
from tests.notifications.scene import QUIET, choose, consider, due, egress, go_online, log, push, subscribe, write
from tests.world import World


@pytest.fixture
async def ada(world: World, service: PushService) -> Device:
    """Ada's browser takes pushes, and she is online."""
    device = service.device("ada")
    await go_online(world, world.ada)
    await subscribe(world, world.ada, device)
    return device


async def test_a_push_is_encrypted_signed_and_tells_no_text(world: World, ada: Device) -> None:
    await write(world, "My secret is 4711")
    await push(world)
    # Vera's first message was new with her conversation; then came another.
    assert {each["title"] for each in ada.pushes} == {"New conversation", "New message"}
    for got in ada.pushes:
        assert got["body"] == "Green Shop"
        assert got["url"] == f"/console/inbox/{world.conversation_id}"
    assert not any(b"4711" in raw for raw in ada.raw)
    said = signer(ada.headers[0]["authorization"], ada.endpoint.rpartition("/")[0])
    assert said["sub"] == "https://chat.test"
    assert said["key"] == await notifications.push_key(world.database)
    assert (ada.headers[0]["content-encoding"], ada.headers[0]["ttl"]) == ("aes128gcm", "3600")
    await push(world)
    assert len(ada.pushes) == 2, "considering twice tells nothing twice"


async def test_where_the_company_allows_it_a_push_says_who_wrote_what(world: World, ada: Device) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE workspace SET push_text = true")
    await write(world)
    await push(world)
    assert ada.pushes[-1]["body"].endswith(": And the blue one?")


async def test_who_looks_at_it_is_not_told(world: World, ada: Device) -> None:
    await consider(world)
    async with world.database.work() as work:
        await conversations.mark_seen(work, world.ada.actor, world.conversation_id, 1)
    await push(world)
    assert ada.pushes == []
    assert await log(world, world.ada) == [("new_conversation", "dropped", "seen")]


async def test_what_others_answered_or_took_is_not_told(world: World, ada: Device) -> None:
    await consider(world)
    async with world.database.work() as work:
        await conversations.assign(work, world.ben.actor, world.conversation_id, world.ben.id, None)
    await push(world)
    await write(world)
    await push(world)
    assert ada.pushes == []
    assert await log(world, world.ada) == [("new_conversation", "dropped", "taken")]


async def test_an_answer_within_the_grace_settles_it(world: World, ada: Device) -> None:
    await consider(world)
    await messages.post(world.database, world.ben.actor, world.conversation_id, Draft(new_client_id(), "Yes"), 10_000)
    await due(world)
    await notifications.deliver_pushes(world.database, world.config, egress(world))
    assert await log(world, world.ada) == [("new_conversation", "dropped", "answered")]


async def test_assignments_are_told_to_whom_they_go_and_not_to_who_made_them(
    world: World, ada: Device, service: PushService
) -> None:
    ben = service.device("ben")
    await go_online(world, world.ben)
    await subscribe(world, world.ben, ben)
    await push(world)
    ada.pushes.clear()
    ben.pushes.clear()
    async with world.database.work() as work:
        await conversations.assign(work, world.ben.actor, world.conversation_id, world.ada.id, None)
    await push(world)
    assert [each["title"] for each in ada.pushes] == ["A conversation was given to you"]
    assert ben.pushes == []


async def test_who_went_offline_is_left_in_peace_unless_they_chose_otherwise(
    world: World, service: PushService
) -> None:
    device = service.device("ben")
    await subscribe(world, world.ben, device)
    await push(world)
    assert device.pushes == []
    await choose(world, world.ben, when_offline=True)
    await push(world)
    assert len(device.pushes) == 1


async def test_an_event_that_was_not_chosen_is_not_told(world: World, ada: Device) -> None:
    await choose(world, world.ada, choices=Choices(new_conversation=QUIET))
    await push(world)
    assert await log(world, world.ada) == []
    await write(world)
    await push(world)
    assert [each["title"] for each in ada.pushes] == ["New message"]


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_forgotten(world: World, ada: Device, status: int) -> None:
    ada.answer = status
    await push(world)
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM push_device") == 0
    ((_, state, reason),) = await log(world, world.ada)
    assert (state, reason) == ("failed", "gone")


async def test_a_service_that_is_busy_is_asked_again_and_one_that_refuses_is_not(world: World, ada: Device) -> None:
    ada.answer = 503
    await push(world)
    assert await log(world, world.ada) == [("new_conversation", "waiting", "The push service answered 503.")]
    ada.answer = 201
    await push(world)
    assert len(ada.pushes) == 1
    ada.answer = 400
    await write(world)
    await push(world)
    assert (await log(world, world.ada))[-1] == ("new_message", "failed", "The push service answered 400.")


async def test_signing_out_ends_pushes_to_that_browser(world: World, ada: Device) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE session SET revoked_at = now() WHERE id = $1", world.ada.actor.session_id)
    await push(world)
    assert ada.pushes == []
    async with world.database.work() as work:
        await notifications.sweep(work)
        assert await work.value("SELECT count(*) FROM push_device") == 0


async def test_several_processes_push_once(world: World, ada: Device) -> None:
    await asyncio.gather(*(consider(world) for _ in range(5)))
    await due(world)
    await asyncio.gather(*(notifications.deliver_pushes(world.database, world.config, egress(world)) for _ in range(5)))
    assert len(ada.pushes) == 1


async def test_an_erased_person_is_not_told_of(world: World, ada: Device) -> None:
    await consider(world)
    await privacy.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    await push(world)
    assert ada.pushes == []
    assert await log(world, world.ada) == []


async def test_a_note_tells_nobody(world: World, ada: Device) -> None:
    await push(world)
    ada.pushes.clear()
    note = Draft(new_client_id(), "Careful", "note")
    await messages.post(world.database, world.ben.actor, world.conversation_id, note, 10_000)
    await push(world)
    assert ada.pushes == []
