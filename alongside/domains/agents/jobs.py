"""Timed work about agents."""

from __future__ import annotations

from alongside.domains.agents import actions
from alongside.platform.jobs import Job, Means


async def sweep(means: Means) -> None:
    """Forget what has expired: at once, or a month after its end (sessions, invitations); presence after two years."""
    async with means.database.work() as work:
        await actions.forget_ended(work)
        await actions.forget_expired_halves(work)
        await actions.forget_expired_challenges(work)
        await actions.forget_spans(work)


JOBS = [Job(name="agents.sweep", run=sweep, cron="17 * * * *")]
