"""Telling whom a watchdog names of its alarm, and that it is over."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec

from alongside.domains.notifications.events import AlarmTold
from alongside.platform.db import Work

NOTE = """
INSERT INTO notification (agent_id, event, way, about, state, done_at)
SELECT unnest($1::uuid[]), $2, 'page', $3, 'sent', now()
"""


class AlarmNews(msgspec.Struct, frozen=True, kw_only=True):
    """What is told: "watchdog_raised" or "watchdog_cleared", of which watchdog, to whom."""

    event: str
    watchdog_id: UUID
    name: str
    agent_ids: Sequence[UUID]


async def tell_of_alarm(work: Work, news: AlarmNews) -> None:
    """Tell it in the console. Who calls it holds the watchdog, and sees to it that this is done once."""
    await work.run(NOTE, list(news.agent_ids), news.event, str(news.watchdog_id))
    if news.agent_ids:
        over = news.event == "watchdog_cleared"
        work.announce(AlarmTold(name=news.name, over=over, agent_ids=news.agent_ids))
