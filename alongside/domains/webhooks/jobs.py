"""Forgetting what was sent long ago."""

from __future__ import annotations

from alongside.domains.webhooks import actions
from alongside.platform.jobs import Job, Means


async def _sweep(means: Means) -> None:
    async with means.database.work() as work:
        await actions.sweep(work)


JOBS = [Job(name="webhooks.sweep", run=_sweep, cron="40 3 * * *")]
