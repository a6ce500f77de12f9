"""P32: what is secret reaches no log, however talkative the log is set and whatever goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alongside.kit.ids import new_secret
from alongside.platform.auth.tokens import csrf_of
from tests.files.pictures import picture
from tests.harness.nodes import ORIGIN
from tests.harness.stage import Stage, stage
from tests.world import PASSWORD

TYPED = "canary-typed-password-7391"
TEXT = "canary-message-text-2207"
INVENTED = "canary" + new_secret()[6:]


@pytest.fixture(scope="module")
def talkative(make_database: Callable[[bool], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """A server that logs all it can."""
    folder = tmp_path_factory.mktemp("talkative")
    with stage(make_database(True), folder, LOG_LEVEL="debug", ACCESS_LOG="true") as made:
        yield made


async def test_no_secret_in_any_line(talkative: Stage) -> None:
    sol, secrets = talkative.world.sol, {TYPED, TEXT, INVENTED, PASSWORD}
    secrets |= {sol.token, csrf_of(sol.token), talkative.world.vera.token}
    async with talkative.http() as http:
        for body in ({"email": "ada@shop.test", "password": TYPED}, {"email": TYPED}, {"password": TYPED, "email": 5}):
            await http.post("/session", json=body, headers={"Origin": ORIGIN})
        await http.post("/session", content=f'{{"password": "{TYPED}"', headers={"Origin": ORIGIN})
        signed_in = await http.post(
            "/session", json={"email": "ada@shop.test", "password": PASSWORD}, headers={"Origin": ORIGIN}
        )
        secrets.add(signed_in.headers["set-cookie"].partition("=")[2].partition(";")[0])
        await http.get(f"/session?token={INVENTED}", headers={"Authorization": f"Bearer {INVENTED}"})
        await http.get(f"/widget/channels/{talkative.world.site.key}?secret={INVENTED}")
        for path in ("/invitations/lookup", "/invitations/accept", "/setup"):
            await http.post(path, json={"token": INVENTED, "password": TYPED}, headers={"Origin": ORIGIN})
    async with talkative.console(sol) as http:
        role = (await http.get("/roles")).json()[0]["id"]
        made = await http.post("/invitations", json={"email": "eva@shop.test", "role_id": role})
        secrets.add(made.json()["link"].partition("#token=")[2])
        key = await http.post(f"/channels/{talkative.world.site.id}/identity-keys")
        secrets.add(key.json()["secret"])
        await http.put("/me/password", json={"current": TYPED, "new": TYPED})
        await http.put("/me/picture", files={"picture": (f"{TYPED}.png", picture(), "image/png")})
    async with talkative.widget(talkative.world.vera.token) as http:
        await http.post("/conversation/messages", json={"client_id": "x", "text": TEXT})
    async with talkative.agent(sol) as console:
        await console.send(talkative.world.conversation_id, TEXT)
        await console.say({"type": "send", "text": TEXT})
        await console.until(lambda: bool(console.closes), what="a malformed frame hangs up")
    talkative.sql("ALTER TABLE agent RENAME COLUMN locale TO gone")
    try:
        async with talkative.console(sol) as http:
            failed = await http.patch("/me", json={"display_name": TYPED, "locale": "de"})
        assert failed.status_code == 500
    finally:
        talkative.sql("ALTER TABLE agent RENAME COLUMN gone TO locale")
    log = talkative.node.log
    assert failed.json()["error_id"] in log
    assert "/api/v1/session" in log
    assert [secret for secret in secrets if secret in log] == []
    assert set(failed.json()) == {"code", "message", "error_id"}
    assert "agent" not in failed.json()["message"]


async def test_the_canary_would_be_seen(talkative: Stage, tmp_path: Path) -> None:
    async with talkative.http() as http:
        await http.get(f"/widget/channels/{TYPED}")
    assert TYPED in talkative.node.log
