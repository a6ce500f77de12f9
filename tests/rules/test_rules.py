"""Rules are written, ordered, switched, taken along as files, and tried, by who may."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from alongside.domains.rules import queries
from tests.world import Browser, World

HOLDS: dict[str, Any] = {"kind": "group", "of": [{"kind": "agent_online"}]}
TARGET: dict[str, Any] = {"kind": "sla", "first_seconds": 60}


def written(name: str = "Quick", **more: Any) -> dict[str, Any]:
    return {"name": name, "conditions": HOLDS, "body": TARGET} | more


@pytest.fixture
async def sol(world: World, browser: Browser) -> Browser:
    return browser.be(world.sol)


async def make(sol: Browser, name: str = "Quick", **more: Any) -> dict[str, Any]:
    answer = await sol.post("/rules/sla", written(name, **more))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def names(sol: Browser) -> list[str]:
    return [each["name"] for each in (await sol.get("/rules/sla")).json()["rules"]]


async def test_made_changed_switched_deleted(world: World, sol: Browser) -> None:
    made = await make(sol, "  Quick  answers ")
    assert (made["name"], made["state"], made["position"], made["version"]) == ("Quick answers", "draft", 1, 1)
    place = f"/rules/sla/{made['id']}"
    changed = (await sol.put(place, written("Quicker", version=1))).json()
    assert (changed["name"], changed["version"]) == ("Quicker", 2)
    assert (await sol.put(f"{place}/state", {"state": "on"})).json()["state"] == "on"
    async with world.database.reading() as reading:
        assert [each.name for each in await queries.active(reading, "sla")] == ["Quicker"]
    assert (await sol.get(place)).json()["version"] == 3
    assert (await sol.delete(place)).status_code == 204
    assert (await sol.get(place)).status_code == 404


async def test_a_colleagues_change_is_not_written_over(sol: Browser) -> None:
    made = await make(sol)
    place = f"/rules/sla/{made['id']}"
    assert (await sol.put(place, written("Theirs", version=1))).status_code == 200
    late = await sol.put(place, written("Mine", version=1))
    assert (late.status_code, late.json()["code"]) == (409, "rule-changed")
    assert (await sol.get(place)).json()["name"] == "Theirs"


async def test_order_is_of_all_rules(sol: Browser) -> None:
    ids = [(await make(sol, name))["id"] for name in ("one", "two", "three")]
    assert (await sol.put("/rules/sla/order", {"ids": ids[::-1]})).status_code == 204
    assert await names(sol) == ["three", "two", "one"]
    assert (await sol.put("/rules/sla/order", {"ids": ids[:2]})).status_code == 409
    assert (await sol.put("/rules/sla/order", {"ids": [*ids[:2], ids[0]]})).status_code == 409
    assert await names(sol) == ["three", "two", "one"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (written(" "), "rule-name-malformed"),
        (written(body={"kind": "action"}), "other-kind"),
        (written(state="on", body={"kind": "sla"}), "rule-unfinished"),
        (written(state="on", body=TARGET | {"team_id": str(uuid4())}), "rule-names-nothing"),
        (written(state="on", conditions={"kind": "group", "of": [{"kind": "leaving"}]}), "not-known-here"),
        (written(conditions={"kind": "group", "of": [{"kind": "weather"}]}), "invalid"),
    ],
)
async def test_what_could_not_act_is_refused_and_said(sol: Browser, body: dict[str, Any], code: str) -> None:
    answer = await sol.post("/rules/sla", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert await names(sol) == []


async def test_a_draft_may_be_unfinished(sol: Browser) -> None:
    made = await make(sol, body={"kind": "sla"}, conditions={"kind": "group", "of": [{"kind": "leaving"}]})
    problems = (await sol.get("/rules/sla")).json()["problems"]
    assert problems == {made["id"]: [{"path": [0], "code": "not-known-here", "detail": ""}]}
    assert (await sol.put(f"/rules/sla/{made['id']}/state", {"state": "on"})).status_code == 422


async def test_a_route_names_one_of_three(sol: Browser) -> None:
    def routing(**target: Any) -> dict[str, Any]:
        body = {"kind": "routing", "actions": [{"kind": "route", **target}]}
        return {"name": "To sales", "state": "on", "conditions": HOLDS, "body": body}

    assert (await sol.post("/rules/routing", routing(tag="sales"))).status_code == 201
    for target in ({}, {"tag": "sales", "team_id": str(uuid4())}):
        assert (await sol.post("/rules/routing", routing(**target))).json()["code"] == "rule-unfinished"


async def test_a_file_brings_rules_elsewhere_as_drafts(sol: Browser) -> None:
    await make(sol, "one", state="on")
    await make(sol, "two")
    file = await sol.get("/rules/sla/file")
    assert "sla-rules.json" in file.headers["content-disposition"]
    assert (await sol.post("/rules/sla/file", file.json())).json() == {"added": 2}
    rules = (await sol.get("/rules/sla")).json()["rules"]
    assert [(each["name"], each["state"]) for each in rules] == [
        ("one", "on"),
        ("two", "draft"),
        ("one", "draft"),
        ("two", "draft"),
    ]
    assert (await sol.post("/rules/routing/file", file.json())).json()["code"] == "other-kind"
    assert (await sol.post("/rules/sla/file", {"rules": "all"})).status_code == 422


async def test_conditions_are_tried_by_given_facts_and_by_a_conversation(world: World, sol: Browser) -> None:
    channel = {"kind": "channel", "channel_ids": [str(world.site.id)]}
    asked = {"conditions": {"kind": "group", "of": [channel, {"kind": "messages", "count": 1}]}}
    unknown = (await sol.post("/rules/try", asked)).json()
    assert unknown["verdict"]["holds"] is None
    known = (await sol.post("/rules/try", asked | {"conversation_id": str(world.conversation_id)})).json()
    assert [each["holds"] for each in known["verdict"]["of"]] == [True, True]
    assert known["facts"]["hours"] and known["facts"]["agents"]
    given = asked | {"conversation_id": str(world.conversation_id), "facts": {"messages": 0}}
    assert [each["holds"] for each in (await sol.post("/rules/try", given)).json()["verdict"]["of"]] == [True, False]
    gone = await sol.post("/rules/try", asked | {"conversation_id": str(uuid4())})
    assert gone.status_code == 404


async def test_who_may_not_manage_rules_sees_none(world: World, browser: Browser) -> None:
    ada = browser.be(world.ada)
    assert (await ada.get("/rules/sla")).status_code == 403
    assert (await ada.post("/rules/sla", written())).status_code == 403
