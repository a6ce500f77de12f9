"""Timed work about decisions."""

from __future__ import annotations

from alongside.domains.routing import actions
from alongside.platform.jobs import Job, Means


async def sweep(means: Means) -> None:
    """Forget the agents of decisions that are too old to be run again, some thousand at once."""
    while True:
        async with means.database.work() as work:
            if not await actions.forget_agents(work):
                return


JOBS = [Job(name="routing.sweep", run=sweep, cron="19 * * * *")]
