"""Timed work about files."""

from __future__ import annotations

from alongside.domains.files import actions
from alongside.platform.jobs import Job, Means


async def sweep(means: Means) -> None:
    """Delete pictures that nobody shows any more."""
    await actions.sweep_orphans(means.database, means.storage)


async def sweep_uploads(means: Means) -> None:
    """Forget uploads that nobody went on with, and delete the bytes that no row names."""
    await actions.sweep_uploads(means.database)
    await actions.delete_doomed(means.database, means.storage)


JOBS = [
    Job(name="files.sweep", run=sweep, cron="47 * * * *"),
    Job(name="files.sweep-uploads", run=sweep_uploads, cron="3-59/5 * * * *"),
]
