"""P13: side effects follow commits. Receivers that fail, dawdle, or are gone; processes that die in the middle."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.webhooks import actions, logic
from alongside.domains.webhooks import sender as sending_module
from alongside.domains.webhooks.schemas import EditWebhook, ReplayPeriod
from alongside.kit.ids import new_client_id
from alongside.kit.time import now
from alongside.platform import egress
from alongside.platform.auth.actor import VisitorActor
from tests.harness.until import PAUSE, until
from tests.webhooks.receiver import (
    CONSOLE,
    LOOPBACK,
    Received,
    hook,
    hurry,
    noted,
    receiving,
    sending,
    standing,
    states,
)
from tests.world import World


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending_module, "LOOK_SECONDS", 0.05)


async def say(world: World, *texts: str) -> None:
    for text in texts:
        draft = Draft(new_client_id(), text)
        await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 10_000)


async def another(world: World) -> VisitorActor:
    """A visitor with an open conversation."""
    async with world.database.work() as work:
        new = await contacts.meet_visitor(work, world.site.id, None, "en")
        conversation_id = await conversations.begin(work, new.actor)
    draft = Draft(new_client_id(), f"Hello from {new.actor.contact_id}")
    await messages.post(world.database, new.actor, conversation_id, draft, 1_000)
    return new.actor


def texts(received: list[Received]) -> list[str]:
    return [each.event["data"]["message"]["text"] for each in received]


async def test_a_receiver_that_fails_is_tried_again_with_the_same_id_and_body(world: World) -> None:
    async with receiving() as receiver, sending(world):
        made = await hook(world, receiver, "message.created")
        receiver.answer = lambda _: 500 if len(receiver.received) < 3 else 200
        await say(world, "one")
        for tries in (1, 2, 3):
            # Where all this takes seconds, the next try has come by itself.
            await until(lambda tries=tries: len(receiver.received) >= tries)
            await until(lambda: noted(world))
            await hurry(world)
        await until(lambda: _is(world, {"delivered": 1}))
        assert (await standing(world, made)).failing_since is None
    assert len({(each.id, each.body) for each in receiver.received}) == 1
    async with world.database.reading() as reading:
        row = await reading.row("SELECT attempts, status, error, answer FROM webhook_delivery")
    assert row is not None
    assert dict(row) == {"attempts": 3, "status": 200, "error": None, "answer": "thanks"}


async def _is(world: World, expected: dict[str, int]) -> bool:
    return await states(world) == expected


async def test_events_of_a_conversation_wait_for_one_that_fails_and_others_do_not(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "message.created")
        receiver.answer = lambda got: 503 if "one" in got.body and len(receiver.received) < 4 else 200
        await say(world, "one", "two", "three")
        other = await another(world)
        await until(lambda: any(str(other.contact_id) in each.body for each in receiver.received))
        assert "two" not in texts(receiver.received)
        while "three" not in texts(receiver.received):
            await hurry(world)
            await asyncio.sleep(PAUSE)
    mine = [text for text in texts(receiver.received) if not text.startswith("Hello")]
    assert list(dict.fromkeys(mine)) == ["one", "two", "three"]


async def test_an_event_that_cannot_be_digested_holds_up_its_conversation_only_so_long(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "message.created")
        receiver.answer = lambda got: 400 if "poison" in got.body else 200
        await say(world, "poison", "food")
        while "food" not in texts(receiver.received):
            await hurry(world)
            await asyncio.sleep(PAUSE)
    assert texts(receiver.received).count("poison") >= logic.PATIENT_ATTEMPTS


async def test_a_dead_receiver_starves_nobody(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "TOTAL_SECONDS", 3_600.0)  # who waits for the dead one waits for the whole test
    async with receiving() as slow, receiving() as quick, sending(world):
        slow.open.clear()
        await hook(world, slow, "message.created", name="Slow")
        await hook(world, quick, "message.created", name="Quick")
        for _ in range(3 * sending_module.AT_ONCE):
            await another(world)
        await until(lambda: len(quick.received) == 3 * sending_module.AT_ONCE)
        assert len(slow.received) <= sending_module.AT_ONCE


async def test_a_receiver_that_dawdles_has_not_received(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "TOTAL_SECONDS", 0.2)
    async with receiving() as receiver, sending(world):
        receiver.open.clear()
        made = await hook(world, receiver, "message.created")
        await say(world, "one")
        await until(lambda: noted(world))
        assert (await standing(world, made)).failing_since is not None
    async with world.database.reading() as reading:
        row = await reading.row("SELECT state, status, error FROM webhook_delivery")
    assert row is not None
    assert dict(row) == {"state": "waiting", "status": None, "error": "timeout"}


async def test_a_receiver_that_is_gone_is_told_nothing_more(world: World) -> None:
    async with receiving() as receiver, sending(world):
        made = await hook(world, receiver, "message.created")
        receiver.answer = lambda _: 410
        await say(world, "one")
        await until(lambda: _off(world, made.webhook.id))
        await say(world, "two")
        webhook = await standing(world, made)
        assert (webhook.active, webhook.off_reason) == (False, "gone")
        receiver.answer = lambda _: 200
        async with world.database.work() as work:
            on = EditWebhook(active=True)
            webhook = await actions.edit_webhook(work, world.sol.actor, LOOPBACK, made.webhook.id, on)
        assert (webhook.active, webhook.off_reason, webhook.failing_since) == (True, None, None)
        await hurry(world)
        await until(lambda: _is(world, {"delivered": 1}))
    assert texts(receiver.received) == ["one", "one"]


async def _off(world: World, webhook_id: object) -> bool:
    async with world.database.reading() as reading:
        return not await reading.value("SELECT active FROM webhook WHERE id = $1", webhook_id)


async def test_after_days_without_success_it_is_switched_off(world: World) -> None:
    async with receiving() as receiver, sending(world):
        made = await hook(world, receiver, "message.created")
        receiver.answer = lambda _: 500
        await say(world, "one")
        await until(lambda: noted(world))
        assert (await standing(world, made)).active
        async with world.database.work() as work:
            await work.run("UPDATE webhook SET failing_since = now() - interval '4 days'")
        await hurry(world)
        await until(lambda: _off(world, made.webhook.id))
    assert (await standing(world, made)).off_reason == "failing"


async def test_the_last_try_is_the_last(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "message.created")
        receiver.answer = lambda _: 500
        await say(world, "one")
        await until(lambda: noted(world))
        async with world.database.work() as work:
            last = logic.MOST_ATTEMPTS - 1
            await work.run("UPDATE webhook_delivery SET attempts = $1, due_at = now()", last)
        await until(lambda: _is(world, {"failed": 1}))


async def test_redirects_are_not_followed(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "message.created")
        receiver.answer = lambda _: 302
        await say(world, "one")
        await until(lambda: noted(world))
    assert len(receiver.received) == 1
    async with world.database.reading() as reading:
        assert await reading.value("SELECT error FROM webhook_delivery") == "redirect"


async def test_whoever_dies_between_the_steps_loses_nothing(world: World) -> None:
    """Each step is one transaction: before it nothing of it was done, after it the next process goes on from there."""
    async with receiving() as receiver:
        await hook(world, receiver, "message.created")
        await say(world, "one", "two")

        class Killed(Exception):
            pass

        # While facts are put in line.
        with pytest.raises(Killed):
            async with world.database.work() as work:
                await actions.put_in_line(work, CONSOLE)
                raise Killed
        assert await states(world) == {"facts": 2}
        async with world.database.work() as work:
            await actions.put_in_line(work, CONSOLE)
        # After taking on a try: nobody else may have it until the lease is over.
        [webhook_id] = [await _webhook_id(world)]
        async with world.database.work() as work:
            [attempt] = await actions.claim(work, webhook_id, 10)
            assert await actions.claim(work, webhook_id, 10) == []
        await hurry(world, dead=True)  # the lease is over
        # After sending and before noting it: sent again, under the same id.
        async with world.database.work() as work:
            [again] = await actions.claim(work, webhook_id, 10)
        headers = logic.headers(again.event_id, 1, again.body, again.keys, "A")
        await LOOPBACK.post(again.url, headers, again.body.encode())
        await hurry(world, dead=True)
        async with sending(world):
            await until(lambda: _is(world, {"delivered": 2}))
        # Who was too slow, and comes back now, changes nothing.
        async with world.database.work() as work:
            late = actions.Outcome(status=500, error="late", answer=None, milliseconds=1)
            assert await actions.finish(work, attempt, late, 0) is None
        assert await states(world) == {"delivered": 2}
    assert texts(receiver.received) == ["one", "one", "two"]
    assert receiver.received[0].id == receiver.received[1].id


async def _webhook_id(world: World) -> object:
    async with world.database.reading() as reading:
        return await reading.value("SELECT id FROM webhook")


async def test_several_processes_tell_everything_once_and_in_order(world: World) -> None:
    async with receiving() as receiver, sending(world), sending(world), sending(world):
        await hook(world, receiver, "message.created")
        others = await asyncio.gather(*(another(world) for _ in range(5)))
        for number in range(10):
            await say(world, str(number))
        await until(lambda: _is(world, {"delivered": 15}))
    mine = [text for text in texts(receiver.received) if not text.startswith("Hello")]
    assert mine == [str(number) for number in range(10)]
    assert len({each.id for each in receiver.received}) == 15 == 10 + len(others)


async def test_one_who_commits_late_is_not_skipped(world: World) -> None:
    """P14: a transaction is held open while later ones are told."""
    async with receiving() as receiver, sending(world):
        await hook(world, receiver)
        async with world.database.work() as work:
            await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
            other = await another(world)
            await until(lambda: sum(str(other.contact_id) in each.body for each in receiver.received) == 2)
        await until(lambda: "conversation.status_changed" in receiver.types)


async def test_a_period_is_told_again_also_to_a_webhook_that_was_not_there(world: World) -> None:
    await say(world, "before anybody listened")
    async with receiving() as receiver, sending(world):
        made = await hook(world, receiver, "message.created")
        await say(world, "listened to")
        await until(lambda: _is(world, {"delivered": 1}))
        period = ReplayPeriod(since=now() - timedelta(hours=2), until=now() + timedelta(hours=1))
        async with world.database.work() as work:
            replayed = await actions.replay(work, world.sol.actor, made.webhook.id, period)
        assert replayed.entries == 3
        await until(lambda: len(receiver.received) == 4)
        await until(lambda: _is(world, {"delivered": 3}))
    ids = [each.id for each in receiver.received]
    assert len(set(ids)) == 3 and ids.count(receiver.received[0].id) == 2


async def test_what_is_old_is_forgotten(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "message.created")
        await say(world, "one", "two")
        await until(lambda: _is(world, {"delivered": 2}))
    async with world.database.work() as work:
        await work.run("UPDATE webhook_delivery SET created_at = now() - interval '15 days' WHERE body LIKE '%one%'")
    async with world.database.work() as work:
        assert await actions.sweep(work) == 1
