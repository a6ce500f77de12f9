"""Webhooks at the HTTP doors: made, tried out, told again, and who may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks.webhooks import Webhook as Verifier

from alongside.domains.webhooks.actions import webhooks as verbs
from alongside.kit.time import now
from tests.harness.until import until
from tests.webhooks.receiver import Receiver, receiving
from tests.world import Browser, World


async def made(browser: Browser, world: World, receiver: Receiver, *events: str) -> tuple[str, str]:
    """The path of a new webhook of Sol's, and its secret."""
    body = {"name": "CRM", "url": receiver.url, "events": list(events) or ["message.created"]}
    answer = await browser.be(world.sol).post("/webhooks", body)
    assert answer.status_code == 201, answer.text
    return f"/webhooks/{answer.json()['webhook']['id']}", answer.json()["secret"]


async def delivered(browser: Browser, path: str) -> list[dict[str, Any]]:
    """All deliveries, once none of them waits."""
    found: list[dict[str, Any]] = []

    async def settled() -> bool:
        found[:] = (await browser.get(f"{path}/deliveries")).json()["deliveries"]
        return bool(found) and all(each["state"] != "waiting" for each in found)

    await until(settled)
    return found


async def test_the_test_button_sends_a_signed_event_and_tells_how_it_went(browser: Browser, world: World) -> None:
    async with receiving() as receiver:
        path, secret = await made(browser, world, receiver)
        sent = await browser.post(f"{path}/test")
        assert (sent.status_code, sent.json()["state"], sent.json()["type"]) == (201, "waiting", "test")
        [delivery] = await delivered(browser, path)
        Verifier(secret).verify(receiver.received[0].body, receiver.received[0].headers)
    assert (delivery["state"], delivery["status"], delivery["attempts"]) == ("delivered", 200, 1)
    details = (await browser.get(f"{path}/deliveries/{delivery['id']}")).json()
    assert (details["body"], details["answer"]) == (receiver.received[0].body, "thanks")
    assert receiver.received[0].headers["user-agent"].startswith("Alongside/")
    listed = (await browser.get("/webhooks")).text
    assert secret not in listed and "secret" not in listed


async def test_what_agents_do_arrives_and_can_be_sent_again(browser: Browser, world: World) -> None:
    async with receiving() as receiver:
        path, _ = await made(browser, world, receiver, "message.created", "conversation.status_changed")
        for number in range(3):
            text = {"client_id": str(uuid4()), "text": f"Message {number}"}
            await browser.post(f"/conversations/{world.conversation_id}/messages", text)
        await until(lambda: len(receiver.received) == 4)
        everything = await delivered(browser, path)
        first = (await browser.get(f"{path}/deliveries?limit=3")).json()
        rest = (await browser.get(f"{path}/deliveries?limit=3&before={first['next_before']}")).json()
        assert [each["id"] for each in first["deliveries"] + rest["deliveries"]] == [each["id"] for each in everything]
        assert rest["next_before"] is None
        assert (await browser.get(f"{path}/deliveries?state=failed")).json()["deliveries"] == []
        again = await browser.post(f"{path}/deliveries/{everything[0]['id']}/again")
        assert (again.status_code, again.json()["attempts"]) == (200, 0)
        await until(lambda: len(receiver.received) == 5)
    assert receiver.received[4].id == receiver.received[3].id


async def test_a_new_secret_and_the_former_one_hold_together_for_a_day(browser: Browser, world: World) -> None:
    async with receiving() as receiver:
        path, former = await made(browser, world, receiver)
        renewed = (await browser.post(f"{path}/secret")).json()["secret"]
        assert renewed != former
        await browser.post(f"{path}/test")
        await delivered(browser, path)
        for secret in (former, renewed):
            Verifier(secret).verify(receiver.received[0].body, receiver.received[0].headers)
        async with world.database.work() as work:
            assert await work.value("SELECT previous_until > now() + interval '23 hours' FROM webhook")
            await work.run("UPDATE webhook SET previous_until = now()")
        await browser.post(f"{path}/test")
        await until(lambda: len(receiver.received) == 2)
    assert len(receiver.received[1].headers["webhook-signature"].split()) == 1


async def test_an_edit_changes_what_is_given(browser: Browser, world: World) -> None:
    async with receiving() as receiver:
        path, _ = await made(browser, world, receiver)
        changed = (await browser.patch(path, {"events": ["note.created", "note.created"], "active": False})).json()
        assert (changed["events"], changed["active"], changed["name"]) == (["note.created"], False, "CRM")
        for deed in ("test", "replay", f"deliveries/{uuid4()}/again"):
            period = {"since": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z"} if deed == "replay" else None
            refused = await browser.post(f"{path}/{deed}", period)
            assert (refused.status_code, refused.json()["code"]) == (409, "webhook-off")
        assert (await browser.patch(path, {"active": True, "name": " New  name "})).json()["name"] == "New name"
        assert (await browser.delete(path)).status_code == 204
        assert (await browser.get("/webhooks")).json() == []
        for method, below in (("PATCH", ""), ("DELETE", ""), ("POST", "/secret"), ("POST", "/test")):
            assert (await browser.call(method, f"{path}{below}", json={})).status_code == 404
        assert (await browser.get(f"{path}/deliveries")).status_code == 404
        assert (await browser.get(f"{path}/deliveries/{uuid4()}")).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"url": "http://192.168.0.1/hook"}, "address-not-allowed"),
        ({"url": "https://[::1]/hook"}, "address-not-allowed"),
        ({"url": "ftp://example.com/"}, "url-malformed"),
        ({"url": "https://me:secret@example.com/"}, "url-with-password"),
        ({"name": "  "}, "webhook-name-malformed"),
        ({"events": []}, "invalid"),
        ({"events": ["everything"]}, "invalid"),
        ({"secret": "whsec_mine"}, "invalid"),
    ],
)
async def test_a_wrong_request_makes_and_changes_nothing(
    browser: Browser, world: World, change: dict[str, object], code: str
) -> None:
    new = {"name": "CRM", "url": "https://example.com/hook", "events": ["message.created"], **change}
    refused = await browser.be(world.sol).post("/webhooks", new)
    assert (refused.status_code, refused.json()["code"]) == (422, code)
    assert (await browser.get("/webhooks")).json() == []


@pytest.mark.parametrize(
    ("since", "until_", "code"),
    [
        ("2026-01-02T00:00:00Z", "2026-01-01T00:00:00Z", "bad-period"),
        ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "bad-period"),
        ("2026-01-01T00:00:00", "2026-01-02T00:00:00", "invalid"),
    ],
)
async def test_a_period_has_bounds(browser: Browser, world: World, since: str, until_: str, code: str) -> None:
    path, _ = await made(browser, world, Receiver().at("https://example.com/hook"))
    refused = await browser.post(f"{path}/replay", {"since": since, "until": until_})
    assert (refused.status_code, refused.json()["code"]) == (422, code)


async def test_too_many_are_refused(browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST_WEBHOOKS", 1)
    monkeypatch.setattr(verbs, "MOST_REPLAYED", 0)
    path, _ = await made(browser, world, Receiver().at("https://example.com/hook"))
    body = {"name": "Two", "url": "https://example.com/hook", "events": ["message.created"]}
    assert (await browser.post("/webhooks", body)).json()["code"] == "too-many-webhooks"
    period = {"since": (now() - timedelta(days=1)).isoformat(), "until": now().isoformat()}
    assert (await browser.post(f"{path}/replay", period)).json()["code"] == "period-too-full"


async def test_agents_without_the_permission_see_and_change_nothing(browser: Browser, world: World) -> None:
    path, _ = await made(browser, world, Receiver().at("https://example.com/hook"))
    browser.be(world.ada)
    assert (await browser.get("/webhooks")).status_code == 403
    assert (await browser.get(f"{path}/deliveries")).status_code == 403
    assert (await browser.post(f"{path}/secret")).status_code == 403
    assert (await browser.delete(path)).status_code == 403
