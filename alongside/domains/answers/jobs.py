"""Looking for visitors who left, and sweeping, on time."""

from __future__ import annotations

from alongside.domains.answers import actions
from alongside.platform.jobs import Job, Means


async def queue(means: Means) -> None:
    """Put letters on their way; without a mail server nobody is promised one."""
    if means.config.mail_url is not None:
        await actions.queue_due(means.database)


async def sweep(means: Means) -> None:
    """Forget old links."""
    async with means.database.work() as work:
        await actions.sweep(work)


JOBS = [Job(name="answers.queue", run=queue, cron="* * * * *"), Job(name="answers.sweep", run=sweep, cron="53 * * * *")]
