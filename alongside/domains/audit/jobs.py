"""Timed work about the audit log."""

from __future__ import annotations

from alongside.domains.audit import actions
from alongside.platform.jobs import Job, Means


async def sweep(means: Means) -> None:
    """Forget entries that are older than they are kept."""
    async with means.database.work() as work:
        await actions.forget_old(work)


JOBS = [Job(name="audit.sweep", run=sweep, cron="43 3 * * *")]
