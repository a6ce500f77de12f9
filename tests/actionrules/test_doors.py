"""What pages are told of action rules, what is done for their visitors, and what is refused."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import uuid4

import pytest

from tests.harness.standing import stop_refilling
from tests.world import Browser, World

ALWAYS: dict[str, Any] = {"kind": "group", "of": []}


def group(*of: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "group", "of": list(of)}


def body(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"kind": "action", "actions": list(actions)} | more


class Admin:
    """Sol, who writes rules, and what a page then hears of them."""

    def __init__(self, world: World, browser: Browser) -> None:
        self.world, self.browser = world, browser
        self.path = f"/widget/channels/{world.site.key}/rules"

    async def rule(self, *actions: dict[str, Any], conditions: dict[str, Any] = ALWAYS, **more: Any) -> str:
        state = more.pop("state", "on")
        wanted = {"name": "A secret name", "state": state, "conditions": conditions, "body": body(*actions, **more)}
        answer = await self.browser.be(self.world.sol).post("/rules/action", wanted)
        assert answer.status_code == 201, answer.text
        made: str = answer.json()["id"]
        return made

    async def told(self) -> list[dict[str, Any]]:
        rules: list[dict[str, Any]] = (await self.browser.get(self.path)).json()["rules"]
        return rules

    async def facts(self, token: str = "") -> dict[str, Any]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        answer = await self.browser.call("GET", f"{self.path}/facts", headers=headers)
        found: dict[str, Any] = answer.json()
        return found

    async def deed(self, rule: str, occasion: str = "", token: str = "") -> tuple[int, dict[str, Any]]:
        answer = await self.browser.call(
            "POST",
            f"/widget/rules/{rule}/deed",
            json={"occasion": occasion or str(uuid4()), "languages": ["de-AT"]},
            headers={"authorization": f"Bearer {token or self.world.vera.token}"},
        )
        return answer.status_code, answer.json()

    async def matches(self, rule: str) -> dict[str, Any]:
        found: dict[str, Any] = (await self.browser.be(self.world.sol).get(f"/rules/action/{rule}/matches")).json()
        return found

    async def log(self) -> list[tuple[str, str | None]]:
        async with self.world.database.reading() as reading:
            rows = await reading.rows(
                "SELECT author_kind, text FROM entry WHERE conversation_id = $1 ORDER BY seq",
                self.world.conversation_id,
            )
        return [(row["author_kind"], row["text"]) for row in rows]


@pytest.fixture
async def admin(world: World, browser: Browser) -> Admin:
    return Admin(world, browser)


async def label(admin: Admin, name: str = "VIP") -> str:
    made: str = (await admin.browser.be(admin.world.sol).post("/labels", {"name": name, "colour": "red"})).json()["id"]
    return made


async def test_a_page_is_told_in_order_what_acts_on_its_channel(admin: Admin) -> None:
    look = f"/widget/channels/{admin.world.site.key}"
    assert (await admin.browser.get(look)).json()["gate"] is None, "without rules a page pays nothing"
    hide = await admin.rule({"kind": "hide"})
    await admin.rule({"kind": "show"}, state="draft")
    await admin.rule({"kind": "show"}, channel_ids=[str(await other_channel(admin))])
    show = await admin.rule(
        {"kind": "show"},
        {"kind": "event", "name": "shown"},
        conditions=group({"kind": "event", "name": "basket", "title": "Basket"}),
        often="visit",
    )
    first, second = await admin.told()
    assert [first["id"], second["id"]] == [hide, show]
    assert (first["does"], first["acts"]) == (["hide"], False)
    assert (second["does"], second["events"], second["titles"], second["often"]) == (
        ["show"],
        ["shown"],
        ["Basket"],
        "visit",
    )
    assert "secret" not in str([first, second])
    tag = (await admin.browser.get(look)).json()["gate"]["rules"]
    kept = await admin.browser.get(f"{admin.path}?tag={tag}")
    assert (kept.json()["tag"], kept.headers["cache-control"]) == (tag, "public, max-age=86400")
    assert (await admin.browser.get(f"{admin.path}?tag=older")).headers["cache-control"] == "no-cache"
    await admin.browser.be(admin.world.sol).put(f"/rules/action/{hide}/state", {"state": "off"})
    assert (await admin.browser.get(look)).json()["gate"]["rules"] != tag
    assert [rule["id"] for rule in await admin.told()] == [show]


async def other_channel(admin: Admin) -> str:
    made: str = (await admin.browser.be(admin.world.sol).post("/channels", {"name": "Elsewhere"})).json()["id"]
    return made


async def test_what_is_asked_of_a_person_is_told_as_yes_or_no(admin: Admin) -> None:
    vip = await label(admin)
    asked = group({"kind": "label", "label_id": vip}, {"kind": "identified", "negate": True}, {"kind": "leaving"})
    await admin.rule({"kind": "show"}, conditions=asked)
    (rule,) = await admin.told()
    assert vip not in str(rule)
    assert rule["conditions"]["of"] == [
        {"kind": "asked", "asked": 0, "negate": False},
        {"kind": "asked", "asked": 1, "negate": True},
        {"kind": "leaving", "negate": False},
    ]
    assert (await admin.facts())["asked"] == [False, False]
    contact = admin.world.vera.actor.contact_id
    await admin.browser.be(admin.world.sol).put(f"/contacts/{contact}/labels/{vip}")
    assert (await admin.facts(admin.world.vera.token))["asked"] == [True, False]
    assert (await admin.facts())["asked"] == [False, False], "without a token it is nobody"
    assert (await admin.facts("forged"))["asked"] == [False, False]


async def test_who_is_there_and_when_is_told_only_where_a_rule_asks(admin: Admin) -> None:
    await admin.rule({"kind": "hide"}, conditions=group({"kind": "leaving"}))
    plain = await admin.facts()
    assert (plain["agents"], plain["hours"]) == (None, {})
    await admin.rule({"kind": "hide"}, conditions=group({"kind": "all_offline"}, {"kind": "opening_hours"}))
    told = await admin.facts()
    assert set(told["agents"].values()) <= {0, 1}, "that there is somebody, not how many"
    assert set(told["hours"]) == {""}


async def test_the_server_says_labels_and_fills_in_once(admin: Admin) -> None:
    vip = await label(admin)
    before = await admin.log()
    rule = await admin.rule(
        {"kind": "message", "texts": {"en": "May we help?", "de": "Können wir helfen?"}},
        {"kind": "say", "agent_id": str(admin.world.ada.id), "texts": {"en": "I am here."}},
        {"kind": "label", "label_id": vip},
        often="visit",
    )
    visit = str(uuid4())
    answers = await asyncio.gather(*(admin.deed(rule, visit) for _ in range(5)))
    assert sorted(answer["done"] for _, answer in answers) == [False] * 4 + [True], "two tabs, one deed"
    assert (await admin.log())[len(before) :] == [("system", "Können wir helfen?"), ("system", "I am here.")]
    snapshot = await admin.browser.call(
        "GET", "/widget/conversation", headers={"authorization": f"Bearer {admin.world.vera.token}"}
    )
    first, second = snapshot.json()["messages"][-2:]
    assert (first["automatic"], first["person"]) == (True, None)
    assert (second["automatic"], second["person"]["display_name"]) == (False, "Ada")
    async with admin.world.database.reading() as reading:
        labels = await reading.value("SELECT label_ids FROM contact WHERE id = $1", admin.world.vera.actor.contact_id)
    assert [str(each) for each in labels] == [vip]
    assert (await admin.deed(rule))[1] == {"done": True, "waits": False}, "another visit"
    once = await admin.rule({"kind": "label", "label_id": vip}, often="visitor")
    assert [(await admin.deed(once))[1]["done"] for _ in range(2)] == [True, False]


async def test_a_field_is_filled_in_as_a_claim(admin: Admin) -> None:
    field = {"key": "source", "kind": "text", "label": {"en": "Source"}}
    answer = await admin.browser.be(admin.world.sol).post("/fields", field)
    assert answer.status_code == 201, answer.text
    rule = await admin.rule({"kind": "field", "field_id": answer.json()["id"], "value": "campaign"})
    assert (await admin.deed(rule))[1]["done"] is True
    async with admin.world.database.reading() as reading:
        row = await reading.row("SELECT value, claim FROM contact_field")
    assert row and (row["value"], row["claim"]) == (None, "campaign")


async def test_what_was_said_before_the_first_message_waits_for_it(admin: Admin) -> None:
    rule = await admin.rule({"kind": "message", "texts": {"de": "Hallo"}})
    started = await admin.browser.call("POST", "/widget/visitors", json={"channel": admin.world.site.key})
    token = started.json()["token"]
    assert (await admin.deed(rule, token=token))[1] == {"done": False, "waits": True}
    shown = (await admin.browser.get(f"{admin.path}/{rule}/texts")).json()["said"]
    assert shown == [{"texts": {"en": "Hallo", "de": "Hallo"}, "person": None}]
    headers = {"authorization": f"Bearer {token}"}
    sent = {"client_id": str(uuid4()), "text": "Hi"}
    await admin.browser.call("POST", "/widget/conversation/messages", json=sent, headers=headers)
    assert (await admin.deed(rule, token=token))[1] == {"done": True, "waits": False}
    log = await admin.browser.call("GET", "/widget/conversation", headers=headers)
    assert [each["text"] for each in log.json()["messages"]] == ["Hi", "Hallo"]


async def test_a_browsers_word_is_a_wish(admin: Admin) -> None:
    vip = await label(admin)
    does = {"kind": "label", "label_id": vip}
    elsewhere = await admin.rule(does, channel_ids=[str(await other_channel(admin))])
    draft = await admin.rule(does, state="draft")
    unfit = await admin.rule(does, conditions=group({"kind": "identified"}))
    fit = await admin.rule(does, conditions=group({"kind": "leaving"}))
    analytics = await admin.rule(does, type="analytics")
    for wrong in (elsewhere, draft, str(uuid4())):
        status, answer = await admin.deed(wrong)
        assert (status, answer["code"]) == (404, "no-such-rule")
        assert (await admin.browser.get(f"{admin.path}/{wrong}/texts")).status_code == 404
    status, answer = await admin.deed(unfit)
    assert (status, answer["code"]) == (409, "rule-does-not-hold")
    assert (await admin.browser.get(f"{admin.path}/{unfit}/texts")).status_code == 409
    await admin.deed(analytics)
    async with admin.world.database.reading() as reading:
        assert await reading.value("SELECT count(*) FROM contact WHERE cardinality(label_ids) > 0") == 0
    assert (await admin.deed(fit))[1]["done"] is True, "only the browser knows whether they leave"
    anybody = await admin.browser.call("POST", f"/widget/rules/{fit}/deed", json={"occasion": str(uuid4())})
    assert anybody.status_code == 401


async def test_matches_are_counted_by_day_and_a_flood_is_not(admin: Admin, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_refilling(monkeypatch)
    rule = await admin.rule({"kind": "hide"})
    other = await admin.rule({"kind": "show"}, channel_ids=[str(await other_channel(admin))])
    tally = {"rules": [rule, rule, other, str(uuid4())]}
    for _ in range(2):
        answer = await admin.browser.call("POST", f"{admin.path}/matches", json=tally)
        assert answer.status_code == 204
    found = await admin.matches(rule)
    days = [day["matches"] for day in found["days"]]
    assert (found["total"], days) in ((2, [2]), (2, [1, 1])), "a day may have begun in between"
    assert found["today"] in (days[0], 0)
    assert (await admin.matches(other))["total"] == 0
    listed = (await admin.browser.be(admin.world.sol).get("/rules/action/matches")).json()["rules"]
    assert [(each["rule_id"], each["total"]) for each in listed] == [(rule, 2), (other, 0)]
    for bad in ({}, {"rules": []}, {"rules": ["x"]}, {"rules": [str(uuid4())] * 101}):
        answer = await admin.browser.call("POST", f"{admin.path}/matches", json=bad)
        assert (answer.status_code, answer.json()["code"]) == (422, "malformed")
    answers = [await admin.browser.call("POST", f"{admin.path}/matches", json=tally) for _ in range(80)]
    assert {answer.status_code for answer in answers} == {204, 429}
    deeds = [(await admin.deed(rule))[0] for _ in range(40)]
    assert 429 in deeds
    assert (await admin.browser.be(admin.world.ada).get("/rules/action/matches")).status_code == 403
    assert (await admin.browser.be(admin.world.sol).get("/rules/sla/matches")).status_code in (400, 404, 422)
