"""Who waits too long is told of once, in the console and by the ways that were chosen; mail gathers."""

from __future__ import annotations

import pytest

from alongside.domains.messages import actions as messages
from alongside.domains.messages.actions import Draft
from alongside.domains.notifications import actions as notifications
from alongside.domains.notifications.events import WaitsTooLong
from alongside.domains.notifications.schemas import Choices, Ways
from alongside.kit.ids import new_client_id
from tests.answers.scene import minutes_pass
from tests.harness.pushes import PushService
from tests.harness.smtp import Mailbox, html_of, text_of
from tests.notifications.scene import SILENT, choose, due, egress, go_online, log, post, subscribe, write
from tests.world import World

MAIL = Ways(push=False, mail=True)
ALL_BY_MAIL = Choices(new_conversation=MAIL, new_message=MAIL, assigned=MAIL, waiting=MAIL)


async def look(world: World) -> list[WaitsTooLong]:
    world.facts.clear()
    await notifications.look_again(world.database)
    return world.facts.of(WaitsTooLong)


async def test_a_visitor_who_waits_too_long_is_told_of_once(world: World, service: PushService) -> None:
    device = service.device("ada")
    await subscribe(world, world.ada, device)
    for who in (world.ada, world.ben):
        await go_online(world, who)
    await choose(world, world.ben, waiting_minutes=30)
    await minutes_pass(world, 4)
    assert await look(world) == []
    await minutes_pass(world, 2)
    (fact,) = await look(world)
    assert (fact.row.id, list(fact.agent_ids)) == (world.conversation_id, [world.ada.id])
    await due(world)
    await notifications.deliver_pushes(world.database, world.config, egress(world))
    assert "Somebody waits too long for an answer" in [each["title"] for each in device.pushes]
    await write(world)
    assert await look(world) == [], "the same waiting"
    draft = Draft(new_client_id(), "Yes")
    await messages.post(world.database, world.ada.actor, world.conversation_id, draft, 10_000)
    await write(world, "And when?")
    await minutes_pass(world, 6)
    assert [list(again.agent_ids) for again in await look(world)] == [[world.ada.id]]


async def test_who_wants_no_word_of_it_or_is_offline_hears_nothing(world: World) -> None:
    await go_online(world, world.ada)
    await choose(world, world.ada, choices=SILENT)
    await minutes_pass(world, 60)
    assert await look(world) == []


@pytest.fixture
async def by_mail(world: World) -> None:
    """Ada gets everything by mail."""
    await go_online(world, world.ada)
    await choose(world, world.ada, choices=ALL_BY_MAIL)


async def test_mail_gathers_and_tells_no_text(world: World, mailbox: Mailbox, by_mail: None) -> None:
    await write(world, "My secret is <kestrel>")
    await notifications.look_again(world.database)
    assert await notifications.queue_digests(world.database) == 0, "not before it has gathered"
    await post(world)
    (letter,) = mailbox.to("ada@shop.test")
    assert letter["Subject"] == "2 things to look at in Alongside"
    assert "New conversation: Green Shop" in text_of(letter)
    assert "New message: Green Shop" in text_of(letter)
    assert "kestrel" not in text_of(letter)
    await post(world)
    assert len(mailbox.letters) == 1
    assert [state for _, state, _ in await log(world, world.ada, "mail")] == ["sent", "sent"]
    async with world.database.work() as work:
        await work.run("UPDATE workspace SET push_text = true")
    await write(world, "My secret is <merlin>")
    await post(world)
    assert "My secret is &lt;merlin&gt;" in html_of(mailbox.letters[1])


async def test_what_was_answered_meanwhile_is_not_mailed(world: World, mailbox: Mailbox, by_mail: None) -> None:
    await notifications.consider(world.database, [world.conversation_id])
    draft = Draft(new_client_id(), "Yes")
    await messages.post(world.database, world.ben.actor, world.conversation_id, draft, 10_000)
    await post(world)
    assert mailbox.letters == []
    assert await log(world, world.ada, "mail") == [("new_conversation", "dropped", "answered")]


async def test_the_log_tells_that_the_mail_could_not_be_sent(world: World, mailbox: Mailbox, by_mail: None) -> None:
    mailbox.refuse = {"ada@shop.test": "550 Nobody"}
    await post(world)
    ((event, state, reason),) = await log(world, world.ada, "mail")
    assert (event, state) == ("new_conversation", "failed")
    assert "Nobody" in reason
