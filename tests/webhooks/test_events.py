"""What receivers are told of what happens, in which words, and how it is signed (F150-F152, P30)."""

from __future__ import annotations

import base64
import time
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from alongside.domains.contacts import actions as contacts
from alongside.domains.conversations import actions as conversations
from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft, Edit
from alongside.domains.privacy import actions as privacy
from alongside.domains.webhooks import logic
from alongside.kit.ids import new_client_id
from alongside.kit.time import now
from tests.harness.until import until
from tests.webhooks.receiver import ALL, hook, receiving, sending, states
from tests.world import World


async def write(world: World, text: str, *, visitor: bool = False, note: bool = False, done: bool = False) -> None:
    actor = world.vera.actor if visitor else world.ada.actor
    draft = Draft(new_client_id(), text, "note" if note else "message", then_done=done)
    await messages.post(world.database, actor, world.conversation_id, draft, 10_000)


async def test_a_day_of_a_conversation_as_a_receiver_hears_it(world: World) -> None:
    async with receiving() as receiver, sending(world):
        made = await hook(world, receiver)
        await write(world, "Yes, it is.")
        await write(world, "Careful with her.", note=True)
        async with world.database.work() as work:
            await conversations.assign(work, world.ada.actor, world.conversation_id, world.ben.id, None)
            await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
        await write(world, "One more thing", visitor=True)
        async with world.database.work() as work:
            await conversations.set_status(work, world.ben.actor, world.conversation_id, "done")
            await conversations.set_status(work, world.ben.actor, world.conversation_id, "unread")
        await until(lambda: len(receiver.received) == 11)
    assert (
        receiver.types
        == [
            "conversation.status_changed",
            "message.created",
            "note.created",
            "conversation.assigned",
            "conversation.status_changed",
            "conversation.opened",
            "conversation.status_changed",
            "message.created",
            "conversation.status_changed",
            "conversation.opened",
            "conversation.status_changed",
        ][:5]
        + receiver.types[5:]
    )
    assert receiver.types.count("conversation.opened") == 2
    answered = receiver.received[0].event["data"]
    assert (answered["was_status"], answered["conversation"]["status"]) == ("unread", "unresolved")
    assert answered["author"] == {"kind": "agent", "id": str(world.ada.id), "name": "Ada"}
    first = receiver.received[1].event["data"]
    assert first["message"]["text"] == "Yes, it is."
    assert first["conversation"] == {
        "id": str(world.conversation_id),
        "contact_id": str(world.vera.actor.contact_id),
        "contact_name": None,
        "contact_number": first["conversation"]["contact_number"],
        "channel_id": str(world.site.id),
        "channel_name": "Green Shop",
        "status": "unresolved",
        "assignee_id": first["conversation"]["assignee_id"],
        "team_id": None,
        "episode": 1,
        "last_message": first["conversation"]["last_message"],
        "url": f"https://chat.test/console/inbox/{world.conversation_id}",
    }
    reopened = next(each for each in receiver.received if each.type == "conversation.opened")
    assert (reopened.event["data"]["reopened"], reopened.event["data"]["conversation"]["episode"]) == (True, 2)
    verifier = Verifier(made.secret)
    for each in receiver.received:
        verifier.verify(each.body, each.headers)
    assert len({each.id for each in receiver.received}) == len(receiver.received)


async def test_a_new_conversation_is_opened(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, "conversation.opened", "message.created", "conversation.status_changed")
        async with world.database.work() as work:
            new = await contacts.meet_visitor(work, world.site.id, None, "en")
            conversation_id = await conversations.begin(work, new.actor)
        await messages.post(world.database, new.actor, conversation_id, Draft(new_client_id(), "Hello"), 1_000)
        await until(lambda: len(receiver.received) == 2)
    opened, message = (each.event for each in receiver.received)
    assert (opened["type"], opened["data"]["reopened"]) == ("conversation.opened", False)
    assert (message["type"], message["data"]["message"]["author"]["kind"]) == ("message.created", "visitor")


async def change(world: World, seq: int, text: str | None) -> None:
    async with world.database.work() as work:
        if text is None:
            await messages.delete(work, world.ada.actor, world.conversation_id, seq)
        else:
            edit = Edit(new_client_id(), text)
            await messages.edit(work, world.ada.actor, world.conversation_id, seq, edit, 1_000)


async def test_edits_and_deletions_are_told_and_what_was_deleted_is_kept_nowhere(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver)
        await write(world, "The password is hunter2")
        await write(world, "She is nice.", note=True)
        await until(lambda: "note.created" in receiver.types)
        await change(world, 2, "The password is hunter3")
        await change(world, 3, "She is very nice.")
        await until(lambda: "note.edited" in receiver.types)
        await change(world, 2, None)
        await change(world, 3, None)
        await until(lambda: "note.deleted" in receiver.types)
    told = {each.type: each.event["data"] for each in receiver.received}
    assert (told["message.edited"]["seq"], told["message.edited"]["text"]) == (2, "The password is hunter3")
    assert (told["note.edited"]["seq"], told["note.edited"]["text"]) == (3, "She is very nice.")
    assert (told["message.deleted"]["seq"], told["note.deleted"]["seq"]) == (2, 3)
    assert "hunter" not in str(told["message.deleted"])
    async with world.database.reading() as reading:
        kept = await reading.value("SELECT string_agg(d::text, ' ') FROM webhook_delivery d")
    assert [word for word in ("hunter", "nice") if word in kept] == []
    assert "message.deleted" in kept


async def test_of_what_was_deleted_before_it_was_told_only_that_is_told(world: World) -> None:
    async with receiving() as receiver:
        await hook(world, receiver)
        await write(world, "The password is hunter2")
        await change(world, 2, "hunter3")
        await change(world, 2, None)
        async with sending(world):
            await until(lambda: "message.deleted" in receiver.types)
    assert "hunter" not in "".join(each.body for each in receiver.received)
    assert not {"message.created", "message.edited"} & set(receiver.types)


async def test_notes_go_to_nobody_who_did_not_ask_for_them(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver, *[each for each in ALL if not each.startswith("note.")])
        await write(world, "She is a difficult one.", note=True)
        await write(world, "How can I help?")
        await until(lambda: "message.created" in receiver.types)
    assert "difficult" not in "".join(each.body for each in receiver.received)


async def test_who_was_erased_is_told_and_forgotten_in_the_log(world: World) -> None:
    async with receiving() as receiver, sending(world):
        await hook(world, receiver)
        await write(world, "Your address is 5 Green Lane.")
        await until(lambda: "message.created" in receiver.types)
        await privacy.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
        await until(lambda: receiver.types[-1] == "contact.erased")
        assert receiver.received[-1].event["data"] == {"contact_id": str(world.vera.actor.contact_id)}
        async with world.database.reading() as reading:
            kept = await reading.rows("SELECT type, body FROM webhook_delivery")
    assert [row["type"] for row in kept] == ["contact.erased"]
    assert "Green Lane" not in kept[0]["body"]


async def test_what_was_rolled_back_is_told_to_nobody(world: World) -> None:
    class Stop(Exception):
        pass

    async with receiving() as receiver, sending(world):
        await hook(world, receiver)
        with pytest.raises(Stop):
            async with world.database.work() as work:
                await conversations.set_status(work, world.ada.actor, world.conversation_id, "done")
                raise Stop
        await write(world, "Still here?")
        await until(lambda: "message.created" in receiver.types)
    assert set(await states(world)) <= {"delivered", "waiting"} and len(receiver.received) == 2
    assert {each.event["data"]["conversation"]["status"] for each in receiver.received} == {"unresolved"}


async def test_without_a_webhook_nothing_is_noted(world: World) -> None:
    await write(world, "Hello")
    assert await states(world) == {}


def test_what_we_sign_is_what_the_standards_library_signs() -> None:
    secret, event_id, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", '{"ä": 1}'
    moment = datetime.fromtimestamp(1_614_265_330, UTC)
    made = logic.signature(secret, event_id, int(moment.timestamp()), body)
    assert made == Verifier(secret).sign(event_id, moment, body)


def test_a_receiver_refuses_what_is_old_changed_or_foreign() -> None:
    secret, body, at = logic.new_secret(), '{"type":"test"}', int(time.time())
    verifier = Verifier(secret)
    assert verifier.verify(body, logic.headers("evt_1", at, body, [secret], "Alongside")) == {"type": "test"}
    both = logic.headers("evt_1", at, body, [logic.new_secret(), secret], "Alongside")
    assert verifier.verify(body, both), "one of two signatures is enough, while keys are changed"
    wrong = [
        (body, logic.headers("evt_1", at - int(timedelta(minutes=6).total_seconds()), body, [secret], "A")),
        (body, logic.headers("evt_1", at, body, [logic.new_secret()], "A")),
        (body + " ", logic.headers("evt_1", at, body, [secret], "A")),
        (body, logic.headers("evt_1", at, body, [secret], "A") | {"webhook-id": "evt_2"}),
    ]
    for text, headers in wrong:
        with pytest.raises(WebhookVerificationError):
            verifier.verify(text, headers)


def test_secrets_are_as_the_standard_wants_them() -> None:
    secret = logic.new_secret()
    assert secret.startswith("whsec_") and len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


def test_tries_are_spread_over_more_than_a_day() -> None:
    waits = [logic.next_try(number, 0) for number in range(1, logic.MOST_ATTEMPTS)]
    assert all(wait is not None for wait in waits)
    assert timedelta(days=1) < timedelta(seconds=sum(filter(None, waits))) < timedelta(days=2)
    assert logic.next_try(logic.MOST_ATTEMPTS, 0) is None
    assert logic.next_try(1, 1) == pytest.approx(5.5)


def test_an_event_keeps_its_id_however_often_it_is_put_into_words() -> None:
    contact_id = uuid4()
    first, again = logic.erased(contact_id, now()), logic.erased(contact_id, now())
    assert first.event_id == again.event_id
    assert logic.erased(uuid4(), now()).event_id != first.event_id
