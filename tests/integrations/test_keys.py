"""API keys: made, used over HTTP, held to their scopes, revoked."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from alongside.app import create_app
from alongside.domains.agents.events import DirectoryChanged
from alongside.domains.integrations import actions, doorman, logic
from alongside.domains.integrations.schemas import NewApiKey
from alongside.domains.integrations.scopes import SCOPES
from alongside.kit.time import now
from alongside.platform.errors import Conflict, Forbidden, Invalid
from tests.harness.standing import stop_refilling
from tests.integrations.program import Program, made
from tests.security.test_doors import api_doors
from tests.world import Browser, World, hire, make_config, make_role


def test_a_key_is_known_by_its_shape_and_its_checksum() -> None:
    key = logic.new_key()
    assert re.fullmatch(r"alsk_[0-9A-Za-z]{49}", key)
    assert logic.looks_like_key(key)
    other = "a" if key[10] != "a" else "b"
    assert not logic.looks_like_key(key[:10] + other + key[11:])
    assert not logic.looks_like_key(key[:-1])
    assert not logic.looks_like_key(f"{key}\n")
    assert len({logic.new_key() for _ in range(1_000)}) == 1_000
    assert key.startswith(logic.hint(key)) and len(logic.hint(key)) == 9


async def test_a_key_does_what_its_scopes_say_and_the_log_names_it(browser: Browser, world: World) -> None:
    program, key = await made(browser, world, "conversations.reply", "read")
    assert key["scopes"] == ["read", "conversations.reply"]
    assert (key["name"], key["created_by"], key["expires_at"]) == ("Shop system", str(world.sol.id), None)

    rows = (await program.get("/conversations")).json()["rows"]
    assert [row["id"] for row in rows] == [str(world.conversation_id)]
    draft = {"client_id": str(uuid4()), "text": "Your parcel is on its way."}
    posted = await program.call("POST", f"/conversations/{world.conversation_id}/messages", draft)
    assert posted.status_code == 201
    assert posted.json()["entry"]["author"] == {"kind": "agent", "id": key["agent_id"]}
    again = await program.call("POST", f"/conversations/{world.conversation_id}/messages", draft)
    assert again.json() == posted.json(), "a repeat is answered, not written again"

    named = (await program.get("/integrations")).json()
    assert named == [{"id": key["agent_id"], "display_name": "Shop system", "active": True}]
    assert key["agent_id"] not in [agent["id"] for agent in (await program.get("/agents")).json()]


async def test_a_key_without_a_scope_is_refused_by_name(browser: Browser, world: World) -> None:
    program, _ = await made(browser, world, "labels.manage")
    refused = await program.get("/conversations")
    assert (refused.status_code, refused.json()["details"]) == (403, {"scope": "read"})
    refused = await program.call("PUT", f"/conversations/{world.conversation_id}/status", {"status": "done"})
    assert (refused.status_code, refused.json()["details"]) == (403, {"scope": "conversations.reply"})


async def test_a_reader_changes_nothing(browser: Browser, world: World) -> None:
    program, _ = await made(browser, world, "read")
    assignment = {"agent_id": str(world.ada.id)}
    refused = await program.call("PUT", f"/conversations/{world.conversation_id}/assignment", assignment)
    assert refused.status_code == 403
    row = (await program.get(f"/conversations/{world.conversation_id}")).json()["row"]
    assert (row["assignee_id"], row["last_seq"]) == (None, 1)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/session"),
        ("GET", "/sessions"),
        ("PUT", "/me/online"),
        ("PUT", "/me/password"),
        ("DELETE", "/sessions"),
        ("GET", "/api-keys"),
        ("POST", "/api-keys"),
        ("DELETE", "/api-keys/00000000-0000-4000-8000-000000000001"),
    ],
)
async def test_what_belongs_to_a_person_is_no_programs(browser: Browser, world: World, method: str, path: str) -> None:
    program, _ = await made(browser, world, *SCOPES)
    refused = await program.call(method, path, {"name": "Another", "scopes": ["read"]} if method != "GET" else None)
    assert (refused.status_code, refused.json()["code"]) == (403, "people-only")


async def test_nothing_can_be_given_to_a_program(browser: Browser, world: World) -> None:
    program, key = await made(browser, world, "conversations.reply", "conversations.assign", "read", "agents.manage")
    given = {"agent_id": key["agent_id"]}
    path = f"/conversations/{world.conversation_id}/assignment"
    assert (await program.call("PUT", path, given)).json()["code"] == "no-such-agent"
    for deed in ("deactivate", "reactivate"):
        assert (await program.call("POST", f"/agents/{key['agent_id']}/{deed}")).status_code == 404


async def test_a_revoked_key_is_over_and_its_name_stays(browser: Browser, world: World) -> None:
    program, key = await made(browser, world, "read")
    assert (await program.get("/conversations")).status_code == 200
    world.facts.clear()
    assert (await browser.be(world.sol).delete(f"/api-keys/{key['id']}")).status_code == 204
    assert (await browser.delete(f"/api-keys/{key['id']}")).status_code == 404
    assert (await browser.get("/api-keys")).json() == []
    assert (await browser.get("/integrations")).json()[0]["active"] is False
    refused = await program.get("/conversations")
    assert (refused.status_code, refused.json()["code"]) == (401, "no-such-key")


async def test_a_key_ends_when_it_was_said_to(browser: Browser, world: World) -> None:
    program, key = await made(browser, world, "read", expires_in_days=30)
    assert abs(datetime.fromisoformat(key["expires_at"]) - now() - timedelta(days=30)) < timedelta(minutes=5)
    assert (await program.get("/conversations")).status_code == 200
    async with world.database.work() as work:
        await work.run("UPDATE api_key SET expires_at = now()")
    assert (await program.get("/conversations")).status_code == 401
    listed = (await browser.be(world.sol).get("/api-keys")).json()
    assert [each["expired"] for each in listed] == [True]


async def test_the_last_use_is_told_and_the_secret_is_not(browser: Browser, world: World) -> None:
    program, key = await made(browser, world, "read")
    assert key["last_used_at"] is None
    await program.get("/conversations")
    answer = await browser.be(world.sol).get("/api-keys")
    assert answer.json()[0]["last_used_at"] is not None
    assert program.secret not in answer.text
    async with world.database.reading() as reading:
        stored = await reading.rows("SELECT to_jsonb(k)::text AS row FROM api_key k")
    assert program.secret not in stored[0]["row"]


async def test_a_session_beside_a_key_counts_for_nothing(browser: Browser, world: World) -> None:
    """A page of another site can make a browser send its cookie, but not this header; a wrong key is no way round."""
    cookie = f"__Host-alongside={world.sol.token}"
    wrong = Program(browser, logic.new_key())
    assert (await wrong.call("GET", "/conversations", cookie=cookie)).status_code == 401
    for secret in ("", "alsk_", "alsk_" + "a" * 49, "\x7f", world.sol.token, world.vera.token):
        assert (await Program(browser, secret).get("/conversations")).status_code == 401


async def test_a_key_is_no_visitor_and_opens_no_socket_door(browser: Browser, world: World) -> None:
    program, _ = await made(browser, world, *SCOPES)
    assert (await program.get("/widget/messages")).status_code in (401, 404)


async def test_a_program_that_asks_without_end_is_told_to_wait(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_refilling(monkeypatch)
    program, _ = await made(browser, world, "read")
    answers = [await program.get("/labels") for _ in range(int(doorman.AT_ONCE) + 20)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert len(refused) == 20 and refused[0].json()["code"] == "too-many-requests"
    assert int(refused[0].headers["retry-after"]) >= 1


async def test_nobody_gives_a_key_more_than_they_hold(world: World, browser: Browser) -> None:
    role = await make_role(world.database, "Developer", ["integrations.manage", "labels.manage"])
    dev = await hire(world.config, world.database, "Dev", role)
    for scopes, error in ((["agents.manage"], Forbidden), (["nonsense"], Invalid), (["*"], Invalid)):
        with pytest.raises(error):
            async with world.database.work() as work:
                await actions.make_key(work, dev.actor, NewApiKey(name="Key", scopes=scopes))
    async with world.database.work() as work:
        made = await actions.make_key(work, dev.actor, NewApiKey(name="Key", scopes=["labels.manage", "read"]))
    assert made.key.scopes == ["read", "labels.manage"]
    assert world.facts.of(DirectoryChanged)
    refused = await browser.be(world.ada).get("/api-keys")
    assert refused.status_code == 403
    with pytest.raises(Forbidden):
        async with world.database.work() as work:
            await actions.make_key(work, world.ada.actor, NewApiKey(name="Key", scopes=["read"]))


@pytest.mark.parametrize(
    "body",
    [
        {"name": " ", "scopes": ["read"]},
        {"name": "x" * 81, "scopes": ["read"]},
        {"name": "Key", "scopes": []},
        {"name": "Key", "scopes": ["read"], "expires_in_days": 0},
        {"name": "Key", "scopes": ["read"], "agent_id": str(uuid4())},
    ],
)
async def test_a_wrong_request_makes_no_key(browser: Browser, world: World, body: object) -> None:
    assert (await browser.be(world.sol).post("/api-keys", body)).status_code == 422
    assert (await browser.get("/api-keys")).json() == []


async def test_there_are_not_too_many_keys(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_KEYS", 1)
    async with world.database.work() as work:
        await actions.make_key(work, world.sol.actor, NewApiKey(name="One", scopes=["read"]))
    with pytest.raises(Conflict):
        async with world.database.work() as work:
            await actions.make_key(work, world.sol.actor, NewApiKey(name="Two", scopes=["read"]))


def test_every_door_of_ones_own_account_is_closed_to_programs(tmp_path: Path) -> None:
    app = create_app(make_config("postgresql://nowhere/", tmp_path))
    own = ("/api/v1/me", "/api/v1/session", "/api/v1/api-keys")
    doors = [door for door in api_doors(app) if door.path.startswith(own) and door.who.kind == "agent"]
    assert len(doors) > 15
    assert [str(door) for door in doors if not door.who.person] == []
    assert {"integrations.manage", "security.manage"}.isdisjoint(SCOPES)
