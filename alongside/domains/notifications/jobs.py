"""Pushing, gathering mail, looking for who waits, sweeping."""

from __future__ import annotations

from alongside.domains.notifications import actions
from alongside.platform.egress import Egress
from alongside.platform.jobs import Job, Means


async def push(means: Means) -> None:
    """Push what is due; every minute, for what is to be tried again."""
    egress = Egress(means.config.egress_networks)
    while await actions.deliver_pushes(means.database, means.config, egress) == actions.AT_ONCE:
        pass


async def look(means: Means) -> None:
    """What was left, who waits too long, whose mail has gathered."""
    await actions.look_again(means.database)
    await actions.queue_digests(means.database)


async def sweep(means: Means) -> None:
    """Forget what is old."""
    async with means.database.work() as work:
        await actions.sweep(work)


JOBS = [
    Job(name=actions.PUSH, run=push, cron="* * * * *"),
    Job(name="notifications.look", run=look, cron="* * * * *"),
    Job(name="notifications.sweep", run=sweep, cron="47 * * * *"),
]
