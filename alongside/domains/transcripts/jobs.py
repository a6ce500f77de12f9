"""Mailing what visitors wished for, once it is over."""

from __future__ import annotations

from alongside.domains.transcripts import actions
from alongside.platform.jobs import Job, Means


async def fulfil(means: Means) -> None:
    """Put it on its way; where no mail goes out, wishes wait."""
    if means.config.mail_url is not None:
        await actions.fulfil(means.database)


JOBS = [Job(name="transcripts.fulfil", run=fulfil, cron="* * * * *")]
