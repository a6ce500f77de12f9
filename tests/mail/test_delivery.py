"""Letters go out once they can, are tried again, and the log tells what became of them."""

from __future__ import annotations

import re

import msgspec

from alongside import contents
from alongside.domains.agents import actions as agents
from alongside.domains.agents.joining_schemas import NewInvitation
from alongside.domains.mail import actions as mail
from alongside.domains.mail.letters import Kind, Unwanted
from alongside.platform.config import Config
from alongside.platform.db import Database
from tests.harness.smtp import Mailbox, all_tried, html_of, text_of
from tests.world import Browser, World

KINDS = {kind.name: kind for kind in contents.LETTERS}


async def log_of(database: Database) -> list[tuple[str, str, int]]:
    async with database.reading() as reading:
        rows = await reading.rows("SELECT kind, state, tries FROM mail ORDER BY created_at")
    return [(row["kind"], row["state"], row["tries"]) for row in rows]


async def an_invitation(world: World, email: str = "new@shop.test") -> str:
    async with world.database.reading() as reading:
        role_id = await reading.value("SELECT id FROM role WHERE name = 'Agent'")
    made = await agents.invite(
        world.database, world.config, world.sol.actor, NewInvitation(email=email, role_id=role_id)
    )
    assert made.mailed
    return made.link


async def delivered(world: World) -> None:
    """Nothing is untried any more, whether this test or the server's own worker took it in hand."""
    await mail.deliver(world.database, world.config, KINDS)
    await all_tried(world.database)


async def make_due(database: Database) -> None:
    async with database.work() as work:
        await work.run("UPDATE mail SET next_try_at = now()")


async def test_an_invitation_arrives_and_both_links_work_once(world: World, browser: Browser, mailbox: Mailbox) -> None:
    shown = await an_invitation(world)
    await delivered(world)
    (letter,) = mailbox.to("new@shop.test")
    assert letter["Subject"] == "Sol invites you to Green Shop"
    mailed = re.search(r"https://chat\.test/console/invite#token=(\S+)", text_of(letter))
    assert mailed
    assert mailed[0] in html_of(letter)
    for token in (mailed[1], shown.partition("token=")[2]):
        answer = await browser.post("/invitations/lookup", {"token": token})
        assert (answer.status_code, answer.json().get("email")) == (200, "new@shop.test")
    async with world.database.reading() as reading:
        assert (
            await reading.value("SELECT count(*) FROM mail WHERE to_jsonb(mail)::text LIKE $1", f"%{mailed[1]}%") == 0
        )
    body = {"token": mailed[1], "display_name": "New", "password": "correct horse battery"}
    assert (await browser.post("/invitations/accept", body)).status_code == 201
    dead = await browser.post("/invitations/lookup", {"token": shown.partition("token=")[2]})
    assert dead.status_code == 404
    assert await log_of(world.database) == [("invitation", "sent", 1)]


async def test_a_letter_waits_for_a_server_and_is_not_sent_when_nobody_needs_it(
    world: World, config: Config, mailbox: Mailbox
) -> None:
    unset = msgspec.structs.replace(config, mail_url=None)
    await an_invitation(world)
    assert await mail.deliver(world.database, unset, KINDS) == 0
    assert await log_of(world.database) == [("invitation", "waiting", 0)]
    async with world.database.work() as work:
        await work.run("UPDATE invitation SET accepted_at = now()")
    await mail.deliver(world.database, config, KINDS)
    assert mailbox.letters == []
    assert await log_of(world.database) == [("invitation", "dropped", 1)]


async def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(world: World, mailbox: Mailbox) -> None:
    mailbox.refuse = {"new@shop.test": "451 Later"}
    await an_invitation(world)
    await mail.deliver(world.database, world.config, KINDS)
    assert await log_of(world.database) == [("invitation", "waiting", 1)]
    assert await mail.deliver(world.database, world.config, KINDS) == 0, "not before its time"
    await make_due(world.database)
    mailbox.refuse = {"new@shop.test": "550 Nobody"}
    await mail.deliver(world.database, world.config, KINDS)
    await make_due(world.database)
    await mail.deliver(world.database, world.config, KINDS)
    assert await log_of(world.database) == [("invitation", "failed", 2)]
    assert mailbox.letters == []


async def test_a_letter_that_we_fail_to_write_says_so_and_keeps_no_other_back(world: World, mailbox: Mailbox) -> None:
    async def fail(*_: object) -> Unwanted:
        raise LookupError("a mistake of ours")

    await an_invitation(world, "first@shop.test")
    async with world.database.work() as work:
        await work.run("UPDATE mail SET kind = 'broken', next_try_at = next_try_at - interval '1 minute'")
    await an_invitation(world, "second@shop.test")
    await mail.deliver(world.database, world.config, {**KINDS, "broken": Kind(name="broken", write=fail)})
    assert [letter["To"] for letter in mailbox.letters] == ["second@shop.test"]
    assert await log_of(world.database) == [("broken", "waiting", 1), ("invitation", "sent", 1)]
    async with world.database.reading() as reading:
        reason = await reading.value("SELECT reason FROM mail WHERE kind = 'broken'")
    assert "could not write it (LookupError)" in reason


async def test_what_could_not_be_sent_for_days_is_given_up_and_old_entries_go(world: World) -> None:
    await an_invitation(world)
    async with world.database.work() as work:
        await work.run("UPDATE mail SET created_at = now() - interval '4 days'")
    await mail.sweep(world.database, KINDS)
    assert await log_of(world.database) == [("invitation", "failed", 0)]
    async with world.database.work() as work:
        await work.run("UPDATE mail SET created_at = now() - interval '40 days'")
    await mail.sweep(world.database, KINDS)
    assert await log_of(world.database) == []


async def test_the_doors_test_the_server_show_the_log_and_try_again(
    world: World, browser: Browser, mailbox: Mailbox
) -> None:
    browser.be(world.sol)
    state = (await browser.get("/mail")).json()
    assert (state["configured"], state["sender"], state["waiting"]) == (True, "support@shop.test", 0)
    tested = (await browser.post("/mail/test")).json()
    assert tested == {"sent": True, "address": "sol@shop.test", "reason": ""}
    assert mailbox.to("sol@shop.test")[0]["Subject"] == "Test mail from Green Shop"
    mailbox.refuse = {"sol@shop.test": "550 No", "new@shop.test": "550 No"}
    assert "No" in (await browser.post("/mail/test")).json()["reason"]
    await an_invitation(world)
    await delivered(world)
    page = (await browser.get("/mail/log")).json()
    assert [item["state"] for item in page["items"]] == ["failed", "failed", "sent"]
    mailbox.refuse = {}
    failed = page["items"][0]["id"]
    assert (await browser.post(f"/mail/log/{failed}/try")).status_code == 204
    await delivered(world)
    assert mailbox.to("new@shop.test")
    assert (await browser.post(f"/mail/log/{failed}/try")).status_code == 409
    assert (await browser.get("/mail/log?cursor=nonsense")).status_code == 422
    assert (await browser.patch("/mail", {"push_text": True})).json()["push_text"]


async def test_who_may_not_manage_mail_learns_only_whether_it_goes_out(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    assert (await browser.get("/mail")).json()["configured"]
    for method, path, body in (
        ("GET", "/mail/log", None),
        ("POST", "/mail/test", None),
        ("PATCH", "/mail", {"push_text": True}),
        ("POST", f"/mail/log/{world.conversation_id}/try", None),
    ):
        assert (await browser.call(method, path, json=body)).status_code == 403
