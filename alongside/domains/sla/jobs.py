"""What a process that died has left: rules that changed, logs that grew, time that is up."""

from __future__ import annotations

from alongside.domains.sla import actions
from alongside.platform.jobs import Job, Means


async def keep_up(means: Means) -> None:
    """A round over everything, and the alarms that no process has looked for meanwhile."""
    await actions.keep_up(means.database)
    await actions.sound_alarms(means.database)


JOBS = [Job(name="sla.keep-up", run=keep_up, cron="* * * * *")]
