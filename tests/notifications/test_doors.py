"""An agent's own notifications over HTTP, and the watch of a running server."""

from __future__ import annotations

import pytest

from alongside.domains.notifications.schemas import NotificationSettings
from tests.harness.pushes import PushService
from tests.harness.smtp import Mailbox
from tests.harness.until import until
from tests.notifications.scene import go_online
from tests.world import Browser, World


async def test_choices_are_kept_and_are_ones_own(world: World, browser: Browser) -> None:
    browser.be(world.ada)
    found = (await browser.get("/me/notifications")).json()
    assert found["settings"]["choices"]["waiting"] == {
        "popup": True,
        "sound": True,
        "browser": False,
        "push": True,
        "mail": False,
    }
    assert found["devices"] == []
    assert len(found["push_key"]) == 87
    settings = {**found["settings"], "repeat_sound": True, "waiting_minutes": 3}
    settings["choices"]["assigned"]["mail"] = True
    kept = (await browser.put("/me/notifications", settings)).json()
    assert kept["settings"] == settings
    assert (await browser.get("/me/notifications")).json() == kept
    browser.be(world.ben)
    others = (await browser.get("/me/notifications")).json()
    assert others["settings"]["waiting_minutes"] == NotificationSettings().waiting_minutes
    assert others["push_key"] == found["push_key"]


@pytest.mark.parametrize(
    "change", [{"waiting_minutes": 0}, {"digest_minutes": 2_000}, {"repeat_sound": "yes"}, {"agent_id": "x"}]
)
async def test_what_makes_no_sense_is_refused(world: World, browser: Browser, change: dict[str, object]) -> None:
    browser.be(world.ada)
    settings = (await browser.get("/me/notifications")).json()["settings"]
    assert (await browser.put("/me/notifications", {**settings, **change})).status_code in (400, 422)
    assert (await browser.get("/me/notifications")).json()["settings"] == settings


async def test_browsers_subscribe_try_and_leave(world: World, browser: Browser, service: PushService) -> None:
    browser.be(world.ada)
    assert (await browser.post("/me/notifications/test", {"way": "push"})).json()["code"] == "no-device"
    device = service.device("ada")
    for _ in range(2):
        state = await browser.post("/me/notifications/devices", device.subscription)
        assert [each["current"] for each in state.json()["devices"]] == [True]
    tested = (await browser.post("/me/notifications/test", {"way": "push"})).json()
    assert tested == {"sent": 1, "reason": ""}
    assert device.pushes[0]["title"] == "Test notification"
    device_id = state.json()["devices"][0]["id"]
    browser.be(world.ben)
    assert (await browser.delete(f"/me/notifications/devices/{device_id}")).status_code == 404
    assert (await browser.get("/me/notifications/log")).json()["items"] == []
    browser.be(world.ada)
    (line,) = (await browser.get("/me/notifications/log")).json()["items"]
    assert (line["event"], line["way"], line["state"]) == ("test", "push", "sent")
    assert (await browser.delete(f"/me/notifications/devices/{device_id}")).json()["devices"] == []


async def test_endpoints_inside_and_keys_that_are_none_are_refused(
    world: World, browser: Browser, service: PushService
) -> None:
    browser.be(world.ada)
    good = service.device("ada").subscription
    for wrong, code in (
        ({"endpoint": "https://10.0.0.1/push"}, "address-not-allowed"),
        ({"endpoint": "https://[::ffff:169.254.169.254]/push"}, "address-not-allowed"),
        ({"endpoint": "ftp://push.example/x"}, "url-malformed"),
        ({"p256dh": "AAAA"}, "subscription-malformed"),
        ({"p256dh": "B" * 87}, "subscription-malformed"),
        ({"auth": "AAAA"}, "subscription-malformed"),
    ):
        answer = await browser.post("/me/notifications/devices", {**good, **wrong})
        assert (answer.status_code, answer.json()["code"]) == (422, code), wrong
    for number in range(20):
        assert (
            await browser.post("/me/notifications/devices", service.device(f"n{number}").subscription)
        ).status_code == 200
    assert (await browser.post("/me/notifications/devices", good)).json()["code"] == "too-many-devices"


async def test_mail_is_tried_by_everybody_for_themselves(world: World, browser: Browser, mailbox: Mailbox) -> None:
    browser.be(world.ada)
    assert (await browser.post("/me/notifications/test", {"way": "mail"})).json() == {"sent": 1, "reason": ""}
    assert len(mailbox.to("ada@shop.test")) == 1


async def test_a_running_server_pushes_by_itself(world: World, browser: Browser, service: PushService) -> None:
    device = service.device("ada")
    await go_online(world, world.ada)
    browser.be(world.ada)
    await browser.post("/me/notifications/devices", device.subscription)
    body = {"client_id": "0198a5f0-0000-7000-8000-000000000001", "text": "Is anybody there?"}
    visitor = {"authorization": f"Bearer {world.vera.token}"}
    await browser.call("POST", "/widget/conversation/messages", json=body, headers=visitor)
    await until(lambda: "New message" in [each["title"] for each in device.pushes], seconds=60)
