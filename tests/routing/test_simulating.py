"""What other rules would have done, by what was so then."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from alongside.domains.routing import actions
from alongside.domains.routing.schemas import REPLAYABLE_DAYS
from alongside.kit.time import now
from tests.routing.desk import ALWAYS, begin, close, come, decide, holder, make_rule, switch, team_of
from tests.world import Browser, World


def to(agent: object, *, state: str = "on", **condition: Any) -> dict[str, Any]:
    conditions = {"kind": "group", "of": [{"kind": "message", **condition}]} if condition else ALWAYS
    action = {"kind": "route", "agent_id": str(agent)}
    return {"name": "Other", "state": state, "conditions": conditions, "body": {"kind": "routing", "actions": [action]}}


async def test_a_day_by_the_same_rules_comes_to_the_same(world: World, browser: Browser) -> None:
    team = await team_of(world, world.ada, world.ben)
    await make_rule(world, {"kind": "route", "team_id": team}, {"kind": "queue", "team_id": team})
    await come(world, world.ada, world.ben, limit=2)
    for number in range(7):
        asked = await begin(world, f"number {number}")
        await decide(world)
        if number == 2:
            await close(world, world.ada, asked)
            await decide(world)
    browser.be(world.sol)
    for body in ({}, {"day": now().date().isoformat()}, {"last": 7, "with_drafts": True}):
        told = (await browser.post("/routing/simulate", body)).json()
        assert (told["changed"], len(told["replayed"]), told["cut"]) == (0, 7, False), told
    assert sum(each["was"] for each in told["shares"]) == 5
    assert (await browser.post("/routing/simulate", {"last": 3})).json()["cut"] is True
    before = (now() - timedelta(days=2)).date().isoformat()
    assert (await browser.post("/routing/simulate", {"day": before})).json()["replayed"] == []


async def test_what_a_decision_rested_on_is_forgotten_its_reasons_are_not(world: World, browser: Browser) -> None:
    await make_rule(world, {"kind": "route", "agent_id": str(world.ada.id)})
    await come(world, world.ada)
    asked = [await begin(world, text) for text in ("long ago", "lately", "now")]
    await decide(world)
    async with world.database.work() as work:
        for each, days in zip(asked, (REPLAYABLE_DAYS + 2, REPLAYABLE_DAYS - 2, 0), strict=True):
            await work.run(
                "UPDATE routing_decision SET at = at - make_interval(days => $2) WHERE conversation_id = $1", each, days
            )
    for left in (1, 0):
        async with world.database.work() as work:
            assert await actions.forget_agents(work) == left
    browser.be(world.sol)
    told = (await browser.post("/routing/simulate", {})).json()
    assert [each["conversation_id"] for each in told["replayed"]] == [str(each) for each in asked[1:]]
    history = (await browser.get(f"/conversations/{asked[0]}/routing")).json()
    assert history["decisions"][0]["steps"][0]["considered"][0]["agent_id"] == str(world.ada.id)
    refused = await browser.post("/routing/simulate", {"day": "2020-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (422, "day-too-old")


async def test_other_rules_and_drafts_show_who_would_have_got_what(world: World, browser: Browser) -> None:
    rule = await make_rule(world, {"kind": "route", "agent_id": str(world.ada.id)})
    await come(world, world.ada, world.ben, limit=2)
    asked = [await begin(world, text) for text in ("french please", "hello", "french too", "french again")]
    await decide(world)
    assert [await holder(world, each) for each in asked] == [world.ada.id, world.ada.id, None, None]
    browser.be(world.sol)
    french = to(world.ben.id, compare="contains", value="french")
    told = (await browser.post("/routing/simulate", {"rules": [french, to(world.ada.id)]})).json()
    assert [each["now"]["agent_id"] for each in told["replayed"]] == [
        str(world.ben.id),
        str(world.ada.id),
        # Ben would have had one already; then he is full, as the first two would still be with him.
        str(world.ben.id),
        None,
    ]
    assert [each["was"]["outcome"] for each in told["replayed"]] == ["agent", "agent", "nobody", "nobody"]
    assert told["changed"] == 2
    shares = {each["agent_id"]: (each["was"], each["now"]) for each in told["shares"]}
    assert shares == {str(world.ada.id): (2, 1), str(world.ben.id): (0, 2)}
    assert told["outcomes"] == [
        {"outcome": "agent", "was": 2, "now": 3},
        {"outcome": "nobody", "was": 2, "now": 1},
    ]
    # A draft acts in the simulation alone.
    await switch(world, rule, "draft")
    assert (await browser.post("/routing/simulate", {})).json()["changed"] == 4
    assert (await browser.post("/routing/simulate", {"with_drafts": True})).json()["changed"] == 0


async def test_who_may_not_manage_rules_simulates_nothing(world: World, browser: Browser) -> None:
    assert (await browser.be(world.ada).post("/routing/simulate", {})).status_code == 403
    browser.be(world.sol)
    unfinished = to(world.ada.id) | {"body": {"kind": "routing", "actions": [{"kind": "route"}]}}
    refused = await browser.post("/routing/simulate", {"rules": [unfinished]})
    assert (refused.status_code, refused.json()["code"]) == (422, "rule-unfinished")
    assert (await browser.post("/routing/simulate", {"last": 100_000})).status_code in (400, 422)


async def test_of_conversations_that_one_may_not_see_only_sums_are_told(world: World, browser: Browser) -> None:
    await make_rule(world, {"kind": "route", "agent_id": str(world.ben.id), "state": "any"})
    await begin(world)
    await decide(world)
    async with world.database.work() as work:
        await work.run(
            "UPDATE role SET sees = 'own', permissions = permissions || ARRAY['rules.manage'] WHERE name = 'Agent'"
        )
    told = (await browser.be(world.ada).post("/routing/simulate", {})).json()
    assert (told["replayed"], told["hidden"]) == ([], 1)
    assert told["shares"] == [{"agent_id": str(world.ben.id), "was": 1, "now": 1}]
    assert told["outcomes"] == [{"outcome": "agent", "was": 1, "now": 1}]
