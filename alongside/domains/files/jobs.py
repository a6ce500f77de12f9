"""Timed work about files."""

from __future__ import annotations

from alongside.domains.files import actions
from alongside.platform.jobs import Job, Means


async def sweep(means: Means) -> None:
    """Delete pictures that nobody shows any more."""
    await actions.sweep_orphans(means.database, means.storage)


JOBS = [Job(name="files.sweep", run=sweep, cron="47 * * * *")]
