"""The way back: opens one conversation, is not used up by who only looks at it, and ends."""

from __future__ import annotations

import httpx
import jwt
import pytest

from alongside.domains.answers import actions as answers
from alongside.domains.channels import actions as channels
from alongside.domains.contacts import actions as contacts
from alongside.domains.contacts.tokens import Vouched
from alongside.domains.privacy import actions as privacy
from tests.answers.scene import mailed_answer, minutes_pass, round_of_mail, say, stop_of, token_of
from tests.harness.smtp import Mailbox
from tests.world import Browser, World


@pytest.fixture
async def link(world: World, mailbox: Mailbox) -> str:
    """The secret that Vera was mailed."""
    await mailed_answer(world)
    return token_of(mailbox.letters[0])


async def come_back(browser: Browser, token: str) -> httpx.Response:
    return await browser.post("/widget/return", {"token": token})


def bearer(answer: httpx.Response) -> dict[str, str]:
    return {"authorization": f"Bearer {answer.json()['session']['token']}"}


async def test_the_link_opens_the_conversation_and_looking_at_it_does_not_use_it_up(
    world: World, browser: Browser, link: str
) -> None:
    for _ in range(3):
        page = await browser.client.get("/continue")
        assert page.status_code in (200, 404), "404 where the front ends were not built"
    first, second = await come_back(browser, link), await come_back(browser, link)
    assert first.json()["channel"] == world.site.key
    assert first.json()["session"]["token"] != second.json()["session"]["token"]
    read = await browser.call("GET", "/widget/conversation", headers=bearer(first))
    assert [each["text"] for each in read.json()["messages"]] == [
        "Hello, is the green one in stock?",
        "It is in stock.",
    ]
    body = {"client_id": "0198a5f0-0000-7000-8000-000000000001", "text": "I am back"}
    posted = await browser.call("POST", "/widget/conversation/messages", json=body, headers=bearer(first))
    assert posted.status_code == 201
    async with world.database.reading() as reading:
        assert (
            await reading.value(
                "SELECT count(*) FROM return_link WHERE to_jsonb(return_link)::text LIKE $1", f"%{link}%"
            )
            == 0
        )
        assert await reading.value("SELECT status FROM conversation WHERE id = $1", world.conversation_id) == "unread"


async def test_links_and_their_sessions_end(world: World, browser: Browser, link: str) -> None:
    session = bearer(await come_back(browser, link))
    async with world.database.work() as work:
        await work.run("UPDATE return_link SET expires_at = now()")
        await work.run("UPDATE identity SET expires_at = now() WHERE expires_at IS NOT NULL")
    assert (await come_back(browser, link)).status_code == 404
    assert (await browser.call("GET", "/widget/conversation", headers=session)).status_code == 401
    own = {"authorization": f"Bearer {world.vera.token}"}
    assert (await browser.call("GET", "/widget/conversation", headers=own)).status_code == 200
    async with world.database.work() as work:
        await work.run("UPDATE return_link SET expires_at = now() - interval '1 year'")
        await answers.sweep(work)
        assert await work.value("SELECT count(*) FROM return_link") == 0


async def test_erasure_ends_link_and_session(world: World, browser: Browser, link: str) -> None:
    session = bearer(await come_back(browser, link))
    await privacy.erase(world.database, world.sol.actor, world.vera.actor.contact_id)
    assert (await come_back(browser, link)).status_code == 404
    assert (await browser.call("GET", "/widget/conversation", headers=session)).status_code == 401


async def test_foreign_pages_and_guesses_are_refused(browser: Browser, link: str) -> None:
    foreign = {"origin": "https://evil.test", "sec-fetch-site": "cross-site"}
    answer = await browser.call("POST", "/widget/return", json={"token": link}, headers=foreign)
    assert answer.status_code == 403
    for guess in ("x" * 43, link[:-1] + ("A" if link[-1] != "A" else "B")):
        assert (await come_back(browser, guess)).status_code == 404
    for malformed in ("", "short", "x" * 201, 7):
        assert (await browser.post("/widget/return", {"token": malformed})).status_code in (400, 422)
    for _ in range(60):
        last = await come_back(browser, "y" * 43)
    assert last.status_code == 429


async def test_a_proven_customer_is_not_signed_in_beyond_this_conversation(
    world: World, browser: Browser, mailbox: Mailbox
) -> None:
    """The link of a signed-in customer opens this conversation; it is nothing to sign in with elsewhere."""
    await mailed_answer(world)
    async with world.database.work() as work:
        key = await channels.add_identity_key(work, world.sol.actor, world.site.id)
        vouched = Vouched("customer-1", "Vera", "vera@home.test", None)
        proven = await contacts.recognise_visitor(work, world.site.id, vouched, world.vera.actor, "de")
    assert proven.actor.contact_id == world.vera.actor.contact_id
    await say(world, "One left.")
    await minutes_pass(world, 11)
    await round_of_mail(world)
    session = bearer(await come_back(browser, token_of(mailbox.letters[-1])))
    read = (await browser.call("GET", "/widget/conversation", headers=session)).json()
    assert [each["text"] for each in read["messages"]][-1] == "One left."
    # What the page of that session claims changes nothing of the proven person.
    claims = {"channel": world.site.key, "claims": {"name": "Mallory", "email": "mallory@evil.test"}}
    await browser.call("POST", "/widget/identify", json=claims, headers=session)
    async with world.database.reading() as reading:
        row = await reading.row("SELECT name, email FROM contact WHERE id = $1", world.vera.actor.contact_id)
        assert row is not None
        assert (row["name"], row["email"]) == ("Vera", "vera@home.test")
    # Another customer who signs in there gets their own history, never this one.
    signed = jwt.encode(
        {"sub": "customer-2", "aud": world.site.key, "exp": 4_000_000_000},
        key.secret,
        "HS256",
        headers={"kid": key.kid},
    )
    other = await browser.call(
        "POST", "/widget/identify", json={"channel": world.site.key, "token": signed}, headers=session
    )
    theirs = {"authorization": f"Bearer {other.json()['token']}"}
    assert (await browser.call("GET", "/widget/conversation", headers=theirs)).json()["messages"] == []
    assert (await browser.call("GET", "/widget/conversation", headers=session)).status_code == 401


async def test_who_wants_no_more_mail_says_so_by_a_button_or_their_mail_program(
    world: World, browser: Browser, mailbox: Mailbox
) -> None:
    await mailed_answer(world)
    path = stop_of(mailbox.letters[0])
    page = await browser.client.get(path)
    assert page.status_code == 200
    assert "Keine E-Mails mehr" in page.text
    await say(world, "One left.")
    await minutes_pass(world, 11)
    await round_of_mail(world)
    assert len(mailbox.letters) == 2, "looking stops nothing"
    done = await browser.client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    assert "keine E-Mails mehr" in done.text
    await say(world, "Really.")
    await minutes_pass(world, 11)
    await round_of_mail(world)
    assert len(mailbox.letters) == 2
    assert (await browser.client.get("/mail/stop/unknown")).status_code == 404
    assert (await browser.client.post("/mail/stop/unknown")).status_code == 404
