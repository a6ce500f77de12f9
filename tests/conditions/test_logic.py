"""Conditions are judged, explained, and looked through for what cannot be. Pure."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from alongside.domains.conditions import logic
from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.conditions.schemas import AgentsNow, Facts, Place, Verdict
from alongside.platform.errors import Invalid

ONLINE: dict[str, Any] = {"kind": "agent_online"}
OFFLINE: dict[str, Any] = {"kind": "all_offline"}
BUSY: dict[str, Any] = {"kind": "all_busy"}


def group(*of: dict[str, Any], match: str = "all", negate: bool = False) -> ConditionGroup:
    return msgspec.convert({"kind": "group", "match": match, "negate": negate, "of": list(of)}, ConditionGroup)


def url(compare: str, value: str, *, negate: bool = False) -> dict[str, Any]:
    return {"kind": "url", "compare": compare, "value": value, "negate": negate}


def codes(of: ConditionGroup, place: Place = "server") -> list[str]:
    return [each.code for each in logic.problems(of, place)]


def test_an_empty_rule_holds_always() -> None:
    assert logic.evaluate(group(), Facts()) is True
    assert logic.evaluate(group(match="any"), Facts()) is False
    assert codes(group()) == []


@pytest.mark.parametrize(
    ("agents", "holds"),
    [((0, 0), [False, True, False]), ((2, 0), [True, False, True]), ((2, 1), [True, False, False])],
)
def test_presence_of_agents(agents: tuple[int, int], holds: list[bool]) -> None:
    """Decision 3: all busy is nobody with room while somebody is online."""
    facts = Facts(agents=AgentsNow(*agents))
    assert [logic.evaluate(group(each), facts) for each in (ONLINE, OFFLINE, BUSY)] == holds


def test_what_is_not_known_neither_holds_nor_not() -> None:
    scrolled = {"kind": "scrolled", "percent": 50}
    assert logic.evaluate(group(scrolled), Facts()) is None
    assert logic.evaluate(group(scrolled | {"negate": True}), Facts()) is None
    here = Facts(agents=AgentsNow(1, 1))
    assert logic.evaluate(group(scrolled, OFFLINE), here) is False
    assert logic.evaluate(group(scrolled, ONLINE, match="any"), here) is True
    assert logic.evaluate(group(scrolled, OFFLINE, match="any"), here) is None


def test_each_condition_says_what_it_came_to() -> None:
    tree = group(ONLINE | {"negate": True}, {"kind": "group", "match": "any", "of": [OFFLINE, {"kind": "leaving"}]})
    assert logic.explain(tree, Facts(agents=AgentsNow(1, 1))) == Verdict(
        "group",
        False,
        [
            Verdict("agent_online", False),
            Verdict("group", None, [Verdict("all_offline", False), Verdict("leaving", None)]),
        ],
    )


@pytest.mark.parametrize(
    "of",
    [
        (ONLINE, OFFLINE),
        (ONLINE, ONLINE | {"negate": True}),
        (url("equals", "https://a.example/"), url("contains", "cart")),
        (url("equals", "https://a.example/"), url("starts_with", "HTTPS://A", negate=True)),
        ({"kind": "opening_hours"}, {"kind": "opening_hours", "inside": False}),
        (
            {"kind": "current_time", "after": "09:00", "before": "12:00"},
            {"kind": "current_time", "after": "12:00", "before": "09:00"},
        ),
        ({"kind": "weekday", "days": [0, 1]}, {"kind": "weekday", "days": [5]}),
        ({"kind": "visits", "compare": "at_least", "count": 3}, {"kind": "visits", "compare": "at_most", "count": 2}),
        ({"kind": "country", "countries": ["DE"]}, {"kind": "country", "countries": ["DE"], "negate": True}),
        ({"kind": "country", "countries": ["DE"]}, {"kind": "country", "countries": ["AT", "CH"]}),
        ({"kind": "waiting", "seconds": 60}, {"kind": "waiting", "seconds": 30, "negate": True}),
        (BUSY, {"kind": "group", "match": "any", "of": [OFFLINE, {"kind": "agent_available"}]}),
    ],
)
def test_rules_that_can_never_match(of: tuple[dict[str, Any], ...]) -> None:
    assert codes(group(*of)) == ["never-matches"]
    assert codes(group(*of, negate=True)) == ["always-matches"]


@pytest.mark.parametrize(
    "of",
    [
        (url("starts_with", "https://a"), url("contains", "cart")),
        (url("equals", "https://a.example/cart"), url("contains", "cart")),
        (url("equals", "https://a/"), {"kind": "url", "page": "start", "compare": "equals", "value": "https://b/"}),
        (ONLINE, BUSY),
        ({"kind": "country", "countries": ["DE", "AT"]}, {"kind": "country", "countries": ["AT", "CH"]}),
        ({"kind": "weekday", "days": [0], "zone": "Asia/Tokyo"}, {"kind": "weekday", "days": [6]}),
        (
            {"kind": "messages", "compare": "at_least", "count": 2},
            {"kind": "messages", "compare": "at_most", "count": 2},
        ),
    ],
)
def test_rules_that_can_match_and_need_not(of: tuple[dict[str, Any], ...]) -> None:
    assert codes(group(*of)) == []


def test_a_contradiction_within_is_said_where_it_is() -> None:
    never = {"kind": "group", "of": [ONLINE, OFFLINE]}
    assert logic.problems(group(ONLINE, never, match="any"), "server")[0].path == [1]
    assert codes(group(ONLINE, never, match="any")) == ["contradiction"]


@pytest.mark.parametrize(
    ("condition", "place", "code"),
    [
        (url("pattern", "(("), "server", "bad-pattern"),
        (url("pattern", r"(a)\1"), "server", "bad-pattern"),
        (url("contains", ""), "server", "empty-value"),
        ({"kind": "leaving"}, "server", "not-known-here"),
        ({"kind": "waiting", "seconds": 5}, "browser", "not-known-here"),
        ({"kind": "weekday", "days": [0], "zone": "Moon/Sea"}, "server", "no-such-zone"),
    ],
)
def test_flaws_of_single_conditions(condition: dict[str, Any], place: Place, code: str) -> None:
    assert codes(group(condition), place) == [code]


def test_a_pattern_takes_no_longer_for_being_clever() -> None:
    """A pattern that backtracks for ever elsewhere."""
    assert logic.evaluate(group(url("pattern", "(a+)+$")), Facts(page_url="a" * 5_000 + "b")) is False


def test_too_many_and_too_deep_are_refused() -> None:
    deep = group({"kind": "group", "of": [{"kind": "group", "of": [{"kind": "group", "of": [ONLINE]}]}]})
    with pytest.raises(Invalid, match="at most 50 conditions"):
        logic.refuse(deep)
    with pytest.raises(Invalid, match="at most 50 conditions"):
        logic.refuse(group(*[ONLINE] * 50))


def test_ways_without_end_are_not_searched() -> None:
    either = {"kind": "group", "match": "any", "of": [url("contains", each) for each in "abcd"]}
    assert codes(group(*[either] * 6)) == []
