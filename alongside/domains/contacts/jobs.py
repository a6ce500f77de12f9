"""Timed work about contacts."""

from __future__ import annotations

from alongside.domains.contacts import actions
from alongside.platform.jobs import Job, Means


async def sweep(means: Means) -> None:
    """Forget how merges of more than a day ago would be undone."""
    async with means.database.work() as work:
        await actions.forget_merges(work)


JOBS = [Job(name="contacts.sweep", run=sweep, cron="27 * * * *")]
