"""Work that must happen, later or on time: kept in PostgreSQL by procrastinate, done by whichever process is free.

A job is enqueued in the transaction of the fact that caused it, so it exists exactly if the fact does. It may run
more than once (a process may die in the middle): each loads what it needs by id and is idempotent.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
import procrastinate
import structlog
from procrastinate.worker import Worker
from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool

from alongside.platform import limits
from alongside.platform.config import Config
from alongside.platform.db import Database, Work
from alongside.platform.storage import Storage

log = structlog.get_logger()

QUEUE = "default"
# One after the other: with more, procrastinate lets a job that waited for a lock lie until the next poll.
AT_ONCE = 1
POLL_SECONDS = 2.0
RETRIES = 8
FIRST_RETRY_SECONDS = 2
STOP_SECONDS = 5.0
CONNECT_SECONDS = 5
LONGEST_STOP_SECONDS = STOP_SECONDS + 2 * CONNECT_SECONDS
# How long after an outage of the database the worker looks again.
PAUSE_SECONDS = (0.5, 10.0)

ENQUEUE = """
SELECT unnest(procrastinate_defer_jobs_v1(
    ARRAY[ROW($1, $2, 0, $3, NULL, $4::jsonb,
              now() + make_interval(secs => $5::float8))::procrastinate_job_to_defer_v1]))
"""


class Means(msgspec.Struct, frozen=True):
    """What a job works with."""

    database: Database
    storage: Storage
    config: Config


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of work. `run` gets the means and the arguments it was enqueued with.

    With `cron` (five fields, UTC) it runs on time, once over all processes, without arguments.
    """

    name: str
    run: Callable[..., Awaitable[object]]
    cron: str | None = None


async def enqueue(
    work: Work, job: Job | str, *, lock: str | None = None, after_seconds: float | None = None, **arguments: Any
) -> int:
    """Have `job` done once this work is committed. Jobs of one `lock` are done one after the other, in order.

    A name will do where the job itself is put together on a floor above. Arguments are JSON: ids and numbers, never
    what a person wrote. Returns the job's number.
    """
    name = job if isinstance(job, str) else job.name
    number: int = await work.value(ENQUEUE, QUEUE, name, lock, arguments, after_seconds)
    return number


async def work_on(url: str, jobs: Sequence[Job], means: Means) -> None:
    """Do jobs until cancelled; running ones then get five seconds, and are left to another process after that.

    An outage of the database ends nothing: the worker comes back with it.
    """
    halt = asyncio.Event()
    working = asyncio.create_task(_work(url, jobs, means, halt), name="jobs-worker")
    try:
        await asyncio.shield(working)
    finally:
        # Asked to stop rather than cancelled: a cancellation is lost where it meets the pool at the wrong moment.
        halt.set()
        while not working.done():
            await asyncio.wait({working}, timeout=LONGEST_STOP_SECONDS)
            working.cancel()


async def _work(url: str, jobs: Sequence[Job], means: Means, halt: asyncio.Event) -> None:
    pause, longest = PAUSE_SECONDS
    while not halt.is_set():
        try:
            await _work_until_outage(url, jobs, means, halt)
        except Exception as error:  # whatever it was: jobs are not given up while the server lives
            log.warning("jobs.interrupted", kind=type(error).__name__, seconds=pause)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(halt.wait(), pause)
        pause = min(pause * 2, longest)


async def _work_until_outage(url: str, jobs: Sequence[Job], means: Means, halt: asyncio.Event) -> None:
    pool: AsyncConnectionPool[AsyncConnection[DictRow]] = AsyncConnectionPool(
        url,
        min_size=1,
        max_size=3,
        open=False,
        timeout=CONNECT_SECONDS,
        check=AsyncConnectionPool.check_connection,
        kwargs={"connect_timeout": CONNECT_SECONDS, "row_factory": dict_row},
    )
    try:
        await pool.open()
        app = _app(jobs, means)
        async with app.open_async(pool):
            await _retry_stalled(app)
            await _run_worker(app, halt)
    finally:
        await pool.close(STOP_SECONDS)


async def _run_worker(app: procrastinate.App, halt: asyncio.Event) -> None:
    worker = Worker(
        app,
        concurrency=AT_ONCE,
        fetch_job_polling_interval=POLL_SECONDS,
        install_signal_handlers=False,
        shutdown_graceful_timeout=STOP_SECONDS,
        delete_jobs="successful",
    )
    running = asyncio.create_task(worker.run(), name="jobs-run")  # type: ignore[no-untyped-call]
    halted = asyncio.create_task(halt.wait())
    try:
        await asyncio.wait({running, halted}, return_when=asyncio.FIRST_COMPLETED)
        worker.stop()  # type: ignore[no-untyped-call]
        await running
    finally:
        halted.cancel()


def _app(jobs: Sequence[Job], means: Means) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector())
    for job in jobs:
        retry = procrastinate.RetryStrategy(max_attempts=RETRIES, exponential_wait=FIRST_RETRY_SECONDS)
        task = app.task(name=job.name, queue=QUEUE, retry=retry)(_runner(job, means))
        if job.cron:
            app.periodic(cron=job.cron)(task)
    _watch_over_stalled(app)
    return app


def _watch_over_stalled(app: procrastinate.App) -> None:
    @app.periodic(cron="* * * * *")
    @app.task(name="jobs.retry-stalled", queue=QUEUE)
    async def retry_stalled(timestamp: int) -> None:  # noqa: ARG001 - of periodic jobs
        await _retry_stalled(app)


async def _retry_stalled(app: procrastinate.App) -> None:
    """Jobs whose process died in the middle are begun again."""
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.retry_job(job)


def _runner(job: Job, means: Means) -> Callable[..., Awaitable[None]]:
    async def run(timestamp: int | None = None, **arguments: Any) -> None:  # noqa: ARG001 - of periodic jobs
        await job.run(means, **arguments)

    return run


async def _sweep_limits(means: Means) -> None:
    async with means.database.work() as work:
        await limits.sweep(work)


JOBS = [Job(name="limits.sweep", run=_sweep_limits, cron="*/10 * * * *")]
