"""Any conditions, by any facts, come to the same on the server and in a browser."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from alongside.domains.conditions import logic
from alongside.domains.conditions.kinds import KINDS
from alongside.domains.conditions.node_schemas import ConditionGroup
from alongside.domains.conditions.schemas import Facts
from tools.paths import ROOT

Node = some.SearchStrategy[dict[str, Any]]

# Few of each, so that conditions and facts often speak of the same.
IDS = some.sampled_from([str(UUID(int=number)) for number in (1, 2, 3)])
LETTERS = some.text(alphabet="aAbBßẞσςΣİıéÉ😀/?&=+%.5- ", max_size=6)
ADDRESSES = some.builds(
    "https://a.example/{}?{}={}#{}".format, LETTERS, some.sampled_from(["utm", "x"]), LETTERS, LETTERS
)
PATTERNS = some.sampled_from(
    ["^a", "b$", "(a|ß)+", "[a-é]", "\\d", "(?-i)A", ".", "", "(", "σ", "\\bb", "a{2}", "(?i)é", "😀"]
)
NUMBERS = some.integers(0, 4)
ZONES = some.sampled_from(["", "UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu", "Mars/Olympus"])
TEXTS = ["equals", "contains", "starts_with"]
MOMENTS = some.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=some.just(UTC))
MINUTES = some.builds("{:02}:{:02}".format, some.integers(0, 23), some.sampled_from([0, 15, 30, 59]))
COUNTRIES, LANGUAGES = some.sampled_from(["DE", "AT", "FR"]), some.sampled_from(["de", "de-AT", "DE-at", "den", "en"])
DEVICES = some.sampled_from(["desktop", "tablet", "mobile"])


def of(kind: str, **parts: some.SearchStrategy[Any]) -> Node:
    return some.fixed_dictionaries({"kind": some.just(kind), "negate": some.booleans(), **parts})


def text(kind: str, *more: str, **parts: some.SearchStrategy[Any]) -> Node:
    plain = of(kind, compare=some.sampled_from([*TEXTS, *more]), value=LETTERS | ADDRESSES, **parts)
    return plain | of(kind, compare=some.just("pattern"), value=PATTERNS, **parts)


def several(one: some.SearchStrategy[Any]) -> some.SearchStrategy[list[Any]]:
    return some.lists(one, min_size=1, max_size=3)


COUNT = {"compare": some.sampled_from(["at_least", "at_most", "exactly"]), "count": NUMBERS}
CONDITIONS: dict[str, Node] = {
    **{
        kind: of(kind)
        for kind in ("agent_online", "all_offline", "all_busy", "agent_available", "leaving", "identified")
    },
    "opening_hours": of("opening_hours", hours_id=some.none() | IDS, inside=some.booleans()),
    "current_time": of("current_time", after=MINUTES, before=MINUTES, zone=ZONES),
    "weekday": of("weekday", days=several(some.integers(0, 6)), zone=ZONES),
    "url": text("url", page=some.sampled_from(["start", "current"])),
    "campaign": text("campaign", parameter=some.sampled_from(["utm", "x", "none"])),
    **{kind: text(kind) for kind in ("referrer", "city")},
    "seconds_on_page": of("seconds_on_page", seconds=NUMBERS),
    "scrolled": of("scrolled", percent=some.integers(1, 4)),
    "waiting": of("waiting", seconds=some.integers(1, 4)),
    "visits": of("visits", of=some.sampled_from(["site", "page"]), **COUNT),
    "messages": of("messages", **COUNT),
    "event": of("event", name=some.sampled_from(["a", "A", "b"]), title=some.just("")),
    "message": text("message", "any"),
    "label": of("label", label_id=IDS),
    "external_id": of("external_id", value=some.sampled_from(["", "a", "A"])),
    "country": of("country", countries=several(COUNTRIES)),
    "language": of("language", languages=several(LANGUAGES)),
    "device": of("device", devices=several(DEVICES)),
    "field": text("field", "known", "at_least", "at_most", field_id=IDS),
    "channel": of("channel", channel_ids=several(IDS)),
}
LEAVES = some.one_of(*CONDITIONS.values())
NODES = some.recursive(
    LEAVES, lambda nodes: of("group", match=some.sampled_from(["all", "any"]), of=some.lists(nodes, max_size=4))
)
TREES = of("group", match=some.sampled_from(["all", "any"]), of=some.lists(NODES, max_size=4))

FLOATS = some.floats(0, 5) | some.sampled_from([1.5e-9, 1e21, 123456789.5]) | NUMBERS.map(float)
FIELDS = LETTERS | FLOATS | some.booleans() | some.lists(LETTERS, max_size=2)
FACTS = some.fixed_dictionaries(
    {},
    optional={
        "at": MOMENTS.map(datetime.isoformat),
        "zone": ZONES,
        "agents": some.fixed_dictionaries({"online": NUMBERS, "available": NUMBERS}),
        "hours": some.dictionaries(some.just("") | IDS, some.booleans()),
        **dict.fromkeys(("start_url", "page_url"), ADDRESSES),
        **dict.fromkeys(("referrer", "city", "message"), LETTERS),
        **dict.fromkeys(("seconds_on_page", "scrolled", "waiting_seconds"), FLOATS),
        **dict.fromkeys(("site_visits", "page_visits", "messages"), NUMBERS),
        **dict.fromkeys(("leaving", "identified"), some.booleans()),
        "label_ids": some.lists(IDS),
        "external_ids": some.lists(some.sampled_from(["a", "A"])),
        "country": some.just("") | COUNTRIES,
        "language": some.just("") | LANGUAGES,
        "device": some.just("") | DEVICES,
        "fields": some.dictionaries(IDS, FIELDS),
        "events": some.lists(some.sampled_from(["a", "b"])),
        "channel_id": IDS,
    },
)


class InBrowser:
    """The browser's code, in one process for all examples."""

    def __init__(self) -> None:
        node = shutil.which("node")
        assert node, "Node.js is missing: run bin/check once, which installs it."
        command = [node, str(ROOT / "web" / "scripts" / "judge.mjs")]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def judge(self, tree: dict[str, Any], facts: dict[str, Any]) -> bool | None:
        """What the tree comes to there."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(msgspec.json.encode({"node": tree, "facts": facts}) + b"\n")
        self._process.stdin.flush()
        answer: bool | None = msgspec.json.decode(self._process.stdout.readline())
        return answer

    def end(self) -> None:
        """Stop the process."""
        self._process.communicate()


@pytest.fixture(scope="module")
def in_browser() -> Iterator[InBrowser]:
    """The browser's judge."""
    judge = InBrowser()
    yield judge
    judge.end()


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=TREES, facts=FACTS)
def test_both_languages_come_to_the_same(in_browser: InBrowser, tree: dict[str, Any], facts: dict[str, Any]) -> None:
    here = logic.evaluate(
        msgspec.convert(tree, ConditionGroup), msgspec.json.decode(msgspec.json.encode(facts), type=Facts)
    )
    assert in_browser.judge(tree, facts) is here


def test_every_kind_is_among_them() -> None:
    assert CONDITIONS.keys() == {str(kind.__struct_config__.tag) for kind in KINDS}
