"""Sending and sweeping, as jobs."""

from __future__ import annotations

from collections.abc import Sequence

from alongside.domains.mail import actions
from alongside.domains.mail.letters import Kind
from alongside.platform.jobs import Job, Means


def jobs(kinds: Sequence[Kind]) -> list[Job]:
    """The jobs that send letters of these kinds."""
    by_name = {kind.name: kind for kind in kinds}

    async def deliver(means: Means) -> None:
        """Send what is due; every minute, for what waits to be tried again."""
        await actions.deliver(means.database, means.config, by_name)

    async def sweep(means: Means) -> None:
        """Give up and forget what is too old."""
        await actions.sweep(means.database, by_name)

    return [
        Job(name=actions.DELIVER, run=deliver, cron="* * * * *"),
        Job(name="mail.sweep", run=sweep, cron="41 * * * *"),
    ]
