"""A visitor who left gets the answer by mail, once, and never what is not theirs to know."""

from __future__ import annotations

import asyncio

from alongside.domains.answers import actions as answers
from alongside.domains.answers.logic import MOST_ANSWERS, MOST_CHARS
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.actions import PageSeen
from alongside.domains.conversations import actions as conversations
from alongside.domains.conversations.events import EntryAdded
from alongside.domains.conversations.schemas import MailedEntry
from alongside.domains.privacy import actions as privacy
from tests.answers.scene import (
    ADDRESS,
    leave_address,
    mailed_answer,
    minutes_pass,
    round_of_mail,
    say,
    switch,
    write,
)
from tests.harness.smtp import Mailbox, html_of, text_of
from tests.world import World


def entries(world: World) -> list[MailedEntry]:
    return [fact.entry for fact in world.facts.of(EntryAdded) if isinstance(fact.entry, MailedEntry)]


async def test_answers_are_gathered_and_the_log_tells_that_they_went_out(world: World, mailbox: Mailbox) -> None:
    await switch(world, answers_by_mail=True)
    await leave_address(world)
    await say(world, "It is in stock.\nShall I keep one?")
    await say(world, "Ask Ben first: she wrote last year.", kind="note")
    await say(world, "<b>We close</b> at six.")
    await minutes_pass(world, 9)
    await round_of_mail(world)
    assert mailbox.letters == [], "not before its time"
    await minutes_pass(world, 2)
    await round_of_mail(world)
    (letter,) = mailbox.letters
    assert (letter["To"], letter["Subject"]) == (ADDRESS, "Antwort von Green Shop")
    assert letter["From"] == "Green Shop <support@shop.test>"
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for face in (text_of(letter), html_of(letter)):
        assert "It is in stock." in face
        assert "Ada" in face
        assert "Ben first" not in face
        assert "Hello, is the green one" not in face, "their own words they know"
    assert "> <b>We close</b> at six." in text_of(letter)
    assert "&lt;b&gt;We close&lt;/b&gt;" in html_of(letter)
    (told,) = entries(world)
    assert (told.to, told.failed, told.author.kind) == (ADDRESS, None, "system")
    await minutes_pass(world, 60)
    await round_of_mail(world)
    assert len(mailbox.letters) == 1, "what went out does not go again"


async def test_only_what_is_new_goes_into_the_next_letter(world: World, mailbox: Mailbox) -> None:
    await mailed_answer(world)
    await say(world, "Still here?")
    await minutes_pass(world, 11)
    await round_of_mail(world)
    assert len(mailbox.letters) == 2
    assert "Still here?" in text_of(mailbox.letters[1])
    assert "It is in stock." not in text_of(mailbox.letters[1])


async def test_who_has_read_it_is_there_or_gave_no_address_gets_none(world: World, mailbox: Mailbox) -> None:
    await switch(world, answers_by_mail=True)
    await say(world, "It is in stock.")
    await minutes_pass(world, 11)
    await round_of_mail(world)
    assert mailbox.letters == [], "no address"

    await leave_address(world, "not an address")
    await round_of_mail(world)
    assert mailbox.letters == [], "none that mail could reach"

    await leave_address(world)
    async with world.database.work() as work:
        visit = await contacts.start_visit(work, world.vera.actor, PageSeen(), "")
    await say(world, "And cheap.")
    await minutes_pass(world, 11)
    async with world.database.work() as work:
        await contacts.extend_visits(work, [visit])
    await round_of_mail(world)
    assert mailbox.letters == [], "is there"

    async with world.database.work() as work:
        await contacts.leave(work, world.vera.actor, visit)
        await conversations.mark_visitor(work, world.vera.actor, 3, 3)
    await round_of_mail(world)
    assert mailbox.letters == [], "has read it"

    await say(world, "One left.")
    await write(world, world.vera.actor, "I take it")
    await minutes_pass(world, 11)
    await round_of_mail(world)
    assert mailbox.letters == [], "wrote since"


async def test_what_was_read_or_switched_off_while_the_letter_waited_is_not_sent(
    world: World, mailbox: Mailbox
) -> None:
    mailbox.refuse = {ADDRESS: "451 Later"}
    await mailed_answer(world)
    mailbox.refuse = {}
    async with world.database.work() as work:
        await conversations.mark_visitor(work, world.vera.actor, 2, 2)
        await work.run("UPDATE mail SET next_try_at = now()")
    await round_of_mail(world)
    await say(world, "One left.")
    await minutes_pass(world, 11)
    await answers.queue_due(world.database)
    await switch(world, answers_by_mail=False)
    await round_of_mail(world)
    assert mailbox.letters == []
    async with world.database.reading() as reading:
        states = [row["reason"] for row in await reading.rows("SELECT reason FROM mail ORDER BY created_at")]
    assert states == ["read", "switched-off"]
    assert entries(world) == []


async def test_a_channel_that_did_not_ask_for_it_sends_none(world: World, mailbox: Mailbox) -> None:
    await leave_address(world)
    await say(world, "It is in stock.")
    await minutes_pass(world, 30)
    await round_of_mail(world)
    assert mailbox.letters == []


async def test_the_log_tells_why_a_letter_could_not_arrive(world: World, mailbox: Mailbox) -> None:
    mailbox.refuse = {ADDRESS: "550 No such person"}
    await mailed_answer(world)
    (told,) = entries(world)
    assert told.failed is not None
    assert "No such person" in told.failed


async def test_two_processes_that_notice_the_same_send_one_letter(world: World, mailbox: Mailbox) -> None:
    await switch(world, answers_by_mail=True)
    await leave_address(world)
    await say(world, "It is in stock.")
    await minutes_pass(world, 11)
    queued = await asyncio.gather(*(answers.queue_due(world.database) for _ in range(4)))
    assert sum(queued) == 1
    await asyncio.gather(*(round_of_mail(world) for _ in range(4)))
    assert len(mailbox.letters) == 1


async def test_a_long_talk_is_cut_and_an_address_is_not_flooded(world: World, mailbox: Mailbox) -> None:
    await switch(world, answers_by_mail=True)
    await leave_address(world)
    await say(world, "x" * (MOST_CHARS + 100))
    for number in range(MOST_ANSWERS + 2):
        await say(world, f"Line {number}.")
    await minutes_pass(world, 11)
    await round_of_mail(world)
    (letter,) = mailbox.letters
    assert "Line 0." in text_of(letter)
    assert f"Line {MOST_ANSWERS + 1}." not in text_of(letter)
    assert "steht noch mehr" in text_of(letter)
    for number in range(answers.MOST_PER_CONVERSATION + 2):
        await say(world, f"More {number}.")
        await minutes_pass(world, 11)
        await round_of_mail(world)
    assert len(mailbox.letters) == answers.MOST_PER_CONVERSATION


async def test_an_erased_person_gets_no_more_mail_and_leaves_no_trace(world: World, mailbox: Mailbox) -> None:
    mailbox.refuse = {ADDRESS: "451 Later"}
    await mailed_answer(world)
    await privacy.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    mailbox.refuse = {}
    await round_of_mail(world)
    assert mailbox.letters == []
    async with world.database.reading() as reading:
        for table in ("mail", "return_link", "answer_mail"):
            assert await reading.value(f"SELECT count(*) FROM {table}") == 0
