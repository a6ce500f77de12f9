"""A set of a hundred rules, judged on the server and in a browser's engine, each beside the same comparisons by hand.

No rule is decided by its first condition: the worst case, and the one that a busy site comes near.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Callable
from typing import Any

import msgspec

from alongside.domains.conditions import logic
from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.conditions.schemas import AgentsNow, Facts
from tools.paths import ROOT

RULES = 100
FACTS = Facts(
    page_url="https://shop.example/Outdoor/Boots?size=42&colour=green",
    agents=AgentsNow(4, 2),
    country="DE",
    identified=False,
    site_visits=3,
)
PARTS = ("boots", "outdoor", "size=42", "shop.example", "colour")
COUNTRIES = ("AT", "CH", "DE", "FR", "NL", "PL")

# What a rule looks for: a part of the address, countries, a number of visits.
Plain = tuple[str, list[str], int]


class Judged(msgspec.Struct, frozen=True):
    """Microseconds for the whole set: by the conditions, and by plain code."""

    language: str
    judged: float
    plain: float
    matched: int


def measure(rounds: int) -> list[Judged]:
    """The least of some rounds in each language."""
    chance = random.Random(7)  # noqa: S311 - the same rules every time
    plain = [(chance.choice(PARTS), chance.sample(COUNTRIES, 3), chance.randint(1, 5)) for _ in range(RULES)]
    return [_on_the_server(plain, rounds), _in_the_browser(plain, rounds)]


def _on_the_server(plain: list[Plain], rounds: int) -> Judged:
    rules = [msgspec.convert(_rule(each), ConditionGroup) for each in plain]

    def judge() -> int:
        return sum(logic.evaluate(rule, FACTS) is True for rule in rules)

    return Judged(
        "Python, on the server",
        judged=_least(rounds, judge),
        plain=_least(rounds, lambda: sum(_plainly(each, FACTS) for each in plain)),
        matched=judge(),
    )


def _in_the_browser(plain: list[Plain], rounds: int) -> Judged:
    node = shutil.which("node")
    assert node, "Node.js is missing: run bin/check once, which installs it."
    asked = {"rules": [_rule(each) for each in plain], "plain": plain, "facts": FACTS, "rounds": rounds}
    command = [node, str(ROOT / "web" / "scripts" / "judge.mjs"), "--time"]
    done = subprocess.run(command, input=msgspec.json.encode(asked), check=True, capture_output=True)
    return Judged("TypeScript, in V8", **msgspec.json.decode(done.stdout))


def _rule(plain: Plain) -> dict[str, Any]:
    part, countries, count = plain
    whose = [_node("country", countries=countries), _node("identified")]
    of = [
        _node("url", page="current", compare="contains", value=part),
        _node("agent_available"),
        _node("group", match="any", of=whose),
        _node("visits", of="site", compare="at_least", count=count),
    ]
    return _node("group", match="all", of=of)


def _node(kind: str, **parts: object) -> dict[str, Any]:
    return {"kind": kind, "negate": False, **parts}


def _plainly(plain: Plain, facts: Facts) -> bool:
    part, countries, count = plain
    assert facts.page_url is not None
    assert facts.agents is not None
    assert facts.site_visits is not None
    return (
        part in facts.page_url.lower()
        and facts.agents.available > 0
        and (facts.country in countries or bool(facts.identified))
        and facts.site_visits >= count
    )


def _least(rounds: int, act: Callable[[], object]) -> float:
    """What else the machine does makes a round longer, never shorter."""
    least = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        act()
        least = min(least, time.perf_counter() - begin)
    return least * 1_000_000
