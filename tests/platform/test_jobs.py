"""Jobs exist exactly if the fact that caused them does, and are done at least once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from alongside import contents
from alongside.platform.db import Database
from alongside.platform.jobs import Job, Means, enqueue, work_on
from alongside.platform.storage import Storage

PATIENCE = 20


@asynccontextmanager
async def worker(url: str, jobs: Sequence[Job], means: Means) -> AsyncIterator[None]:
    task = asyncio.create_task(work_on(url, jobs, means))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def recording() -> tuple[Job, asyncio.Queue[tuple[object, object]]]:
    """A job that puts what it was given, and how often the means answered, into a queue."""
    done: asyncio.Queue[tuple[object, object]] = asyncio.Queue()

    async def run(means: Means, **arguments: object) -> None:
        async with means.database.reading() as reading:
            done.put_nowait((arguments, await reading.value("SELECT 1")))

    return Job(name="test.record", run=run), done


async def test_a_job_is_done_after_its_fact_is_committed(
    database: Database, storage: Storage, fresh_database_url: str
) -> None:
    job, done = recording()
    async with worker(fresh_database_url, [job], Means(database, storage)):
        async with database.work() as work:
            await enqueue(work, job, lock="one", number=7)
            async with database.reading() as outside:
                assert await outside.value("SELECT count(*) FROM procrastinate_jobs") == 0
            assert done.empty()
        assert await asyncio.wait_for(done.get(), PATIENCE) == ({"number": 7}, 1)


async def test_what_is_rolled_back_is_never_done(database: Database, storage: Storage, fresh_database_url: str) -> None:
    job, done = recording()
    async with worker(fresh_database_url, [job], Means(database, storage)):
        with pytest.raises(RuntimeError):
            async with database.work() as work:
                await enqueue(work, job, number=1)
                raise RuntimeError("changed my mind")
        async with database.work() as work:
            await enqueue(work, job, number=2)
        assert await asyncio.wait_for(done.get(), PATIENCE) == ({"number": 2}, 1)
        assert done.empty()


async def test_jobs_of_one_lock_keep_their_order(database: Database, storage: Storage, fresh_database_url: str) -> None:
    job, done = recording()
    async with database.work() as work:
        for number in range(10):
            await enqueue(work, job, lock="same", number=number)
    async with worker(fresh_database_url, [job], Means(database, storage)):
        got = [await asyncio.wait_for(done.get(), PATIENCE) for _ in range(10)]
    assert [arguments for arguments, _ in got] == [{"number": number} for number in range(10)]


async def test_a_failing_job_is_tried_again(database: Database, storage: Storage, fresh_database_url: str) -> None:
    tries: asyncio.Queue[int] = asyncio.Queue()

    async def fail_once(means: Means) -> None:
        tries.put_nowait(1)
        if tries.qsize() == 1:
            raise RuntimeError("not yet")

    job = Job(name="test.fail", run=fail_once)
    async with database.work() as work:
        await enqueue(work, job)
    async with worker(fresh_database_url, [job], Means(database, storage)):
        async with asyncio.timeout(PATIENCE):
            while tries.qsize() < 2:  # noqa: ASYNC110 - procrastinate tells nobody; the queue is ours
                await asyncio.sleep(0.05)


async def test_every_declared_job_runs(database: Database, storage: Storage) -> None:
    assert {job.name for job in contents.JOBS} == {"limits.sweep", "files.sweep", "agents.sweep"}
    for job in contents.JOBS:
        await job.run(Means(database, storage))


async def test_a_worker_stops_when_told(database: Database, storage: Storage, fresh_database_url: str) -> None:
    job, done = recording()
    async with worker(fresh_database_url, [job], Means(database, storage)):
        async with database.work() as work:
            await enqueue(work, job)
        await asyncio.wait_for(done.get(), PATIENCE)
        started = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - started < 3
