"""Signing in and out, and the life of a session."""

from __future__ import annotations

from pathlib import Path

import pytest
from litestar.testing import AsyncTestClient

from alongside.app import create_app
from alongside.domains.agents import actions, queries
from alongside.domains.agents.actions.sessions import Caller
from alongside.domains.agents.events import SessionRevoked
from alongside.domains.agents.schemas import Credentials
from alongside.kit.ids import digest, new_secret
from alongside.platform.errors import Forbidden, Unauthorized
from tests.world import HOME, PASSWORD, Browser, World, make_config, sign_in


async def test_the_right_password_opens_a_session(world: World) -> None:
    session = await actions.sign_in(
        world.database, world.config, Credentials(email=" ADA@Shop.TEST ", password=PASSWORD), HOME
    )
    actor = await actions.authenticate(world.database, session.token)
    assert (actor.id, actor.display_name) == (world.ada.id, "Ada")
    assert actor.may("conversations.reply")
    assert not actor.may("agents.manage")


@pytest.mark.parametrize(
    ("email", "password"),
    [("ada@shop.test", "wrong"), ("nobody@shop.test", PASSWORD), ("", "")],
)
async def test_wrong_password_and_unknown_account_are_answered_alike(world: World, email: str, password: str) -> None:
    with pytest.raises(Unauthorized) as refusal:
        await actions.sign_in(world.database, world.config, Credentials(email=email, password=password), HOME)
    assert refusal.value.code == "wrong-credentials"
    assert refusal.value.message == "E-mail address or password is wrong. Check both and try again."


async def test_a_deactivated_agent_is_told_so_and_a_guesser_is_not(world: World) -> None:
    await actions.deactivate(world.database, world.sol.actor, world.ada.id)
    with pytest.raises(Forbidden, match="Ask an admin") as refusal:
        await sign_in(world.config, world.database, world.ada.email)
    assert refusal.value.code == "account-deactivated"
    guess = Credentials(email=world.ada.email, password="not the password")
    with pytest.raises(Unauthorized) as wrong:
        await actions.sign_in(world.database, world.config, guess, HOME)
    assert wrong.value.code == "wrong-credentials"


async def test_signing_in_ends_the_session_that_the_browser_held(world: World) -> None:
    again = Caller("192.0.2.10", session_token=world.ada.token)
    fresh = await sign_in(world.config, world.database, world.ada.email, again)
    assert fresh.token != world.ada.token
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, world.ada.token)
    assert [fact.session_id for fact in world.facts.of(SessionRevoked)] == [world.ada.actor.session_id]


async def test_a_planted_token_is_never_adopted(world: World) -> None:
    planted = new_secret()
    fresh = await sign_in(world.config, world.database, world.ada.email, Caller("192.0.2.10", session_token=planted))
    assert fresh.token != planted
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, planted)


@pytest.mark.parametrize("token", [None, "", "x", "x" * 43, "\x00" * 43, "é" * 43, "x" * 100_000])
async def test_no_token_of_ours_is_no_session(world: World, token: str | None) -> None:
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, token)


@pytest.mark.parametrize(
    "change",
    [
        "expires_at = now() - interval '1 second'",
        "last_seen_at = now() - interval '8 days'",
        "revoked_at = now()",
        "token_sha256 = sha256('another')",
    ],
)
async def test_an_ended_session_is_none(world: World, change: str) -> None:
    async with world.database.work() as work:
        await work.run(f"UPDATE session SET {change} WHERE id = $1", world.ada.actor.session_id)
    with pytest.raises(Unauthorized):
        await actions.authenticate(world.database, world.ada.token)
    async with world.database.reading() as reading:
        alive = await queries.live_sessions(reading, [world.ada.actor.session_id, world.ben.actor.session_id])
    assert (world.ada.actor.session_id in alive) == ("token_sha256" in change)
    assert world.ben.actor.session_id in alive


async def test_the_last_use_is_noted_at_most_once_a_minute(world: World) -> None:
    async def last_seen() -> object:
        async with world.database.reading() as reading:
            return await reading.value("SELECT last_seen_at FROM session WHERE id = $1", world.ada.actor.session_id)

    await actions.authenticate(world.database, world.ada.token)
    before = await last_seen()
    await actions.authenticate(world.database, world.ada.token)
    assert await last_seen() == before
    async with world.database.work() as work:
        await work.run("UPDATE session SET last_seen_at = now() - interval '61 seconds'")
    await actions.authenticate(world.database, world.ada.token)
    assert await last_seen() > before  # type: ignore[operator]


async def test_only_the_hash_of_a_token_is_stored(world: World) -> None:
    async with world.database.reading() as reading:
        stored = await reading.value("SELECT token_sha256 FROM session WHERE id = $1", world.ada.actor.session_id)
        dump = await reading.value("SELECT string_agg(s::text, '') FROM session s")
    assert stored == digest(world.ada.token)
    assert world.ada.token not in dump


async def test_a_password_of_older_strength_is_hashed_anew(world: World) -> None:
    import argon2

    weak = argon2.PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
    async with world.database.work() as work:
        await work.run("UPDATE agent SET password_hash = $2 WHERE id = $1", world.ada.id, weak)
    await sign_in(world.config, world.database, world.ada.email)
    async with world.database.reading() as reading:
        stored = await reading.value("SELECT password_hash FROM agent WHERE id = $1", world.ada.id)
    assert "m=19456,t=2,p=1" in stored
    await sign_in(world.config, world.database, world.ada.email)


async def test_by_the_door(world: World, browser: Browser) -> None:
    assert (await browser.get("/session")).json()["code"] == "not-signed-in"
    answer = await browser.sign_in("ada@shop.test")
    assert answer.status_code == 200
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-alongside=")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part.lower() in cookie.lower()
    assert "domain=" not in cookie.lower()
    body = (await browser.get("/session")).json()
    assert body == answer.json()
    assert body["me"]["display_name"] == "Ada"
    assert body["workspace"]["name"] == "Green Shop"
    assert "password" not in str(body)
    assert (await browser.delete("/session")).status_code == 204
    assert (await browser.get("/session")).status_code == 401


async def test_sign_in_over_plain_http_is_refused_with_the_reason(world: World, browser: Browser) -> None:
    body = {"email": "ada@shop.test", "password": PASSWORD}
    answer = await browser.call("POST", "/session", json=body, headers={"origin": "http://192.168.1.5:8400"})
    assert (answer.status_code, answer.json()["code"]) == (403, "https-needed")
    assert "set-cookie" not in answer.headers


async def test_where_the_operator_allows_plain_http_the_cookie_has_no_prefix(world: World, tmp_path: Path) -> None:
    url = world.config.database_url
    assert url is not None
    config = make_config(url.reveal(), tmp_path, public_url="http://chat.test", allow_insecure_http=True)
    body = {"email": "ada@shop.test", "password": PASSWORD}
    async with AsyncTestClient(create_app(config), base_url="http://chat.test") as client:
        answer = await client.post("/api/v1/session", json=body, headers={"origin": "http://chat.test"})
        assert answer.status_code == 200
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("alongside=")
        assert "secure" not in cookie.lower()
        assert "httponly" in cookie.lower()
        assert (await client.get("/api/v1/session")).json()["me"]["display_name"] == "Ada"
