"""P21: a visitor's token cannot be guessed, planted, edited, used elsewhere, or found where it is stored."""

from __future__ import annotations

import base64
import time
from collections import Counter

import jwt
import pytest

from alongside.kit.ids import new_secret
from tests.harness.clients import VisitorClient
from tests.harness.stage import Stage

TOKENS = 4_000


def test_tokens_are_random() -> None:
    """256 bits each: all differ, and every bit is set in about half of them (six standard deviations)."""
    tokens = [base64.urlsafe_b64decode(f"{new_secret()}=") for _ in range(TOKENS)]
    assert {len(token) for token in tokens} == {32}
    assert len(set(tokens)) == TOKENS
    set_bits = Counter(bit for token in tokens for bit in range(256) if token[bit // 8] >> bit % 8 & 1)
    deviation = (TOKENS / 4) ** 0.5
    assert all(abs(set_bits[bit] - TOKENS / 2) < 6 * deviation for bit in range(256))


async def status(stage: Stage, token: str) -> int:
    async with stage.widget(token) as http:
        return (await http.get("/conversation")).status_code


async def closes(tab: VisitorClient) -> int:
    tab.start()
    await tab.until(lambda: bool(tab.closes))
    await tab.stop()
    assert not tab.of_type("welcome")
    return tab.closes[0][0]


async def test_not_at_rest_and_not_in_the_log(one: Stage) -> None:
    token = await one.newcomer()
    async with one.visitor(token) as tab:
        await tab.send("hello")
    raw = base64.urlsafe_b64decode(f"{token}=")
    traces = [token, token.encode().hex(), raw.hex(), base64.b64encode(raw).decode()]
    tables = one.sql("SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE schemaname = 'public'")
    stored = "\n".join(row for (table,) in tables for (row,) in one.sql(f"SELECT t::text FROM {table} t"))
    assert "hello" in stored, "the search finds what is there"
    for place in (stored, one.node.log):
        assert not any(trace in place for trace in traces)


async def test_edited_by_one_bit(one: Stage) -> None:
    token = await one.newcomer()
    assert await status(one, token) == 200
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    edits = [
        token[:place] + alphabet[alphabet.index(token[place]) ^ 1 << (place % 6)] + token[place + 1 :]
        for place in range(len(token))
    ]
    more = [token[:-1], token + "A", token.swapcase(), token + "=", "\u00e4" * 43, "A" * 43, "A" * 10_000]
    async with one.http() as http:
        for edited in [*edits, *more]:
            header = f"Bearer {edited}".encode("latin-1")
            answer = await http.get("/widget/conversation", headers={b"Authorization": header})
            assert answer.status_code in (401, 431), edited
    assert await closes(one.visitor(edits[0])) == 4401


@pytest.mark.parametrize("path", ["/widget/visitors", "/widget/identify"])
async def test_none_can_be_planted(one: Stage, path: str) -> None:
    """A token brought along is never adopted, however it is brought."""
    planted = new_secret()
    body = {"channel": one.world.site.key}
    async with one.http() as http:
        http.headers["Authorization"] = f"Bearer {planted}"
        http.headers["Cookie"] = f"token={planted}; __Host-alongside={planted}"
        answers = [
            await http.post(path, json=body),
            await http.post(path, json=body, params={"token": planted}),
            await http.post(path, json=body | {"visitor_token": planted}),
        ]
    assert [answer.status_code for answer in answers] == [201, 201, 422]
    given = {answer.json()["token"] for answer in answers[:2]}
    assert len(given) == 2
    assert planted not in given
    assert await status(one, planted) == 401


async def test_ends_when_the_visitor_is_recognised_or_leaves(deployed: Stage) -> None:
    site = deployed.world.site
    async with deployed.console(deployed.world.sol) as sol:
        key = (await sol.post(f"/channels/{site.id}/identity-keys")).json()
    claims = {"sub": f"s-{time.time_ns()}", "aud": site.key, "exp": int(time.time()) + 600}
    word = jwt.encode(claims, key["secret"], "HS256", headers={"kid": key["kid"]})
    planted = await deployed.newcomer()
    async with deployed.visitor(planted, deployed.urls[0]) as tab, deployed.widget(planted, deployed.urls[-1]) as http:
        answer = await http.post("/identify", json={"channel": site.key, "token": word})
        recognised = answer.json()["token"]
        await tab.until(lambda: bool(tab.closes))
        assert tab.closes[0][0] == 4401
    assert recognised != planted
    assert (await status(deployed, planted), await status(deployed, recognised)) == (401, 200)
    async with deployed.widget(recognised) as http:
        assert (await http.post("/reset")).status_code == 204
    assert await status(deployed, recognised) == 401
    async with deployed.console(deployed.world.sol) as sol:
        await sol.delete(f"/channels/{site.id}/identity-keys/{key['kid']}")


async def test_holds_for_its_channel_alone(one: Stage) -> None:
    token = await one.newcomer()
    async with one.console(one.world.sol) as sol:
        other = (await sol.post("/channels", json={"name": "Another site"})).json()
        tab = one.visitor(token)
        tab.channel = other["key"]
        assert await closes(tab) == 4401
        async with one.widget(token) as http:
            answer = await http.post("/identify", json={"channel": other["key"], "claims": {"name": "Vera"}})
        assert answer.json()["token"] != token
        assert await status(one, token) == 200


async def test_ends_with_its_channel(one: Stage) -> None:
    async with one.console(one.world.sol) as sol, one.http() as http:
        site = (await sol.post("/channels", json={"name": "Closing down"})).json()
        token = (await http.post("/widget/visitors", json={"channel": site["key"]})).json()["token"]
        assert await status(one, token) == 200
        await sol.patch(f"/channels/{site['id']}", json={"active": False})
        assert await status(one, token) == 401


async def test_open_widgets_hear_that_their_channel_is_switched_off(deployed: Stage) -> None:
    """In every process, known or not; switched on again, the token is as good as before."""
    async with deployed.console(deployed.world.sol) as sol, deployed.http() as http:
        site = (await sol.post("/channels", json={"name": "Closed on Sundays"})).json()
        token = (await http.post("/widget/visitors", json={"channel": site["key"]})).json()["token"]
        tabs = [VisitorClient(url, channel=site["key"], token=who) for url in deployed.urls for who in (token, None)]
        for tab in tabs:
            tab.start()
            await tab.until(lambda tab=tab: bool(tab.of_type("welcome")))  # type: ignore[misc]
        await sol.patch(f"/channels/{site['id']}", json={"active": False})
        for tab in tabs:
            await tab.until(lambda tab=tab: bool(tab.closes))  # type: ignore[misc]
            await tab.stop()
            assert tab.closes[0][0] == 4409
        await sol.patch(f"/channels/{site['id']}", json={"active": True})
        assert await status(deployed, token) == 200
