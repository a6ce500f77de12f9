"""A forgotten password: the letter goes to nobody else, its link works once, and asking tells nothing."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from alongside import contents
from alongside.domains.agents import actions
from alongside.domains.agents.actions.half_sign_ins import HalfSignIn
from alongside.domains.agents.actions.sessions import NewSession
from alongside.domains.agents.events import SessionRevoked
from alongside.domains.agents.schemas import Credentials, EditAgent
from alongside.domains.agents.sign_in_schemas import NewPassword
from alongside.domains.mail import actions as mail
from alongside.platform.config import Config
from alongside.platform.errors import Conflict, Invalid, NotFound, TooMany, Unauthorized
from alongside.platform.secret import Secret
from tests.agents.authenticator import set_up
from tests.harness.smtp import Mailbox, all_tried, mail_server, text_of
from tests.world import HOME, Browser, World, make_config, sign_in

KINDS = {kind.name: kind for kind in contents.LETTERS}
NEW = "a wholly different one"


@pytest.fixture(scope="module")
def letters() -> Iterator[Mailbox]:
    with mail_server() as box:
        yield box


@pytest.fixture
def mailbox(letters: Mailbox) -> Mailbox:
    """What the mail server took during the test."""
    letters.letters.clear()
    return letters


@pytest.fixture
def config(fresh_database_url: str, tmp_path: Path, mailbox: Mailbox) -> Config:
    """A server that sends mail."""
    return make_config(fresh_database_url, tmp_path, mail_url=Secret(mailbox.url))


async def test_the_link_sets_one_password_and_ends_all_sessions(world: World, mailbox: Mailbox) -> None:
    token = await _link(world, mailbox)
    assert (await actions.look_up_password_reset(world.database, token, HOME)).email == world.ada.email
    for weak in ("short", "password123", "ada@shop.test!"):
        with pytest.raises(Invalid):
            await _set(world, token, weak)
    entry = await _set(world, token)
    assert isinstance(entry, NewSession)
    assert (await actions.authenticate(world.database, entry.token)).id == world.ada.id
    assert [fact.session_id for fact in world.facts.of(SessionRevoked)] == [world.ada.actor.session_id]
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, world.ada.token)
    with pytest.raises(Unauthorized):
        await sign_in(world.config, world.database, world.ada.email)
    with pytest.raises(NotFound):
        await _set(world, token)
    await _deliver(world)
    assert "was replaced" in mailbox.to(world.ada.email)[-1]["Subject"]
    assert await _deeds(world) == ["PASSWORD_RESET_BY_MAIL", "LOGGED_IN"]


async def test_of_many_at_once_with_one_link_one_sets_the_password(world: World, mailbox: Mailbox) -> None:
    token = await _link(world, mailbox)
    tries = (_set(world, token, f"a wholly different one {number}") for number in range(4))
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, NewSession) for result in results) == 1, results
    assert sum(isinstance(result, NotFound) for result in results) == 3, results


async def test_a_second_factor_is_still_asked(world: World, mailbox: Mailbox) -> None:
    app, _ = await set_up(world, world.ada)
    entry = await _set(world, await _link(world, mailbox))
    assert not isinstance(entry, NewSession)
    assert entry.step == "code"
    session = await actions.give_code(world.database, world.config, entry.token, app.code(1), HOME)
    assert session.agent_id == world.ada.id


async def test_asking_tells_nothing(world: World, mailbox: Mailbox) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE agent SET active = false WHERE id = $1", world.ben.id)
    for email in ("nobody@shop.test", world.ben.email, "no address", "", "'; DROP TABLE agent; --"):
        await actions.ask_password_reset(world.database, world.config, email, HOME)
    await _deliver(world)
    assert mailbox.letters == []
    async with world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM password_reset") == 0
        assert await reading.value("SELECT count(*) FROM mail") == 0
    for email in (world.ada.email, "nobody@shop.test"):
        for _ in range(3 if email == world.ada.email else 2):
            await actions.ask_password_reset(world.database, world.config, email, HOME)
        with pytest.raises(TooMany, match="too often"):
            await actions.ask_password_reset(world.database, world.config, email.upper(), HOME)


async def test_one_place_cannot_have_letters_sent_to_everybody(world: World) -> None:
    with pytest.raises(TooMany):
        for number in range(40):
            await actions.ask_password_reset(world.database, world.config, f"agent{number}@shop.test", HOME)


async def test_the_newest_link_counts_and_only_hashes_are_stored(world: World, mailbox: Mailbox) -> None:
    first, second = await _link(world, mailbox), await _link(world, mailbox)
    with pytest.raises(NotFound):
        await _set(world, first)
    async with world.database.reading() as reading:
        dump = await reading.value(
            "SELECT (SELECT string_agg(r::text, '') FROM password_reset r)"
            " || (SELECT string_agg(m::text, '') FROM mail m)"
        )
    assert second not in dump
    await _set(world, second)


@pytest.mark.parametrize("end", ["time", "password", "address", "deactivated"])
async def test_what_ends_a_link(world: World, mailbox: Mailbox, end: str) -> None:
    token = await _link(world, mailbox)
    if end == "time":
        async with world.database.work() as work:
            await work.run("UPDATE password_reset SET expires_at = now() - interval '1 second'")
    elif end == "password":
        await actions.reset_password(world.database, world.ada.email, NEW)
    elif end == "address":
        async with world.database.work() as work:
            change = EditAgent(email="ada.new@shop.test")
            await actions.edit_agent(work, world.sol.actor, world.ada.id, change)
    else:
        await actions.deactivate(world.database, world.sol.actor, world.ada.id)
        async with world.database.work() as work:
            await actions.reactivate(work, world.sol.actor, world.ada.id)
    with pytest.raises(NotFound):
        await _set(world, token)


async def test_a_letter_that_comes_too_late_is_not_sent(world: World, mailbox: Mailbox) -> None:
    await actions.ask_password_reset(world.database, world.config, world.ada.email, HOME)
    async with world.database.work() as work:
        await work.run("UPDATE password_reset SET expires_at = now() - interval '1 second'")
        await actions.forget_expired_halves(work)
    await _deliver(world)
    assert mailbox.letters == []


async def test_who_signs_in_by_the_company_s_account_is_told_so(world: World, mailbox: Mailbox) -> None:
    async with world.database.work() as work:
        await work.run("UPDATE agent SET password_hash = NULL, locale = 'de' WHERE id = $1", world.ada.id)
    there = msgspec.structs.replace(world.config, oidc_issuer="https://id.shop.test", oidc_client_id="alongside")
    await actions.ask_password_reset(world.database, there, world.ada.email, HOME)
    await mail.deliver(world.database, there, KINDS)
    (letter,) = mailbox.to(world.ada.email)
    assert "mit dem Konto Ihrer Firma" in text_of(letter)
    assert "token=" not in text_of(letter)
    async with world.database.work() as work:
        await work.run("UPDATE agent SET password_hash = 'x' WHERE id = $1", world.ada.id)
    await actions.ask_password_reset(world.database, there, world.ada.email, HOME)
    await mail.deliver(world.database, there, KINDS)
    assert "token=" in text_of(mailbox.to(world.ada.email)[-1])


async def test_without_a_mail_server_nothing_is_promised(world: World) -> None:
    without = msgspec.structs.replace(world.config, mail_url=None)
    with pytest.raises(Conflict, match="whoever runs this server"):
        await actions.ask_password_reset(world.database, without, world.ada.email, HOME)


async def test_by_the_doors(world: World, browser: Browser, mailbox: Mailbox) -> None:
    assert (await browser.get("/sign-in")).json()["mail"] is True
    evil = {"x-forwarded-host": "evil.test", "x-forwarded-proto": "http", "forwarded": "host=evil.test"}
    answers = [
        await browser.call("POST", "/password-reset", json={"email": email}, headers=evil)
        for email in (world.ada.email, "nobody@shop.test")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(204, b"")}
    assert answers[0].headers.keys() == answers[1].headers.keys()
    foreign = await browser.call(
        "POST", "/password-reset", json={"email": "a"}, headers={"origin": "https://evil.test"}
    )
    assert foreign.json()["code"] == "foreign-origin"
    await _deliver(world)
    (letter,) = mailbox.letters
    assert letter["To"] == world.ada.email
    assert "evil.test" not in letter.as_string()
    token = _token(text_of(letter))
    assert (await browser.post("/password-reset/lookup", {"token": "x" * 43})).json()["code"] == "no-such-reset"
    assert (await browser.post("/password-reset/lookup", {"token": token})).json() == {"email": world.ada.email}
    weak = await browser.post("/password-reset/password", {"token": token, "password": "short"})
    assert weak.json()["code"] == "password-too-short"
    done = await browser.post("/password-reset/password", {"token": token, "password": NEW})
    assert done.json()["me"]["display_name"] == "Ada"
    assert "__Host-alongside" in browser.client.cookies
    again = await browser.post("/password-reset/password", {"token": token, "password": NEW})
    assert again.json()["code"] == "no-such-reset"
    credentials = Credentials(email=world.ada.email, password=NEW)
    await actions.sign_in(world.database, world.config, credentials, HOME)


async def _link(world: World, mailbox: Mailbox) -> str:
    """Ask, and read the mail."""
    await actions.ask_password_reset(world.database, world.config, world.ada.email, HOME)
    await _deliver(world)
    return _token(text_of(mailbox.to(world.ada.email)[-1]))


def _token(text: str) -> str:
    found = re.search(r"https://chat\.test/console/reset#token=(\S+)", text)
    assert found
    return found[1]


async def _deliver(world: World) -> None:
    await mail.deliver(world.database, world.config, KINDS)
    await all_tried(world.database)


async def _set(world: World, token: str, password: str = NEW) -> NewSession | HalfSignIn:
    new = NewPassword(token=token, password=password)
    return await actions.set_forgotten_password(world.database, world.config, new, HOME)


async def _deeds(world: World) -> list[str]:
    async with world.database.reading() as reading:
        rows = await reading.rows(
            "SELECT type FROM audit_entry WHERE actor_id = $1 ORDER BY at DESC, id DESC LIMIT 2", world.ada.id
        )
    return [row["type"] for row in reversed(rows)]
