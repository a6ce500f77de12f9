"""Timed work about chat links."""

from __future__ import annotations

from alongside.domains.chatlinks import actions
from alongside.platform.jobs import Job, Means


async def sweep(means: Means) -> None:
    """Forget links that are long over."""
    async with means.database.work() as work:
        await actions.sweep(work)


JOBS = [Job(name="chatlinks.sweep", run=sweep, cron="41 * * * *")]
