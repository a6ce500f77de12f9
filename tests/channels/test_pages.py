"""On which pages a widget shows: the same answers as in the browser (web/apps/widget/test/pages.test.ts)."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.domains.channels.availability_schemas import PageTried
from alongside.domains.channels.pages import decide, matches, patterns
from alongside.platform.errors import Invalid
from tests.world import Browser, World

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("page_patterns.json").read_text())


@pytest.mark.parametrize(("written", "kept"), VECTORS["written"])
def test_a_pattern_is_kept_as_addresses_are_written(written: str, kept: str) -> None:
    assert patterns([written], "show_on") == [kept]
    assert patterns([kept], "show_on") == [kept]


@pytest.mark.parametrize("number", range(len(VECTORS["malformed"])))
def test_what_is_no_pattern_is_refused_with_its_line(number: int) -> None:
    with pytest.raises(Invalid) as refused:
        patterns(["/fine", "", VECTORS["malformed"][number]], "hide_on")
    assert refused.value.details == {"field": "hide_on", "line": 3}


@pytest.mark.parametrize(("pattern", "address", "means"), VECTORS["matches"])
def test_a_pattern_means_pages(pattern: str, address: str, means: bool) -> None:
    assert matches(pattern, address) is means


def test_empty_lines_and_doubles_go() -> None:
    assert patterns(["/a", " ", "/a/", "https:///a"], "show_on") == ["/a"]


@given(st.text(alphabet="a*/", max_size=40), st.text(alphabet="ab/", max_size=60))
def test_a_star_stands_for_anything(pattern: str, path: str) -> None:
    """Against the plainest definition there is: try every length of what each `*` stands for."""

    def slow(pieces: str, text: str) -> bool:
        if not pieces:
            return not text
        if pieces[0] == "*":
            return any(slow(pieces[1:].lstrip("*"), text[at:]) for at in range(len(text) + 1))
        return text[:1] == pieces[0] and slow(pieces[1:], text[1:])

    wanted, page = f"/x{pattern}x", f"/x{path}x"
    if pattern.count("*") < 4:
        assert matches(wanted, f"https://shop.example{page}") == slow(wanted, page)


def test_no_pattern_takes_long() -> None:
    began = time.process_time()
    assert not matches("/" + "*a" * 149, "https://shop.example/" + "a" * 1_900 + "b")
    assert time.process_time() - began < 1


@pytest.mark.parametrize(
    ("address", "decision"),
    [
        ("https://shop.example/help/a", (True, "show_on", 2)),
        ("shop.example/help/a", (True, "show_on", 2)),
        ("https://shop.example/help/secret", (False, "hide_on", 1)),
        ("https://shop.example/cart", (False, None, None)),
    ],
)
def test_the_line_that_decides_is_named(address: str, decision: tuple[bool, str | None, int | None]) -> None:
    tried = PageTried(address=address, show_on=["", "/help/*"], hide_on=["*/help/secret*"])
    found = decide(tried)
    assert (found.shown, found.list, found.line) == decision


def test_without_lists_it_shows_everywhere() -> None:
    assert decide(PageTried(address="https://shop.example/")).shown


@pytest.mark.parametrize("address", ["", "ftp://shop.example/", "https://", "not a page", "http://[::1"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Invalid) as refused:
        decide(PageTried(address=address))
    assert refused.value.details == {"field": "address"}


async def test_trying_a_page_over_http(world: World, browser: Browser) -> None:
    ada = browser.be(world.ada)
    answer = await ada.post("/channels/pages/try", {"address": "https://shop.example/a", "hide_on": ["/a"]})
    assert answer.json() == {"shown": False, "list": "hide_on", "line": 1}
    refused = await ada.post("/channels/pages/try", {"address": "https://shop.example/a", "hide_on": ["", "a b"]})
    assert (refused.status_code, refused.json()["details"]) == (422, {"field": "hide_on", "line": 2})
