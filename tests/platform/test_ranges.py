"""What a `Range` header asks for."""

from __future__ import annotations

import pytest

from alongside.platform.web.ranges import wanted_span


@pytest.mark.parametrize(
    ("header", "span"),
    [
        (None, (0, 100)),
        ("bytes=0-", (0, 100)),
        ("bytes=0-0", (0, 1)),
        ("bytes=10-19", (10, 20)),
        ("bytes=90-500", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-500", (0, 100)),
        ("bytes = 5 - 6", (5, 7)),
        ("bytes=", (0, 100)),
        ("bytes=-", (0, 100)),
        ("bytes=20-10", (0, 100)),
        ("bytes=0-1,5-6", (0, 100)),
        ("items=0-1", (0, 100)),
        ("bytes=" + "9" * 40 + "-", (0, 100)),
        ("bytes=100-", None),
        ("bytes=999999999999-", None),
        ("bytes=-0", None),
    ],
)
def test_spans(header: str | None, span: tuple[int, int] | None) -> None:
    found = wanted_span(header, 100)
    assert (found and (found.start, found.end)) == span


def test_a_partial_answer_says_which_part() -> None:
    span = wanted_span("bytes=10-19", 100)
    assert span
    assert (span.content_range, span.whole) == ("bytes 10-19/100", False)
