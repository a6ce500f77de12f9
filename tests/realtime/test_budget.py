"""One visitor, one budget: more tabs do not buy more messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from tests.harness.stage import Stage, stage


@pytest.fixture
def tight(make_database: Callable[[bool], str], tmp_path: Path) -> Iterator[Stage]:
    """A server whose visitors may send one message a minute, at most five at once: the sixth is far away."""
    with stage(make_database(True), tmp_path, visitor_messages_per_minute="1") as made:
        yield made


async def test_tabs_share_the_visitors_budget(tight: Stage) -> None:
    token = await tight.newcomer()
    async with tight.visitor(token) as first, tight.visitor(token) as second:
        await second.until(lambda: first.settled and second.settled)
        for tab in (first, second):
            for number in range(5):
                await tab.say({"type": "send", "client_id": str(uuid4()), "text": f"number {number}"})
        await second.until(lambda: len(first.of_type("ack")) + len(second.of_type("ack")) == 5)
        await second.until(lambda: len(first.of_type("error")) + len(second.of_type("error")) == 5)
        refusals = [*first.of_type("error"), *second.of_type("error")]
        assert {refusal["code"] for refusal in refusals} == {"too-many-messages"}
        assert all(refusal["retry_after_ms"] > 0 for refusal in refusals)
