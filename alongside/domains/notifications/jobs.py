"""Pushing, gathering mail, looking for who waits, sweeping."""

from __future__ import annotations

from typing import Any

import msgspec

from alongside.domains.notifications import actions
from alongside.domains.sla.actions import TELL
from alongside.platform.egress import Egress
from alongside.platform.jobs import Job, Means


async def push(means: Means) -> None:
    """Push what is due; every minute, for what is to be tried again."""
    egress = Egress(means.config.egress_networks)
    while await actions.deliver_pushes(means.database, means.config, egress) == actions.AT_ONCE:
        pass


async def target(means: Means, **told: Any) -> None:
    """A target's time is nearly up, or is: those whom it concerns are told."""
    await actions.tell_of_target(means.database, msgspec.convert(told, actions.TargetNews))


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
    Job(name=TELL, run=target),
    Job(name="notifications.look", run=look, cron="* * * * *"),
    Job(name="notifications.sweep", run=sweep, cron="47 * * * *"),
]
