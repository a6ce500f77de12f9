"""Work that must happen, later or on time: kept in PostgreSQL by procrastinate, done by whichever process is free.

A job is enqueued in the transaction of the fact that caused it, so it exists exactly if the fact does. It may run
more than once (a process may die in the middle): each loads what it needs by id and is idempotent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
import procrastinate
import structlog

from alongside.platform import limits
from alongside.platform.db import Database, Work
from alongside.platform.storage import Storage

log = structlog.get_logger()

QUEUE = "default"
AT_ONCE = 2
RETRIES = 8
FIRST_RETRY_SECONDS = 2
STOP_SECONDS = 5.0
# How long after an outage of the database the worker looks again.
PAUSE_SECONDS = (0.5, 10.0)

ENQUEUE = """
SELECT unnest(procrastinate_defer_jobs_v1(
    ARRAY[ROW($1, $2, 0, $3, NULL, $4::jsonb, NULL)::procrastinate_job_to_defer_v1]))
"""


class Means(msgspec.Struct, frozen=True):
    """What a job works with."""

    database: Database
    storage: Storage


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of work. `run` gets the means and the arguments it was enqueued with.

    With `cron` (five fields, UTC) it runs on time, once over all processes, without arguments.
    """

    name: str
    run: Callable[..., Awaitable[object]]
    cron: str | None = None


async def enqueue(work: Work, job: Job, *, lock: str | None = None, **arguments: Any) -> int:
    """Have `job` done once this work is committed. Jobs of one `lock` are done one after the other, in order.

    Arguments are JSON: ids and numbers, never what a person wrote. Returns the job's number.
    """
    number: int = await work.value(ENQUEUE, QUEUE, job.name, lock, arguments)
    return number


async def work_on(url: str, jobs: Sequence[Job], means: Means) -> None:
    """Do jobs until cancelled; running ones then get five seconds, and are left to another process after that.

    An outage of the database ends nothing: the worker comes back with it.
    """
    pause, longest = PAUSE_SECONDS
    while True:
        app = _app(url, jobs, means)
        try:
            async with app.open_async():
                await app.run_worker_async(
                    concurrency=AT_ONCE,
                    install_signal_handlers=False,
                    shutdown_graceful_timeout=STOP_SECONDS,
                    delete_jobs="successful",
                )
        except Exception as error:  # whatever it was: jobs are not given up while the server lives
            log.warning("jobs.interrupted", error=type(error).__name__, again_in_seconds=pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, longest)


def _app(url: str, jobs: Sequence[Job], means: Means) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url, min_size=1, max_size=3))
    for job in jobs:
        retry = procrastinate.RetryStrategy(max_attempts=RETRIES, exponential_wait=FIRST_RETRY_SECONDS)
        task = app.task(name=job.name, queue=QUEUE, retry=retry)(_runner(job, means))
        if job.cron:
            app.periodic(cron=job.cron)(task)
    return app


def _runner(job: Job, means: Means) -> Callable[..., Awaitable[None]]:
    async def run(timestamp: int | None = None, **arguments: Any) -> None:  # noqa: ARG001 - of periodic jobs
        await job.run(means, **arguments)

    return run


async def _sweep_limits(means: Means) -> None:
    async with means.database.work() as work:
        await limits.sweep(work)


JOBS = [Job(name="limits.sweep", run=_sweep_limits, cron="*/10 * * * *")]
