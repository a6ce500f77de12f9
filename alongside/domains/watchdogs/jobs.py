"""Looking, each minute."""

from __future__ import annotations

from alongside.domains.watchdogs import actions
from alongside.kit.time import now
from alongside.platform.jobs import Job, Means


async def check(means: Means) -> None:
    """Raise alarms, and end those whose cause is over."""
    await actions.check(means.database, now())


JOBS = [Job(name="watchdogs.check", run=check, cron="* * * * *")]
