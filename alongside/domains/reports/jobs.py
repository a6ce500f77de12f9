"""Work about reports that is done later or on time."""

from __future__ import annotations

from uuid import UUID

import structlog

from alongside.domains.reports import actions
from alongside.platform.errors import Unavailable
from alongside.platform.jobs import Job, Means, enqueue

log = structlog.get_logger()


async def export(means: Means, export_id: str) -> None:
    """Write a file, or some more of it, and come back for the rest."""
    try:
        more = await actions.continue_export(means, UUID(export_id))
    except Unavailable:
        raise  # the database is away; the queue tries again
    except Exception:
        log.exception("report.failed", export_id=export_id)
        await actions.fail(means, UUID(export_id))
        return
    if more:
        async with means.database.work() as work:
            await enqueue(work, EXPORT, lock=f"export-{export_id}", export_id=export_id)


async def sweep(means: Means) -> None:
    """Delete files that are over, cancelled, or withdrawn because a customer was deleted."""
    await actions.sweep(means.database, means.storage)


async def keep_lately(means: Means) -> None:
    """Keep what the logs of the last day say."""
    await actions.keep_facts(means.database, lately=True)


async def keep_all(means: Means) -> None:
    """Keep what any log says: after a migration or a restore, and where something was written behind an old message."""
    if await actions.keep_facts(means.database, lately=False):
        async with means.database.work() as work:
            await enqueue(work, KEEP_ALL)


async def send_due(means: Means) -> None:
    """Make the reports that are due."""
    await actions.run_due(means.database, means.config.public_url, EXPORT)


EXPORT = Job(name="reports.export", run=export)
KEEP_ALL = Job(name="reports.keep-all", run=keep_all, cron="*/10 * * * *")
JOBS = [
    EXPORT,
    KEEP_ALL,
    Job(name="reports.keep", run=keep_lately, cron="* * * * *"),
    Job(name="reports.send-due", run=send_due, cron="* * * * *"),
    Job(name="reports.sweep", run=sweep, cron="* * * * *"),
]
